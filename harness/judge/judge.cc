// The verdict. What must hold for a pass, in the order it is asked: we were
// able to watch; the workload is sound without faults and each fault took
// effect; each expectation is met. The first that does not hold decides: of a
// run that proves nothing, no expectation fails.
#include <algorithm>
#include <csignal>
#include <iterator>
#include <optional>
#include <utility>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/judge/compile_line.h"
#include "harness/judge/expectation.h"
#include "harness/judge/finding.h"
#include "harness/judge/hanging.h"
#include "harness/judge/link_text.h"
#include "harness/judge/not_sent.h"
#include "harness/judge/soundness.h"
#include "harness/judge/test_words.h"

namespace faultrig {

namespace {

using Findings = std::vector<Finding>;

void add_troubles(const Evidence& evidence, Findings& findings) {
  for (std::size_t i = 0; i < evidence.trace().size(); ++i) {
    Fact fact = evidence.trace()[i].fact;
    if (fact != Fact::trouble && fact != Fact::supervision_lost) {
      continue;
    }
    Finding finding;
    finding.verdict = Verdict::error;
    finding.because = cite(evidence, i);
    finding.cites = {i};
    findings.push_back(std::move(finding));
  }
}

bool is_hung(const Evidence& evidence, Link link) {
  return std::any_of(
      evidence.exits().begin(), evidence.exits().end(),
      [link](const LinkEnd& end) { return end.link == link && end.hung; });
}

bool asks_for_a_hang(const Scenario& scenario) {
  return std::any_of(scenario.expect.begin(), scenario.expect.end(),
                     [](const Expectation& expected) {
                       const Params& params = expected.params;
                       const auto* by = params.find<std::int64_t>("killed_by");
                       return params.get_or<std::string>("ended", "") ==
                                  "hung" ||
                              (by != nullptr && *by == SIGQUIT);
                     });
}

bool asks_for_unfinished(const Params& params) {
  using Names = std::map<std::string, std::string>;
  Names ends = params.get_or<Names>("each", {});
  return std::any_of(ends.begin(), ends.end(), [](const auto& end) {
    return end.second == "unfinished";
  });
}

// go says 1 of a test that we have stopped, a test of it is unfinished, and our
// SIGQUIT leaves a dump: all our doing. Who knows of the hang says so.
bool follows_our_stop(const Scenario& scenario, const Expectation& expectation,
                      const Evidence& evidence) {
  const Params& params = expectation.params;
  bool hung = is_hung(evidence, Link::test);
  bool of_go = expectation.type == "go" && !is_hung(evidence, Link::go) &&
               (params.has("exited") || params.has("shell"));
  bool of_tests = expectation.type == "tests" && asks_for_unfinished(params);
  bool of_panic = expectation.type == "panic";
  bool dumped = hung || is_hung(evidence, Link::command);
  return !scenario.faults.empty() && !asks_for_a_hang(scenario) &&
         ((hung && (of_go || of_tests)) || (dumped && of_panic));
}

void add_expectations(const Scenario& scenario, const Evidence& evidence,
                      Findings& findings) {
  for (const Expectation& expectation : scenario.expect) {
    const ExpectationType* type = find_expectation(expectation.type);
    Finding finding;
    if (type == nullptr) {
      finding.verdict = Verdict::error;
      finding.because =
          "no expectation is named " + in_quotes(expectation.type);
    } else {
      finding = type->check(expectation.params, evidence);
    }
    if (finding.verdict == Verdict::pass &&
        follows_our_stop(scenario, expectation, evidence)) {
      finding.verdict = Verdict::fail;
      finding.because =
          "that is so because we stopped it, since it hung; ask for that by "
          "`hung`: " +
          finding.because;
    }
    if (finding.expected.empty()) {
      finding.expected = expectation.text;
    }
    finding.place = expectation.place;
    findings.push_back(std::move(finding));
  }
}

bool test_started(const Evidence& evidence) {
  return std::any_of(evidence.trace().begin(), evidence.trace().end(),
                     [](const Observation& seen) {
                       return seen.link == link_name(Link::test) &&
                              (seen.fact == Fact::process_started ||
                               seen.fact == Fact::process_ended);
                     });
}

bool interpreter_broken(const Scenario& scenario, const Evidence& evidence) {
  for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
    if (scenario.faults[i].injector == "interpreter" &&
        evidence.activated(static_cast<FaultId>(i))) {
      return true;
    }
  }
  return false;
}

// What else a reader of bad news must know.
void add_circumstances(const Scenario& scenario, const Evidence& evidence,
                       Verdict verdict, Findings& findings) {
  Finding more;
  more.verdict = verdict;
  if (scenario.workload.go_test && !test_started(evidence) &&
      !interpreter_broken(scenario, evidence)) {
    std::string line = compile_line(evidence.err());
    line = line.empty() ? compile_line(evidence.out()) : line;
    more.because = "no test binary was started" +
                   (line.empty() ? "" : ": " + for_one_line(line));
    findings.push_back(more);
  }
  if (auto passed = evidence.first(Fact::deadline_passed)) {
    more.because = cite(evidence, *passed);
    more.cites = {*passed};
    findings.push_back(more);
  }
}

std::string end_text(const LinkEnd& end, bool with_program) {
  std::string text = end.name;
  if (with_program && !end.program.empty()) {
    std::size_t slash = end.program.rfind('/');
    text += " " + in_quotes(end.program.substr(slash + 1));
  }
  return text + " " + end_words(end);
}

// The testing package's last word of this test, as it was heard; in evidence of
// before it was heard in mode binary too, from the output. Nothing: unknown.
std::optional<std::string> last_word(const Scenario& scenario,
                                     const Evidence& evidence,
                                     const LinkEnd& end) {
  std::int64_t pid = evidence.trace()[end.cite].pid;
  for (const Observation& seen : evidence.trace()) {
    if (seen.fact == Fact::last_word && seen.pid == pid) {
      return seen.text;
    }
  }
  const auto& workload = scenario.workload.go_test;
  if (!workload || workload->mode != GoTest::Mode::binary) {
    return std::nullopt;
  }
  TestWords words(false);
  for (std::string_view line : lines_of(evidence.out())) {
    words.take(line);
  }
  return words.last();
}

// A test binary that exited 0 and said no PASS is a false green.
std::string word_against(const Scenario& scenario, const Evidence& evidence,
                         const LinkEnd& end) {
  bool green = end.link == Link::test && end.status && end.status->clean();
  auto word = green ? last_word(scenario, evidence, end) : std::nullopt;
  const auto& workload = scenario.workload.go_test;
  bool lists =
      workload && std::any_of(workload->flags.begin(), workload->flags.end(),
                              [](const std::string& flag) {
                                return flag.starts_with("-list");
                              });
  if (!word || *word == "PASS" || lists) {
    return "";
  }
  return *word == "FAIL" ? " although it said FAIL" : " without a PASS";
}

std::string observed(const Scenario& scenario, const Evidence& evidence) {
  constexpr std::size_t kMostShown = 8;
  std::vector<std::string> parts;
  const ExitChain& chain = evidence.exits();
  auto tests =
      std::count_if(chain.begin(), chain.end(),
                    [](const LinkEnd& end) { return end.link == Link::test; });
  if (tests == 0 && scenario.workload.go_test) {
    parts.emplace_back("test never started");
  }
  for (const LinkEnd& end : chain) {
    parts.push_back(end_text(end, end.link == Link::test && tests > 1));
    parts.back() += word_against(scenario, evidence, end);
  }
  if (parts.empty()) {
    parts.push_back(std::string(link_name(scenario.workload.main_link())) +
                    " never started");
  }
  for (const LinkEnd& end : evidence.beside()) {
    parts.push_back(end_text(end, false));
  }
  if (parts.size() > kMostShown) {
    // The last link, `go`, is the one that most readers look for.
    std::string last = parts.back();
    std::string cut =
        "... and " + std::to_string(parts.size() - kMostShown) + " more";
    parts.resize(kMostShown - 1);
    parts.push_back(std::move(cut));
    parts.push_back(std::move(last));
  }
  return join(parts, ", ");
}

std::chrono::nanoseconds took(const Evidence& evidence) {
  if (auto end = evidence.first(Fact::run_ended)) {
    return std::chrono::nanoseconds(evidence.trace()[*end].number);
  }
  return evidence.trace().empty() ? std::chrono::nanoseconds(0)
                                  : evidence.trace().back().at;
}

// When the launch was, since the epoch; 0: evidence that does not tell it.
std::chrono::nanoseconds launched(const Evidence& evidence) {
  auto start = evidence.first(Fact::run_started);
  if (!start || evidence.trace()[*start].number <= 0) {
    return std::chrono::nanoseconds(0);
  }
  const Observation& seen = evidence.trace()[*start];
  return std::chrono::nanoseconds(seen.number) - seen.at;
}

Verdict worst_of(const Findings& findings) {
  Verdict worst = Verdict::pass;
  for (const Finding& finding : findings) {
    worst = worse(worst, finding.verdict);
  }
  return worst;
}

// The first question that is not answered well decides; only that we do not
// know what was asked is worse than a run that proves nothing.
Verdict verdict_of(const Findings& watched, const Findings& sound,
                   const Findings& asked) {
  Verdict answer = worst_of(asked);
  for (const Findings* first : {&watched, &sound}) {
    if (!first->empty() && answer != Verdict::error) {
      return worst_of(*first);
    }
  }
  return answer;
}

// A pass shows all answers; else those that stand against it, and first those
// that decided.
void add_deciding(const Findings& all, Judgement& judgement) {
  Findings& out = judgement.findings;
  std::copy_if(all.begin(), all.end(), std::back_inserter(out),
               [&](const Finding& finding) {
                 return judgement.verdict == Verdict::pass ||
                        finding.verdict != Verdict::pass;
               });
  std::stable_partition(out.begin(), out.end(), [&](const Finding& finding) {
    return finding.verdict == judgement.verdict;
  });
}

// More than any report shows: what is masked afterwards may be cut after that,
// and no half of a secret is left at its start.
std::string last_printed(const std::string& text) {
  constexpr std::size_t kMost = std::size_t{6} << 10;
  if (text.size() <= kMost) {
    return text;
  }
  std::size_t start = text.size() - kMost;
  std::size_t newline = text.find('\n', start);
  bool starts_a_line =
      newline != std::string::npos && newline + 1 < text.size();
  return text.substr(starts_a_line ? newline + 1 : start);
}

// Of a pass too: what it was not asked says nothing of the service. Whoever
// asks how many those were knows.
void add_not_sent(const Scenario& scenario, const Evidence& evidence,
                  Judgement& judgement) {
  bool knows = std::any_of(scenario.expect.begin(), scenario.expect.end(),
                           [](const Expectation& expected) {
                             return expected.params.has("never_sent");
                           });
  for (std::string& text : not_sent(evidence)) {
    if (!knows || judgement.verdict != Verdict::pass) {
      judgement.findings.push_back({judgement.verdict, std::move(text), {}});
    }
  }
}

}  // namespace

Judgement judge(const Scenario& scenario, const Evidence& evidence) {
  Findings watched;
  add_troubles(evidence, watched);
  Findings sound = unsound(scenario, evidence);
  Findings asked;
  add_expectations(scenario, evidence, asked);
  Judgement judgement;
  judgement.scenario = scenario.name;
  judgement.file = scenario.file.string();
  judgement.asked = !scenario.expect.empty();
  judgement.verdict = verdict_of(watched, sound, asked);
  for (const Findings* findings : {&watched, &sound, &asked}) {
    add_deciding(*findings, judgement);
  }
  if (judgement.verdict != Verdict::pass) {
    add_circumstances(scenario, evidence, judgement.verdict,
                      judgement.findings);
    judgement.printed.out = last_printed(evidence.out());
    judgement.printed.err = last_printed(evidence.err());
  }
  add_not_sent(scenario, evidence, judgement);
  judgement.observed = observed(scenario, evidence);
  for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
    std::int64_t times =
        count_effects({static_cast<FaultId>(i)}, evidence).times;
    judgement.faults.push_back({scenario.faults[i].name, times});
  }
  for (const ExitChain* chain : {&evidence.exits(), &evidence.beside()}) {
    for (const LinkEnd& end : *chain) {
      judgement.ends.push_back(judged_end(end));
    }
  }
  // Of a service that was never told to stop they only show how it served.
  if (!scenario.workload.service || is_hung(evidence, Link::service)) {
    judgement.printed.hanging = hanging_goroutines(evidence);
  }
  judgement.took = took(evidence);
  judgement.started = launched(evidence);
  return judgement;
}

}  // namespace faultrig
