#include "harness/report/text.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "harness/base/columns.h"
#include "harness/base/text.h"
#include "harness/base/typed_word.h"
#include "harness/base/units.h"
#include "harness/report/report.h"
#include "harness/report/tally.h"

namespace faultrig {

namespace {

constexpr std::size_t kLabelColumn = 6;
constexpr std::size_t kTextColumn = 16;
constexpr std::size_t kMostRows = 8;
constexpr std::size_t kMostPrinted = 5;  // lines of a stream
constexpr std::size_t kLongestRow = 1200;
constexpr std::size_t kOnOneScreen = 10;  // results: their words are in sight
constexpr std::size_t kMostRecalled = 40;
constexpr std::size_t kLongestReason = 240;

struct Look {
  std::string_view word;
  std::string_view color;   // SGR parameters, console_codes(4)
  std::string_view counts;  // in the summary
};

constexpr std::array<Look, 5> kLooks{{{"ok", "32", "passed"},
                                      {"skip", "36", "skipped"},
                                      {"VOID", "33", "inconclusive"},
                                      {"FAIL", "31", "failed"},
                                      {"ERROR", "35", "errors"}}};

// In the order of the summary.
constexpr std::array<Verdict, 5> kSummary{Verdict::pass, Verdict::fail,
                                          Verdict::error, Verdict::skipped,
                                          Verdict::inconclusive};

const Look& look_of(Verdict verdict) {
  return kLooks.at(static_cast<std::size_t>(verdict));
}

std::string colored(std::string_view text, std::string_view color,
                    const TextStyle& style) {
  return style.color ? fmt::format("\x1b[{}m{}\x1b[0m", color, text)
                     : std::string(text);
}

std::string cut(std::string text) {
  if (text.size() > kLongestRow) {
    text = for_one_line(std::string_view(text).substr(0, kLongestRow)) + "...";
  }
  return text;
}

// A label and its rows; nothing for none.
void add_rows(std::string& out, std::string_view label,
              const std::vector<std::string>& rows) {
  std::size_t shown = 0;
  for (const std::string& row : rows) {
    std::string_view start = shown == 0 ? label : "";
    std::string head = std::string(kLabelColumn, ' ') + std::string(start);
    if (shown == kMostRows) {
      out += padded(head, kTextColumn) +
             fmt::format("... and {} more\n", rows.size() - shown);
      return;
    }
    out += wrapped(head, cut(for_one_line(row)), kTextColumn);
    ++shown;
  }
}

std::vector<std::string> because(const Judgement& judgement) {
  std::vector<std::string> rows;
  for (const Finding& finding : judgement.findings) {
    if (!finding.because.empty()) {
      rows.push_back(finding.because);
    }
  }
  return rows;
}

// What a pass does not cover: what no clause of the scenario asked for.
std::vector<std::string> notes(const Judgement& judgement) {
  std::vector<std::string> rows;
  for (const Finding& finding : judgement.findings) {
    if (judgement.verdict == Verdict::pass && finding.expected.empty() &&
        !finding.because.empty()) {
      rows.push_back(finding.because);
    }
  }
  return rows;
}

std::string expected(const Judgement& judgement) {
  std::vector<std::string> clauses;
  for (const Finding& finding : judgement.findings) {
    bool again = std::find(clauses.begin(), clauses.end(), finding.expected) !=
                 clauses.end();
    if (!finding.expected.empty() && !again) {
      clauses.push_back(finding.expected);
    }
  }
  if (clauses.size() > kMostRows) {
    std::string rest =
        fmt::format("... and {} more", clauses.size() - kMostRows);
    clauses.resize(kMostRows);
    clauses.push_back(std::move(rest));
  }
  return join(clauses, ", ");
}

void add_row(std::string& out, std::string_view label,
             const std::string& text) {
  if (!text.empty()) {
    add_rows(out, label, {text});
  }
}

// `memory took effect once`; of a run that proves nothing, only what did: the
// rest is why.
std::vector<std::string> effects(const Judgement& judgement) {
  std::vector<std::string> rows;
  for (const JudgedFault& fault : judgement.faults) {
    std::string times = fault.times == 0 ? "never took effect"
                        : fault.times == 1
                            ? "took effect once"
                            : fmt::format("took effect {} times", fault.times);
    if (fault.times > 0 || judgement.verdict != Verdict::inconclusive) {
      rows.push_back(fault.name + " " + times);
    }
  }
  return rows;
}

std::vector<std::string> hanging(const Judgement& judgement) {
  std::vector<std::string> rows;
  rows.reserve(judgement.printed.hanging.size());
  for (const JudgedHang& hang : judgement.printed.hanging) {
    rows.push_back(hang.text());
  }
  return rows;
}

// The bar keeps what a workload printed apart from what we say.
void add_printed(std::string& out, std::string_view stream,
                 const std::string& text) {
  std::vector<std::string> rows;
  std::vector<std::string_view> lines = lines_of(text);
  std::size_t skip =
      lines.size() > kMostPrinted ? lines.size() - kMostPrinted : 0;
  for (std::size_t i = skip; i < lines.size(); ++i) {
    std::string line(lines[i]);
    std::replace(line.begin(), line.end(), '\t', ' ');
    rows.push_back("| " + line);
  }
  add_rows(out, stream, rows);
}

std::string block(const Judgement& judgement) {
  std::string out;
  if (judgement.verdict == Verdict::inconclusive) {
    add_row(out, "verdict", "inconclusive: this run proves nothing");
  }
  if (judgement.verdict != Verdict::skipped) {
    add_row(out, "expected", expected(judgement));
    add_row(out, "observed", judgement.observed);
  }
  add_rows(out, "because", because(judgement));
  if (judgement.verdict != Verdict::skipped) {
    add_rows(out, "faults", effects(judgement));
    add_rows(out, "hung in", hanging(judgement));
    add_printed(out, "stdout", judgement.printed.out);
    add_printed(out, "stderr", judgement.printed.err);
  }
  add_row(out, "excused", judgement.apart.excused);
  add_row(out, "evidence", judgement.evidence);
  if (!judgement.file.empty()) {
    // One line however long: it is there to be copied.
    out += fmt::format("{}{}faultrig run {}\n", std::string(kLabelColumn, ' '),
                       padded("rerun", kTextColumn - kLabelColumn),
                       typed_word(judgement.file));
  }
  return out;
}

// Which were not run, by why.
std::string not_run_text(std::span<const Judgement> all) {
  std::map<std::string, std::vector<std::string>> names;
  for (const Judgement& judgement : all) {
    if (!judgement.apart.not_run.empty()) {
      names[judgement.apart.not_run].push_back(shown_name(judgement));
    }
  }
  std::string out;
  for (auto& [why, which] : names) {
    std::size_t count = which.size();
    which.resize(std::min(count, kMostRows));
    if (count > kMostRows) {
      which.push_back(fmt::format("... and {} more", count - kMostRows));
    }
    out += fmt::format("not run: {}\n", for_one_line(why));
    add_rows(out, "", {join(which, ", ")});
  }
  return out;
}

std::string recalled(const Judgement& judgement, const TextStyle& style) {
  const Look& look = look_of(judgement.verdict);
  std::string why = for_one_line(headline(judgement));
  if (why.size() > kLongestReason) {
    why = for_one_line(std::string_view(why).substr(0, kLongestReason)) + "...";
  }
  return colored(look.word, look.color, style) +
         std::string(kLabelColumn - look.word.size(), ' ') +
         fmt::format("{}  {}\n",
                     padded(shown_name(judgement), style.name_width), why);
}

// What is red, again: of hundreds of results the end is what is read, and often
// all that a CI system keeps. What is known would hide what is new.
std::string recalled_text(std::span<const Judgement> all,
                          const TextStyle& style) {
  auto count =
      static_cast<std::size_t>(std::count_if(all.begin(), all.end(), is_red));
  if (count == 0 || all.size() <= kOnOneScreen) {
    return "";
  }
  std::string out = "did not pass:\n";
  std::size_t shown = 0;
  for (const Judgement& judgement : all) {
    if (is_red(judgement) && shown < kMostRecalled) {
      out += recalled(judgement, style);
      ++shown;
    }
  }
  if (count > shown) {
    out += fmt::format("      ... and {} more\n", count - shown);
  }
  return out;
}

class TextReport : public Report {
 public:
  explicit TextReport(const ReportStyle& style) : style_(style.text) {}
  std::string result(const Judgement& judgement) override {
    return result_text(judgement, style_);
  }
  std::string end(const RunEnd& end) override {
    return tally_text(tallies_of(end.all)) + not_run_text(end.all) +
           recalled_text(end.all, style_) +
           summary_text(totals_of(end.all), end.took, style_);
  }

 private:
  TextStyle style_;
};

}  // namespace

std::string result_text(const Judgement& judgement, const TextStyle& style) {
  const Look& look = look_of(judgement.verdict);
  std::string name = shown_name(judgement);
  std::string took = judgement.verdict == Verdict::skipped
                         ? ""
                         : format_elapsed(judgement.took);
  std::string line = colored(look.word, look.color, style) +
                     std::string(kLabelColumn - look.word.size(), ' ');
  line += took.empty()
              ? name
              : fmt::format("{} {:>6}", padded(name, style.name_width), took);
  if (judgement.verdict == Verdict::pass && !judgement.asked) {
    line += "  nothing was asked: " + for_one_line(judgement.observed);
  }
  line += '\n';
  add_rows(line, "note", notes(judgement));
  if (judgement.verdict != Verdict::pass) {
    line += block(judgement);
  }
  return line;
}

std::string summary_text(const Totals& totals, std::chrono::nanoseconds took,
                         const TextStyle& style) {
  std::vector<std::string> parts;
  for (Verdict verdict : kSummary) {
    std::size_t count = totals.of(verdict);
    if (count == 0 && verdict != Verdict::pass) {
      continue;
    }
    const Look& look = look_of(verdict);
    bool one_error = verdict == Verdict::error && count == 1;
    std::string part =
        fmt::format("{} {}", count, one_error ? "error" : look.counts);
    parts.push_back(count == 0 ? part : colored(part, look.color, style));
  }
  if (totals.excused > 0) {
    parts.push_back(fmt::format("{} excused", totals.excused));
  }
  if (totals.not_run > 0) {
    parts.push_back(fmt::format("{} not run", totals.not_run));
  }
  double seconds = static_cast<double>(took.count()) / 1e9;
  return fmt::format("{} in {:.1f} s\n", join(parts, ", "), seconds);
}

ReportType text_report() {
  return report_type<TextReport>("text", ReportType::Place::terminal);
}

}  // namespace faultrig
