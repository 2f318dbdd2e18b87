#include <fcntl.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>
#include <utility>

#include "harness/base/fd.h"
#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/model/snapshot.h"
#include "harness/parse/scenario_parts.h"
#include "harness/parse/section_reader.h"
#include "harness/parse/yaml_source.h"

namespace faultrig {

namespace {

// Expectations that cite a fault, and the field that does.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4>
    kCitations{{{"took_effect", "fault"},
                {"ended", "after"},
                {"recovered", "after"},
                {"spans", "during"}}};

void check_citation(const Expectation& expectation,
                    const std::vector<std::string>& citable,
                    Complaints& complaints) {
  for (const auto& [type, field] : kCitations) {
    std::string key(field);
    const auto* name = expectation.params.find<std::string>(key);
    if (expectation.type != type || name == nullptr ||
        !expectation.params.written(key)) {
      continue;
    }
    if (std::find(citable.begin(), citable.end(), *name) == citable.end()) {
      Spot spot{expectation.params.place(key),
                static_cast<int>(character_count(*name))};
      std::string near = suggestion(*name, citable);
      complaints.add(spot, "no fault has the name " + quote_of(*name) + near);
    }
  }
}

// `test` and `go` are links of go test, `command` of a command.
void check_link(const YamlNode& node, const ReaderContext& here) {
  auto link = link_named(node.key);
  bool of_workload = link && *link != Link::recover;
  std::string why = of_workload ? why_no_link(here.form, *link) : "";
  if (!why.empty()) {
    here.complaints.add(node.key_spot, std::move(why));
  }
}

// A snapshot is a part of what the scenario expects, in a file of its own.
void read_snapshot(Expectation& expectation, const ReaderContext& here) {
  const auto* like = expectation.params.find<std::string>("like");
  if (expectation.type != "snapshot" || like == nullptr ||
      (here.folder.empty() && !like->starts_with('/'))) {
    return;
  }
  Spot spot{expectation.params.place("like"),
            static_cast<int>(character_count(*like))};
  std::filesystem::path file = here.folder / *like;
  std::error_code failed;
  if (!std::filesystem::is_regular_file(file, failed)) {
    here.complaints.add(spot, "no such file: " + quote_of(file.string()) +
                                  "; faultrig record makes one");
    return;
  }
  auto text = read_file(AT_FDCWD, file.string(), kMostSnapshot + 1);
  auto read = text ? parse_snapshot(*text) : text.error();
  if (!read) {
    std::string place = text ? for_one_line(*like) + ":" : "";
    here.complaints.add(spot, place + read.error().what);
    return;
  }
  expectation.params.set(std::string(kSnapshotText), *std::move(text));
}

std::string clause_text(const YamlNode& node) {
  std::string value = flow_text(node);
  return value.empty() ? node.key : node.key + ": " + value;
}

}  // namespace

std::vector<Expectation> read_expectations(
    const YamlNode& node, const std::vector<std::string>& citable,
    const ReaderContext& here) {
  std::vector<Expectation> expectations;
  for (const YamlNode* element : one_key_elements(
           node, "- test: {killed_by: SIGKILL}", here.complaints)) {
    const Section* section = known_section(
        here.language.expectations, "expectation", *element, here.complaints);
    if (section == nullptr) {
      continue;
    }
    Expectation expectation;
    expectation.type = element->key;
    expectation.params = read_section(*section, *element, here.complaints);
    expectation.place = element->key_spot.place;
    expectation.text = clause_text(*element);
    check_link(*element, here);
    check_citation(expectation, citable, here.complaints);
    read_snapshot(expectation, here);
    expectations.push_back(std::move(expectation));
  }
  return expectations;
}

}  // namespace faultrig
