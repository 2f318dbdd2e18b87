#include "harness/cli/shared_options.h"

#include <optional>
#include <utility>

#include "harness/base/text.h"
#include "harness/cli/printing.h"

namespace faultrig {

namespace {

std::optional<ReportTarget> report_target(const std::string& text) {
  std::size_t colon = text.find(':');
  ReportTarget target{text.substr(0, colon),
                      colon == std::string::npos ? "" : text.substr(colon + 1)};
  bool known = find_report(target.format) != nullptr;
  bool file_ok = colon == std::string::npos || !target.file.empty();
  return known && file_ok ? std::optional(target) : std::nullopt;
}

}  // namespace

void declare_selection(Arguments& arguments, Selection& selection) {
  arguments.rest("PATH", selection.paths, Arguments::Count::any,
                 "scenario files or folders (default: ./scenarios)");
  arguments.words("--only", selection.only,
                  "only scenarios whose name matches GLOB; may repeat");
  arguments.words("--tag", selection.tags,
                  "only scenarios with this tag; may repeat");
}

void declare_strict(Arguments& arguments, Selection& selection) {
  arguments.flag("--strict", selection.strict,
                 "a scenario without `expect` is an error");
}

void declare_jobs(Arguments& arguments, int& jobs) {
  arguments.number("-j,--jobs", jobs, {1, 256}, "run N at a time (default: 1)");
}

void declare_reports(Arguments& arguments, std::vector<ReportTarget>& reports,
                     const std::string& note) {
  arguments.read_each(
      "--report",
      [&reports](const std::string& text) -> std::string {
        auto target = report_target(text);
        if (!target) {
          return "expected " + report_names() + ", or json:FILE";
        }
        reports.push_back(*target);
        return "";
      },
      "FORMAT[:FILE], " + report_names(" (default)") + note);
  std::vector<std::string> names;
  for (const ReportType& type : report_types()) {
    names.emplace_back(type.name);
  }
  arguments.offer("--report", std::move(names));
}

std::string nothing_matches(const Selection& selection) {
  std::vector<std::string> asked;
  for (const std::string& glob : selection.only) {
    asked.push_back("--only " + shell_quote(glob));
  }
  for (const std::string& tag : selection.tags) {
    asked.push_back("--tag " + shell_quote(tag));
  }
  return "no scenario matches" + std::string(asked.empty() ? "" : " ") +
         for_one_line(join(asked, " "));
}

Chosen choose(const Selection& selection) {
  auto catalogue = read_catalogue(selection);
  if (!catalogue) {
    return {{}, tell(catalogue.error())};
  }
  if (catalogue->wrong > 0) {
    complain(catalogue->complaints);
    return {std::move(catalogue->entries), kUsage};
  }
  return {std::move(catalogue->entries), 0};
}

}  // namespace faultrig
