#include "harness/cli/map_output.h"

#include <algorithm>
#include <cerrno>

#include "harness/base/text.h"
#include "harness/cli/printing.h"
#include "harness/cli/written_scenario.h"

namespace faultrig {

namespace {

// `text, json or markdown`.
std::string either(const std::vector<std::string>& words) {
  std::vector<std::string> first(words.begin(), words.end() - 1);
  return join(first, ", ") + " or " + words.back();
}

}  // namespace

std::string MapOutput::wrong_with(const std::string& name) const {
  bool known = std::find(forms_.begin(), forms_.end(), name) != forms_.end();
  return known ? "" : "expected " + either(forms_) + ", or json:FILE";
}

void MapOutput::declare(Arguments& arguments) {
  std::vector<std::string> shown = forms_;
  shown.front() += " (default)";
  arguments.read_each(
      "--report",
      [this](const std::string& text) -> std::string {
        std::size_t colon = text.find(':');
        bool file = colon != std::string::npos;
        std::string name = text.substr(0, colon);
        if (file && colon + 1 == text.size()) {
          return wrong_with("");
        }
        reports_.push_back({name, file ? text.substr(colon + 1) : ""});
        return wrong_with(name);
      },
      "FORMAT[:FILE], " + either(shown) + "; may repeat");
  arguments.offer("--report", forms_);
  arguments.word("--write", folder_,
                 "write a scenario into DIR for each finding, which repeats "
                 "it with faultrig run");
}

bool MapOutput::has(const std::string& form) const {
  return std::any_of(
      reports_.begin(), reports_.end(),
      [&](const ReportTarget& target) { return target.format == form; });
}

Result<> MapOutput::tell(
    const std::function<std::string(const std::string&)>& text) const {
  for (const ReportTarget& target : with_text(reports_)) {
    std::string told = text(target.format);
    if (!target.file.empty()) {
      TRY(write_text(target.file, told));
    } else if (!(target.format == "text" ? print_text(told) : print(told))) {
      return system_error("write to stdout", EIO);
    }
  }
  return Ok{};
}

Result<std::string> MapOutput::write(const std::string& name,
                                     const std::string& yaml,
                                     std::string_view tags) const {
  TRY(make_scenario_folder(folder_));
  std::string file = scenario_file(folder_, name);
  TRY(write_scenario(file, yaml, tags));
  return file;
}

Result<> write_site_findings(const MapOutput& output, const SweepTarget& target,
                             std::chrono::nanoseconds deadline,
                             SiteSweep& sweep, std::size_t& written) {
  for (std::size_t i = 0; i < sweep.points.size(); ++i) {
    SitePoint& point = sweep.points[i];
    if (!is_repeatable(point.outcome) || !point.allowed.empty()) {
      continue;
    }
    TRY_ASSIGN(std::string yaml, site_finding_yaml(target, sweep, i, deadline));
    TRY_ASSIGN(
        point.scenario,
        output.write(site_finding_name(sweep, i, ++written), yaml, kSweepTags));
  }
  return Ok{};
}

Result<> write_stop_findings(const MapOutput& output, const ShutdownAsk& ask,
                             ShutdownMap& map) {
  for (std::size_t i = 0; i < map.findings.size(); ++i) {
    TRY_ASSIGN(std::string yaml, finding_yaml(ask, map, map.findings[i]));
    TRY_ASSIGN(map.findings[i].scenario,
               output.write(finding_name(map, i), yaml, kMapTags));
  }
  return Ok{};
}

}  // namespace faultrig
