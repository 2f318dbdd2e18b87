#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/report/shutdown_report.h"
#include "harness/report/shutdown_table.h"

namespace faultrig {

namespace {

// A text that Markdown and HTML show as it is, on one line.
std::string plain(std::string_view text) {
  std::string out;
  for (char letter : for_one_line(text)) {
    constexpr std::string_view kMarks = "\\`*_[]|#~$";
    out += letter == '<'                        ? "&lt;"
           : letter == '>'                      ? "&gt;"
           : letter == '&'                      ? "&amp;"
           : kMarks.find(letter) != kMarks.npos ? std::string{'\\', letter}
                                                : std::string(1, letter);
  }
  return out;
}

std::string row(const std::vector<std::string>& cells) {
  return "| " + join(cells, " | ") + " |\n";
}

std::string rule(std::size_t columns) {
  std::string out = "|";
  for (std::size_t i = 0; i < columns; ++i) {
    out += "---|";
  }
  return out + "\n";
}

std::string table_page(const ShutdownTable& table) {
  std::vector<std::string> heads{"phase"};
  heads.insert(heads.end(), table.heads.begin(), table.heads.end());
  std::string out = row(heads) + rule(heads.size());
  for (const ShutdownTable::Row& one : table.rows) {
    std::vector<std::string> cells{std::string(phase_name(one.phase))};
    cells.insert(cells.end(), one.cells.begin(), one.cells.end());
    out += row(cells);
  }
  return out;
}

std::string windows_page(const ShutdownMap& map) {
  std::vector<std::string> heads{"phase", "from", "to", "outcome",
                                 "k of n (95 %)"};
  std::string out = row(heads) + rule(heads.size());
  for (const MapWindow& window : map.windows) {
    out += row({std::string(phase_name(window.phase)),
                plain(window.from.text()), plain(window.to.text()),
                plain(window.outcome), share_text(window.share)});
  }
  return out;
}

std::string findings_page(const ShutdownMap& map) {
  std::string out;
  for (const MapFinding& finding : map.findings) {
    const Instant& instant = map.points[finding.point].instant;
    out += fmt::format("- **{}**: {}, told {}, {}", phase_name(instant.phase),
                       plain(finding_text(finding, map)),
                       plain(instant.moment()), share_text(finding.share));
    out += finding.scenario.empty()
               ? "\n"
               : ", repeated by " + plain(finding.scenario) + "\n";
  }
  return out.empty() ? "None.\n" : out;
}

std::string list_page(const std::string& title,
                      const std::vector<std::string>& lines) {
  std::string out = lines.empty() ? "" : "\n## " + title + "\n\n";
  for (const std::string& line : lines) {
    out += "- " + plain(line) + "\n";
  }
  return out;
}

}  // namespace

std::string shutdown_markdown(const ShutdownMap& map) {
  std::string out =
      fmt::format("# Shutdown map\n\n{}: {}.\n\n**{}**: {}\n",
                  plain(asked_text(map.asked)), plain(golden_text(map.golden)),
                  map_verdict_name(map.verdict), plain(map.because));
  if (!map.interrupted.empty()) {
    out += "\n" + plain(map.interrupted) + "\n";
  }
  out += list_page("What it does not cover", map.remarks);
  if (map.points.empty()) {
    return out;
  }
  out += "\n" + table_page(shutdown_table(map)) + "\n## Findings\n\n" +
         findings_page(map) + "\n## Windows\n\nAt a call the signal comes " +
         "before the call runs.\n\n" + windows_page(map);
  out += list_page("Requests", request_lines(map));
  std::vector<std::string> untold;
  for (const UntoldReason& reason : untold_reasons(map)) {
    untold.push_back(reason.where + ": " + reason.outcome + ": " + reason.why);
  }
  return out + list_page("What says nothing", untold);
}

}  // namespace faultrig
