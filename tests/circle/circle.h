#pragma once

#include <string>
#include <vector>

#include "harness/explain/explainer.h"
#include "harness/model/cause.h"

namespace faultrig {

// What one run of a cause's scenario leaves behind.
struct Remains {
  std::string log;  // stderr and stdout, as `2>&1 | tee` would keep them
  std::optional<Evidence> evidence;
  std::string trouble;  // why it could not be run here; empty: it was
};

// Runs the scenario of a cause, with its faults and without its expectations,
// in one of the forms of log_forms(). A plain command has the form `text` only.
Remains run_cause(const Cause& cause, const std::string& form);

// Has it that form: is its scenario one of go test?
bool has_form(const Cause& cause, const std::string& form);

// docs/precision.md below its row of titles.
std::string kept_row(const Cause& cause);

}  // namespace faultrig
