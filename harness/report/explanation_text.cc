#include "harness/report/explanation_text.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "harness/base/columns.h"
#include "harness/base/text.h"

namespace faultrig {

namespace {

constexpr std::size_t kTextColumn = 12;
constexpr std::size_t kLongestQuote = 300;

std::string row(std::string_view label, std::string_view text) {
  return text.empty() ? ""
                      : wrapped(fmt::format("  {}", label), text, kTextColumn);
}

std::string scenario_line(const Cause& cause) {
  return fmt::format("faultrig run scenarios/{}.yaml", cause.scenario);
}

// What stands in the table, the first time that a cause is told.
std::string rest_of(const Cause& cause, std::set<std::string>& told) {
  if (!told.insert(cause.id).second) {
    return "";
  }
  return row("why", cause.explain) + row("do", cause.advice) +
         row("to settle", cause.settle) + row("try", scenario_line(cause));
}

std::string quote_rows(const std::vector<Quote>& quotes) {
  std::string out;
  std::string_view label = "shown by";
  for (const Quote& quote : quotes) {
    std::string text = quote.text.substr(0, kLongestQuote);
    std::replace(text.begin(), text.end(), '\t', ' ');
    text = for_one_line(text);
    std::string where =
        quote.line == 0 ? "" : fmt::format("line {}: ", quote.line);
    bool other = !quote.speaker.empty() && quote.speaker != "process" &&
                 quote.speaker != "go";
    std::string by = other ? fmt::format(" ({})", quote.speaker) : "";
    out += row(label, fmt::format("{}{}{}", where, text, by));
    label = "";
  }
  return out;
}

std::string among_row(const std::vector<const Cause*>& among) {
  std::vector<std::string> ids;
  ids.reserve(among.size());
  for (const Cause* cause : among) {
    ids.push_back(cause->id);
  }
  return ids.empty() ? "" : row("perhaps", join(ids, ", "));
}

std::string_view shown_verdict(std::string_view verdict) {
  return verdict == "fail" ? "FAIL" : verdict == "none" ? "" : verdict;
}

std::string head_of(const Explanation& one) {
  std::string name = one.package.empty() ? "go" : for_one_line(one.package);
  std::string how;
  for (std::string_view part :
       {shown_verdict(one.verdict), std::string_view(one.test)}) {
    bool said = !part.empty() && part != "unknown";
    how += said ? fmt::format("{}{}", how.empty() ? ": " : ", ", part) : "";
  }
  std::string where = one.where.empty() ? "" : for_one_line(one.where) + ": ";
  return where + name + how + "\n";
}

// Red before green, sure before unsure, the first of these.
const Explanation* foremost(const Explained& explained) {
  const Explanation* best = nullptr;
  auto weight = [](const Explanation& one) {
    bool green = one.verdict == "ok" || one.verdict == "no_test_files" ||
                 one.verdict == "no_tests_to_run";
    int sure = one.causes.empty() ? 3 : static_cast<int>(one.causes[0].sure);
    return (green ? 10 : 0) + sure;
  };
  for (const Explanation& one : explained.explanations) {
    best = best == nullptr || weight(one) < weight(*best) ? &one : best;
  }
  return best;
}

// `TestA, TestB, ...`.
std::string some_tests(const Explanation& one, std::size_t most) {
  std::vector<std::string> names = one.tests;
  if (names.size() > most) {
    names.resize(most);
    names.push_back("...");
  }
  return for_one_line(join(names, ", "));
}

// The line that a tired reader needs; what follows are the reasons.
std::string answer_line(const Explained& explained) {
  const Explanation* first = foremost(explained);
  if (first == nullptr || first->causes.empty()) {
    return "";
  }
  const Named& named = first->causes.front();
  std::size_t more = explained.explanations.size() - 1 + explained.untold;
  std::string where =
      first->package.empty() ? "" : for_one_line(first->package) + ": ";
  std::string others = more == 0 ? "" : fmt::format("; and {} more", more);
  std::string in = first->tests.empty() ? "" : ", in " + some_tests(*first, 1);
  return fmt::format("{}{} ({}, {}){}{}\n\n", where, named.cause->title,
                     named.cause->id, sure_name(named.sure), in, others);
}

std::string against_rows(const std::vector<std::string_view>& against) {
  std::string out;
  for (std::string_view why : against) {
    out += row(out.empty() ? "against" : "", std::string(why));
  }
  return out;
}

// What speaks against what is told, and all that it outranked.
std::string weighed_rows(const Explanation& one) {
  std::string out = against_rows(one.against);
  for (const Weighed& weighed : one.outranked) {
    const Named& named = weighed.named;
    out +=
        row("outranked", fmt::format("{} ({}, rank {}{}): {}", named.cause->id,
                                     sure_name(named.sure), named.cause->rank,
                                     named.cause->general ? ", general" : "",
                                     named.cause->title));
    out += quote_rows(weighed.quotes) + against_rows(weighed.against);
  }
  return out;
}

std::string unknown_rows(const Explanation& one) {
  bool built = one.verdict != "build_failed" && one.verdict != "setup_failed";
  std::string why = built ? "not known: nothing in it says why"
                          : "not known: what go or the compiler said of it is "
                            "not in the log";
  std::string settle = built ? "go test -exec 'faultrig witness --' ./..."
                             : "go vet " + for_one_line(one.package);
  return row("cause", why) + quote_rows(one.quotes) + row("to settle", settle);
}

// Only what was understood is called clean.
std::string clean_text(const Explained& explained, std::string_view subject) {
  std::string name = for_one_line(subject);
  bool unread = explained.packages == 0 && explained.of_a_log;
  if (unread) {
    std::string out = fmt::format("{}: {} lines read, and none that is known\n",
                                  name, explained.lines);
    out += explained.trouble ? quote_rows({*explained.trouble}) : "";
    return out + row("it helps",
                     "the output of go test itself, with -v; or "
                     "go test -exec 'faultrig witness --' ./...");
  }
  if (explained.trouble) {
    return fmt::format("{}: {} packages are good; something else failed\n",
                       name, explained.packages) +
           quote_rows({*explained.trouble});
  }
  return fmt::format("{}: {} packages, nothing that needs an explanation\n",
                     name, explained.packages);
}

}  // namespace

std::vector<std::string> scenarios_to_try(std::string_view text) {
  constexpr std::string_view kTry = "  try       faultrig run ";
  std::vector<std::string> out;
  for (std::string_view line : lines_of(text)) {
    if (line.starts_with(kTry)) {
      out.emplace_back(line.substr(kTry.size()));
    }
  }
  return out;
}

std::string cause_text(const Cause& cause) {
  std::string out = wrapped(cause.id + ":", cause.title, cause.id.size() + 2);
  for (const auto& [link, shows] : cause.ends) {
    out += row(link, join(shows, ", "));
  }
  std::set<std::string> told;
  return out + row("go", cause.go) + rest_of(cause, told) +
         row("only", cause.alike.only) + row("source", cause.source);
}

std::string explained_text(const Explained& explained, std::string_view subject,
                           bool all) {
  std::string out = answer_line(explained);
  std::set<std::string> told;
  for (const Explanation& one : explained.explanations) {
    out += head_of(one);
    out += one.causes.empty() ? unknown_rows(one) : "";
    out += one.tests.empty() ? "" : row("tests", some_tests(one, 5));
    for (const Named& named : one.causes) {
      out += row("cause", fmt::format("{} ({}, {})", named.cause->title,
                                      named.cause->id, sure_name(named.sure)));
      out += among_row(one.among);
      out += quote_rows(&named == one.causes.data() ? one.quotes
                                                    : std::vector<Quote>());
      out += rest_of(*named.cause, told);
    }
    out += all ? weighed_rows(one) : "";
    out += "\n";
  }
  if (explained.untold > 0) {
    out += fmt::format("and {} more\n", explained.untold);
  }
  return out +
         (explained.explanations.empty() ? clean_text(explained, subject) : "");
}

}  // namespace faultrig
