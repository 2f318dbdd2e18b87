// What a workload said is shown in entities: every character that means
// something to Markdown or to HTML, so that a name is neither a link, nor a
// column, nor markup.
#include "harness/report/markdown.h"

#include <vector>

#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/base/typed_word.h"
#include "harness/report/tally.h"

namespace faultrig {

namespace {

constexpr std::size_t kMost = std::size_t{900} << 10;
constexpr std::size_t kLongest = 600;   // bytes of one text in a table
constexpr std::size_t kMostLines = 20;  // of output

std::string with_entities(const std::string& safe, std::string_view special) {
  std::string out;
  out.reserve(safe.size());
  for (char letter : safe) {
    if (special.find(letter) == special.npos) {
      out += letter;
    } else {
      out += fmt::format("&#{};", static_cast<int>(letter));
    }
  }
  return out;
}

std::string cell(const std::string& text) {
  return text.size() > kLongest
             ? for_markdown(std::string_view(text).substr(0, kLongest)) + "..."
             : for_markdown(text);
}

std::string row(const Judgement& judgement) {
  return fmt::format("| {} | {} | {} | {}:{} |\n",
                     verdict_name(judgement.verdict),
                     cell(shown_name(judgement)), cell(judgement.observed),
                     cell(judgement.file), headline_line(judgement));
}

std::string output_block(const LastSeen& printed) {
  std::string out;
  for (const std::string* text : {&printed.out, &printed.err}) {
    auto lines = lines_of(*text);
    if (lines.empty()) {
      continue;
    }
    out += text == &printed.out ? "\nThe end of its stdout:\n\n<pre>"
                                : "\nThe end of its stderr:\n\n<pre>";
    std::size_t skip =
        lines.size() > kMostLines ? lines.size() - kMostLines : 0;
    for (std::size_t i = skip; i < lines.size(); ++i) {
      out += with_entities(for_one_line(lines[i]), "&<>") + "\n";
    }
    out += "</pre>\n";
  }
  return out;
}

std::string details(const Judgement& judgement) {
  std::string out =
      fmt::format("\n<details><summary>{}: {}</summary>\n\n",
                  cell(shown_name(judgement)), cell(headline(judgement)));
  for (const JudgedEnd& end : judgement.ends) {
    out += fmt::format("- {} {}\n", for_markdown(end.link),
                       cell(end.status.empty() ? end.how : end.status));
  }
  for (const JudgedFault& fault : judgement.faults) {
    out += fmt::format("- fault {} took effect {} times\n", cell(fault.name),
                       fault.times);
  }
  for (const Finding& finding : judgement.findings) {
    out += finding.because.empty() ? "" : "- " + cell(finding.because) + "\n";
  }
  out += output_block(judgement.printed);
  return out + "\n<pre>faultrig run " +
         with_entities(typed_word(judgement.file), "&<>") +
         "</pre>\n\n</details>\n";
}

std::string counts(const RunEnd& end) {
  Totals totals = totals_of(end.all);
  std::string text = summary_text(totals, end.took, {});
  text.pop_back();
  return "## faultrig\n\n" + text + "\n";
}

// As many of them as there is room for; the rest is counted.
std::string as_many(const std::vector<std::string>& parts, std::size_t room) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (out.size() + parts[i].size() > room) {
      return out + fmt::format("\n... and {} more\n", parts.size() - i);
    }
    out += parts[i];
  }
  return out;
}

}  // namespace

std::string for_markdown(std::string_view text) {
  return with_entities(for_one_line(text), "&<>|`*_[]()~#\\!:@\"'+-=$");
}

std::string markdown_summary(const RunEnd& end,
                             const std::vector<std::string>& chosen) {
  std::vector<std::string> rows;
  std::vector<std::string> more;
  for (const Judgement& judgement : end.all) {
    if (is_red(judgement)) {
      rows.push_back(row(judgement));
      more.push_back(details(judgement));
    }
  }
  std::string out = counts(end);
  for (const std::string& line : chosen) {
    out += "\n" + cell(line) + "\n";
  }
  std::string cut_short = cut_short_text(end);
  out += cut_short.empty() ? "" : "\n" + for_markdown(cut_short) + "\n";
  for (const Tally& tally : tallies_of(end.all)) {
    std::string first = tally.difference();
    out += tally.flaky()
               ? "\nflaky: " + cell(tally.scenario) + ", " +
                     cell(first.empty() ? tally.rows[0].observed : first) + "\n"
               : "";
  }
  if (!rows.empty()) {
    out += "\n| verdict | scenario | observed | where |\n|---|---|---|---|\n";
    out += as_many(rows, kMost / 3);
    out += as_many(more, kMost / 2);
  }
  return out;
}

}  // namespace faultrig
