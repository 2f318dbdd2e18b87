// The verdict. What must hold for a pass, in the order it is asked: we were
// able to watch; the workload is sound without faults; each fault took effect;
// each expectation is met. The worst answer wins.
#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/judge/compile_line.h"
#include "harness/judge/expectation.h"
#include "harness/judge/finding.h"
#include "harness/judge/nothing_ran.h"
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

void add_golden(const Evidence& evidence, Findings& findings) {
  if (evidence.parts().golden != Golden::bad) {
    return;
  }
  const std::string& trouble = evidence.parts().golden_trouble;
  findings.push_back(cannot_tell(
      "without any fault the workload misbehaves too" +
      (trouble.empty() ? std::string() : ": " + for_one_line(trouble))));
}

// What faultrig refused, the workload would have had without faultrig: whatever
// it did then says nothing, neither for nor against it.
void doubt_refusals(const Evidence& evidence, Findings& findings) {
  constexpr std::size_t kMostTold = 3;
  Findings refusals;
  for (std::size_t i = 0; i < evidence.trace().size(); ++i) {
    if (evidence.trace()[i].fact == Fact::call_refused &&
        refusals.size() < kMostTold) {
      refusals.push_back(cannot_tell(cite(evidence, i)));
      refusals.back().cites = {i};
    }
  }
  if (refusals.empty()) {
    return;
  }
  for (Finding& finding : findings) {
    if (finding.verdict == Verdict::fail) {
      finding.verdict = Verdict::inconclusive;
    }
  }
  findings.insert(findings.begin(), refusals.begin(), refusals.end());
}

std::string why_no_effect(const Fault& fault, FaultId id,
                          const Evidence& evidence) {
  std::string text = "fault " + in_quotes(fault.name);
  if (!evidence.first(Fact::fault_installed, id)) {
    return text + " was never installed";
  }
  text += " was installed but never took effect";
  bool fired = fault.when.when == Trigger::When::start ||
               evidence.first(Fact::trigger_fired, id);
  if (!fired) {
    text += ": its trigger, " + fault.when.text() + ", never fired";
  }
  return text;
}

void add_faults(const Scenario& scenario, const Evidence& evidence,
                Findings& findings) {
  for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
    auto id = static_cast<FaultId>(i);
    if (!evidence.activated(id)) {
      findings.push_back(
          cannot_tell(why_no_effect(scenario.faults[i], id, evidence)));
    }
  }
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
    if (finding.expected.empty()) {
      finding.expected = expectation.text;
    }
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
  std::string text(link_name(end.link));
  if (with_program && !end.program.empty()) {
    std::size_t slash = end.program.rfind('/');
    text += " " + in_quotes(end.program.substr(slash + 1));
  }
  return text + " " + (end.status ? end.status->text() : "never started");
}

// The testing package's last word of this test, from the witness that read it,
// or, where the binary was run by itself, from the output. Nothing: unknown.
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
  TestWords words;
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
    return "command never started";
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

// A pass shows all answers; else those that stand against it, worst first.
Findings deciding(Findings findings, Verdict verdict) {
  if (verdict == Verdict::pass) {
    return findings;
  }
  Findings bad;
  std::copy_if(
      findings.begin(), findings.end(), std::back_inserter(bad),
      [](const Finding& finding) { return finding.verdict != Verdict::pass; });
  std::stable_sort(
      bad.begin(), bad.end(),
      [](const Finding& a, const Finding& b) { return a.verdict > b.verdict; });
  return bad;
}

}  // namespace

Judgement judge(const Scenario& scenario, const Evidence& evidence) {
  Findings findings;
  add_troubles(evidence, findings);
  add_golden(evidence, findings);
  if (nothing_ran(scenario, evidence)) {
    findings.push_back(cannot_tell("no test ran: go test found none to run"));
  }
  add_faults(scenario, evidence, findings);
  add_expectations(scenario, evidence, findings);
  doubt_refusals(evidence, findings);
  Judgement judgement;
  judgement.scenario = scenario.name;
  judgement.file = scenario.file.string();
  judgement.asked = !scenario.expect.empty();
  for (const Finding& finding : findings) {
    judgement.verdict = worse(judgement.verdict, finding.verdict);
  }
  judgement.findings = deciding(std::move(findings), judgement.verdict);
  if (judgement.verdict != Verdict::pass) {
    add_circumstances(scenario, evidence, judgement.verdict,
                      judgement.findings);
  }
  judgement.observed = observed(scenario, evidence);
  judgement.took = took(evidence);
  return judgement;
}

}  // namespace faultrig
