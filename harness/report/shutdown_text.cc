#include <fmt/format.h>

#include "harness/base/columns.h"
#include "harness/base/text.h"
#include "harness/base/typed_word.h"
#include "harness/base/units.h"
#include "harness/report/shutdown_report.h"
#include "harness/report/shutdown_table.h"

namespace faultrig {

namespace {

constexpr std::size_t kPhaseColumn = 15;
constexpr std::size_t kListIndent = 4;
constexpr std::size_t kMostUntold = 8;

std::size_t width_of(const ShutdownTable& table, std::size_t column) {
  std::size_t widest = width(table.heads[column]);
  for (const ShutdownTable::Row& row : table.rows) {
    widest = std::max(widest, width(row.cells[column]));
  }
  return widest + 2;
}

std::string without_end_blanks(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

// Columns from `first` to before `behind`.
std::string part_of(const ShutdownTable& table, std::size_t first,
                    std::size_t behind) {
  std::string head = padded("phase", kPhaseColumn);
  for (std::size_t i = first; i < behind; ++i) {
    head += padded(table.heads[i], width_of(table, i));
  }
  std::string out = without_end_blanks(head);
  for (const ShutdownTable::Row& row : table.rows) {
    std::string line = padded(phase_name(row.phase), kPhaseColumn);
    for (std::size_t i = first; i < behind; ++i) {
      line +=
          padded(row.cells[i].empty() ? "." : row.cells[i], width_of(table, i));
    }
    out += without_end_blanks(line);
  }
  return out;
}

// As many columns beside each other as fit.
std::string table_text(const ShutdownTable& table) {
  std::string out;
  std::size_t first = 0;
  while (first < table.heads.size()) {
    std::size_t behind = first;
    std::size_t used = kPhaseColumn;
    while (behind < table.heads.size() &&
           (behind == first || used + width_of(table, behind) <= kColumns)) {
      used += width_of(table, behind++);
    }
    out += (first == 0 ? "" : "\n") + part_of(table, first, behind);
    first = behind;
  }
  return out;
}

std::string listed(const std::string& text) {
  return wrapped("  -", for_one_line(text), kListIndent);
}

std::string window_text(const MapWindow& window) {
  std::string from = window.from.text();
  std::string to = window.to.text();
  std::string head = "  " + padded(phase_name(window.phase), kPhaseColumn);
  return wrapped(head,
                 for_one_line(window.outcome + " " + share_text(window.share) +
                              ": " + (from == to ? from : from + " to " + to)),
                 kPhaseColumn + 2);
}

std::string finding_lines(const ShutdownMap& map, const MapFinding& finding) {
  const Instant& instant = map.points[finding.point].instant;
  bool of_all = finding.what == MapFinding::What::left_file;
  std::string more = finding.points > 1
                         ? fmt::format("; so at {} instants{}", finding.points,
                                       of_all ? "" : " of this phase")
                         : "";
  std::string out =
      listed(fmt::format("{}: {}, told {}, {}{}", phase_name(instant.phase),
                         finding_text(finding, map), instant.moment(),
                         share_text(finding.share), more));
  // One line however long: it is there to be copied.
  return finding.scenario.empty()
             ? out
             : out + "    faultrig run " + typed_word(finding.scenario) + "\n";
}

std::string untold_text(const ShutdownMap& map) {
  std::vector<UntoldReason> reasons = untold_reasons(map);
  std::string out = reasons.empty() ? "" : "\nsays nothing\n";
  for (std::size_t i = 0; i < reasons.size() && i < kMostUntold; ++i) {
    const UntoldReason& reason = reasons[i];
    std::string more =
        reason.points > 1 ? fmt::format(" and {} more", reason.points - 1) : "";
    out += listed(fmt::format("{}{}: {}: {}", reason.where, more,
                              reason.outcome, reason.why));
  }
  return out;
}

std::string lists(const ShutdownMap& map) {
  std::string out = "\nwindows\n";
  for (const MapWindow& window : map.windows) {
    out += window_text(window);
  }
  std::vector<std::string> requests = request_lines(map);
  out += requests.empty() ? "" : "\nrequests\n";
  for (const std::string& line : requests) {
    out += listed(line);
  }
  out += untold_text(map);
  out += map.findings.empty() ? "" : "\nfindings\n";
  for (const MapFinding& finding : map.findings) {
    out += finding_lines(map, finding);
  }
  return out;
}

std::string remarks_text(const ShutdownMap& map) {
  if (map.remarks.empty()) {
    return "";
  }
  std::string out = "does not cover\n";
  for (const std::string& remark : map.remarks) {
    out += listed(remark);
  }
  return out + "\n";
}

// The last line, which may be all that is read: that there is more is said.
std::string because_text(const ShutdownMap& map) {
  std::size_t more = map.remarks.size();
  return for_one_line(map.because) +
         (more == 0 ? ""
                    : fmt::format("; what it does not cover: {} above",
                                  more == 1 ? "one point"
                                            : fmt::format("{} points", more)));
}

std::string verdict_text(const ShutdownMap& map) {
  std::size_t found = map.findings.size();
  return found == 0 ? std::string(map_verdict_name(map.verdict))
                    : fmt::format("{} finding{}", found, found == 1 ? "" : "s");
}

}  // namespace

std::string shutdown_text(const ShutdownMap& map) {
  std::string title = "shutdown map of " + asked_text(map.asked);
  std::string out = wrapped("", for_one_line(title), 0);
  out += wrapped("", for_one_line(golden_text(map.golden)), 0) + "\n";
  if (!map.points.empty()) {
    out += table_text(shutdown_table(map)) + lists(map) + "\n";
  }
  out += remarks_text(map);
  out += map.interrupted.empty()
             ? ""
             : wrapped("", for_one_line(map.interrupted), 0);
  return out + fmt::format("{} in {:.1f} s: {}\n", verdict_text(map),
                           static_cast<double>(map.took.count()) / 1e9,
                           because_text(map));
}

}  // namespace faultrig
