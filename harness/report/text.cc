#include "harness/report/text.h"

#include <array>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "harness/base/columns.h"
#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/report/report.h"
#include "harness/report/tally.h"

namespace faultrig {

namespace {

constexpr std::size_t kLabelColumn = 6;
constexpr std::size_t kTextColumn = 16;
constexpr std::size_t kMostRows = 8;
constexpr std::size_t kLongestRow = 1200;

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

std::string expected(const Judgement& judgement) {
  std::vector<std::string> clauses;
  for (const Finding& finding : judgement.findings) {
    if (!finding.expected.empty()) {
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
  add_row(out, "evidence", judgement.evidence);
  if (!judgement.file.empty()) {
    // One line however long: it is there to be copied.
    out += fmt::format("{}{}faultrig run {}\n", std::string(kLabelColumn, ' '),
                       padded("rerun", kTextColumn - kLabelColumn),
                       for_one_line(shell_quote(judgement.file)));
  }
  return out;
}

class TextReport : public Report {
 public:
  explicit TextReport(const TextStyle& style) : style_(style) {}
  std::string result(const Judgement& judgement) override {
    return result_text(judgement, style_);
  }
  std::string end(std::span<const Judgement> all,
                  std::chrono::nanoseconds took) override {
    return tally_text(tallies_of(all)) +
           summary_text(totals_of(all), took, style_);
  }

 private:
  TextStyle style_;
};

}  // namespace

std::string result_text(const Judgement& judgement, const TextStyle& style) {
  const Look& look = look_of(judgement.verdict);
  std::string name = for_one_line(judgement.scenario);
  if (judgement.repeat > 0) {
    name += fmt::format(" #{}", judgement.repeat);
  }
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
  double seconds = static_cast<double>(took.count()) / 1e9;
  return fmt::format("{} in {:.1f} s\n", join(parts, ", "), seconds);
}

ReportType text_report() {
  return {"text", [](const ReportStyle& style) -> std::unique_ptr<Report> {
            return std::make_unique<TextReport>(style.text);
          }};
}

}  // namespace faultrig
