#pragma once

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "harness/parse/scenario_reader.h"
#include "tests/unit/sample_language.h"

namespace faultrig {

// A file that need not exist, in a folder that does.
inline std::filesystem::path here() {
  return std::filesystem::temp_directory_path() / "scenario.yaml";
}

inline ReadScenario read(std::string_view text) {
  return read_scenario(text, {"memory/oom", here()}, sample_language());
}

// The complaints as `line:column what`, one a line.
inline std::string complaints_of(std::string_view text) {
  std::string out;
  ReadScenario result = read(text);
  EXPECT_EQ(result.scenario.has_value(), result.complaints.empty());
  for (const Complaint& complaint : result.complaints) {
    out += std::to_string(complaint.place.line) + ":" +
           std::to_string(complaint.place.column) + " " + complaint.what + "\n";
  }
  return out;
}

inline const std::string kGo = "workload: {go_test: {packages: ./hoard}}\n";
inline const std::string kCommand = "workload: {command: [serve]}\n";

// Complaints about one fault, on line 3.
inline std::string about_fault(const std::string& fault) {
  return complaints_of(kGo + "faults:\n- " + fault + "\n");
}

// Complaints about one expectation, on line 5; there is a fault `memory`.
inline std::string about_expectation(const std::string& expectation) {
  return complaints_of(kGo + "faults:\n- memory: {max: 64MiB}\nexpect:\n- " +
                       expectation + "\n");
}

inline Scenario good(const std::string& text) {
  ReadScenario result = read(text);
  for (const Complaint& complaint : result.complaints) {
    ADD_FAILURE() << format_complaint("x", text, complaint);
  }
  return result.scenario.value_or(Scenario{});
}

}  // namespace faultrig
