#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"
#include "harness/campaign/shutdown_scenario.h"
#include "harness/campaign/site_scenario.h"
#include "harness/cli/arguments.h"
#include "harness/cli/report_target.h"

namespace faultrig {

// What a command does with a map that it has made, of stops or of call sites:
// --report says how it is told, --write where a scenario of each finding goes.
class MapOutput {
 public:
  // The names of the forms that there are, the usual one first.
  explicit MapOutput(std::vector<std::string> forms)
      : forms_(std::move(forms)) {}

  void declare(Arguments& arguments);
  // What is wrong with what was asked for together; empty: nothing.
  std::string clash() const { return clash_of(reports_); }
  // As spare() of report_target.h.
  Result<> spare(const std::string& what, const std::string& file) const {
    return faultrig::spare(what, {file}, reports_);
  }
  // Is it to be told in this form?
  bool has(const std::string& form) const;
  // Could all reports be written?
  Result<> ready() const { return can_write(reports_); }
  // Tells it in each form that was asked for, or in the usual one. `text` gives
  // it in the form of that name.
  Result<> tell(
      const std::function<std::string(const std::string&)>& text) const;

  // Where scenarios are wanted; empty: nowhere.
  const std::string& folder() const { return folder_; }
  // Writes one into the folder, which is made with the first; gives its path.
  // Replaces one of an earlier map,
  // whose second line is `tags`, and nothing else (refuse_other).
  Result<std::string> write(const std::string& name, const std::string& yaml,
                            std::string_view tags) const;

 private:
  std::string wrong_with(const std::string& name) const;

  std::vector<std::string> forms_;
  std::vector<ReportTarget> reports_;
  std::string folder_;
};

// Write a scenario of each finding of a map, where there is one, and note its
// path beside the finding. An error is that of the first that could not be made
// or written.

// Of those that a scenario can repeat and nobody allowed. `written` of other
// maps are there already; it is counted on.
Result<> write_site_findings(const MapOutput& output, const SweepTarget& target,
                             std::chrono::nanoseconds deadline,
                             SiteSweep& sweep, std::size_t& written);
Result<> write_stop_findings(const MapOutput& output, const ShutdownAsk& ask,
                             ShutdownMap& map);

}  // namespace faultrig
