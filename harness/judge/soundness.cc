// The second thing that is asked, after whether we were able to watch: an
// expectation that a run without its fault meets, or does not meet, says
// nothing about the fault.
#include "harness/judge/soundness.h"

#include <algorithm>
#include <optional>
#include <string>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/judge/finding.h"
#include "harness/judge/go_output.h"
#include "harness/judge/no_effect.h"
#include "harness/judge/nothing_ran.h"
#include "harness/judge/releases.h"
#include "harness/judge/service_facts.h"
#include "harness/model/lacked_need.h"
#include "harness/model/plan.h"

namespace faultrig {

namespace {

using Findings = std::vector<Finding>;

// What faultrig refused, the workload would have had without faultrig, and what
// could not be read may have been meant by a fault: whatever the workload did
// then says nothing, neither for nor against it.
void add_doubts(const Evidence& evidence, Findings& findings) {
  constexpr std::size_t kMostTold = 3;
  for (Fact fact : {Fact::call_refused, Fact::path_unread, Fact::unrecorded}) {
    std::vector<std::size_t> doubts = all_of(evidence, fact);
    doubts.resize(std::min(doubts.size(), kMostTold));
    for (std::size_t index : doubts) {
      findings.push_back(cannot_tell(cite(evidence, index), {index}));
    }
  }
}

bool acted_after(const Evidence& evidence, FaultId id, std::size_t index) {
  auto later = evidence.trace().subspan(index);
  return std::any_of(later.begin(), later.end(), [id](const auto& seen) {
    return seen.fault == id && (seen.fact == Fact::fault_activated ||
                                seen.fact == Fact::effects_untold);
  });
}

// By the fault, and by what it waits for.
std::vector<std::string> calls_asked_for(const Fault& fault) {
  std::vector<std::string> calls;
  for (const Params* params : {&fault.params, &fault.when.params}) {
    if (const auto* some = params->find<std::vector<std::string>>("call")) {
      calls.insert(calls.end(), some->begin(), some->end());
    }
  }
  return calls;
}

// Which call was the 3rd, nobody knows who did not hear of all; and what a
// fault waited for may have been there.
void add_hidden_calls(const Scenario& scenario, const Evidence& evidence,
                      Findings& findings) {
  for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
    const Fault& fault = scenario.faults[i];
    auto hidden = hidden_calls(evidence, calls_asked_for(fault));
    if (!hidden) {
      continue;
    }
    auto id = static_cast<FaultId>(i);
    bool counted =
        fault.params.has("nth") && acted_after(evidence, id, *hidden);
    bool waited = fault.when.params.has("nth") &&
                  evidence.first(Fact::trigger_fired, id) > hidden;
    bool never =
        fault.params.has("call") && !fault.optional && !evidence.activated(id);
    if (counted || waited || never) {
      findings.push_back(cannot_tell(
          "for fault " + in_quotes(fault.name) +
              " calls count that may be hidden: " + cite(evidence, *hidden),
          {*hidden}));
    }
  }
}

// A test can print testing's own lines, mark and all: then nobody knows which
// test had begun.
void add_doubtful_starts(const Scenario& scenario, const Evidence& evidence,
                         Findings& findings) {
  bool waits = std::any_of(scenario.faults.begin(), scenario.faults.end(),
                           [](const Fault& fault) {
                             return fault.when.waits_for(Trigger::When::test);
                           });
  for (std::size_t index : all_of(evidence, Fact::not_known)) {
    if (waits && evidence.trace()[index].action == "tests") {
      findings.push_back(
          cannot_tell("whether the test that a fault waits for had begun: " +
                          cite(evidence, index),
                      {index}));
    }
  }
}

// The first line of a crash says more than the last one, `exit status 2`.
std::string last_words(const Evidence& evidence) {
  for (const std::string* text : {&evidence.err(), &evidence.out()}) {
    GoOutput output = parse_go_output(*text);
    if (!output.crashes.empty()) {
      return output.crashes.back().headline();
    }
    std::string_view last;
    for (std::string_view line : lines_of(*text)) {
      last = line.find_first_not_of(" \t\r") == line.npos ? last : line;
    }
    if (!last.empty()) {
      return std::string(last);
    }
  }
  return "";
}

// What never got ready was never tried, unless a fault has seen to that.
void add_unready(const Evidence& evidence, Findings& findings) {
  for (std::size_t index : all_of(evidence, Fact::service_unready)) {
    auto harmed = evidence.first(Fact::fault_activated);
    if (harmed && *harmed < index) {
      continue;
    }
    std::string words = last_words(evidence);
    words = words.empty()
                ? ""
                : "; its last output: " + for_one_line(words.substr(0, 500));
    findings.push_back(cannot_tell(cite(evidence, index) + words, {index}));
  }
}

void add_lacked(const Evidence& evidence, Findings& findings) {
  if (auto lacked = lacked_need(evidence)) {
    findings.push_back(cannot_tell(lacked->why, {lacked->cite}));
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

bool started_before(const Evidence& evidence, std::size_t index, Link link) {
  auto trace = evidence.trace().first(index);
  return std::any_of(trace.begin(), trace.end(), [&](const Observation& seen) {
    return seen.fact == Fact::process_started && seen.link == link_name(link);
  });
}

// A fault that keeps go from starting a test.
bool go_suffers(const Scenario& scenario, const Evidence& evidence) {
  for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
    const Fault& fault = scenario.faults[i];
    bool of_go = fault.at == Link::go || fault.injector == "interpreter";
    if (of_go && evidence.activated(static_cast<FaultId>(i))) {
      return true;
    }
  }
  return false;
}

void add_compiling(const Scenario& scenario, const Evidence& evidence,
                   Findings& findings) {
  auto passed = evidence.first(Fact::deadline_passed);
  if (!passed || !scenario.workload.go_test || go_suffers(scenario, evidence)) {
    return;
  }
  bool tested = started_before(evidence, *passed, Link::test);
  if (!tested || !evidence.trace()[*passed].text.empty()) {
    findings.push_back(cannot_tell(
        cite(evidence, *passed) +
            (tested ? ", and go was compiling then"
                    : ", and no test had been started: go was compiling"),
        {*passed}));
  }
}

// The end of the workload, if nothing of ours brought it about.
std::optional<LinkEnd> own_end(const Evidence& evidence) {
  const ExitChain& chain = evidence.exits();
  if (chain.empty() || !chain.back().status || chain.back().our_signal != 0 ||
      evidence.first(Fact::deadline_passed)) {
    return std::nullopt;
  }
  return chain.back();
}

bool came_too_late(const Scenario& scenario, const Evidence& evidence) {
  for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
    auto id = static_cast<FaultId>(i);
    const Fault& fault = scenario.faults[i];
    bool waits = fault.when.when != Trigger::When::start;
    // A signal that was due found nobody any more.
    bool late =
        !evidence.first(Fact::trigger_fired, id) || fault.injector == "signal";
    if (waits && late && !fault.optional && !evidence.activated(id)) {
      return true;
    }
  }
  return false;
}

// Who was told to stop, and did, has not ended by itself.
Finding own_end_words(const Evidence& evidence, std::size_t end) {
  auto trace = evidence.trace().first(end);
  auto told =
      std::find_if(trace.rbegin(), trace.rend(), [&](const Observation& seen) {
        return seen.fact == Fact::signal_sent &&
               seen.link == evidence.trace()[end].link;
      });
  if (told == trace.rend()) {
    return cannot_tell(
        "the workload ended of its own accord, before its fault could come: " +
            cite(evidence, end),
        {end});
  }
  std::vector<std::size_t> cites{
      static_cast<std::size_t>(trace.rend() - told) - 1, end};
  return cannot_tell(
      "the workload ended after a signal had been sent to it, before a later "
      "fault could come: " +
          cite_all(evidence, cites),
      cites);
}

// A port that is taken, a file that is missing: what it said is the news.
void add_own_end(const Scenario& scenario, const Evidence& evidence,
                 Findings& findings) {
  auto end = own_end(evidence);
  if (!end || !came_too_late(scenario, evidence)) {
    return;
  }
  std::string words = last_words(evidence);
  if (!words.empty() && !end->status->clean()) {
    findings.push_back(
        cannot_tell("its last output: " + for_one_line(words.substr(0, 500))));
  }
  auto left = evidence.first(Fact::leftover);
  if (left && scenario.workload.service) {
    findings.push_back(cannot_tell(
        std::string(kLivedOn) + ": " + cite(evidence, *left), {*left}));
  }
  findings.push_back(own_end_words(evidence, end->cite));
}

// A call that SA_RESTART begins anew is a new call, and gets the signal again.
void add_endless_signals(const Scenario& scenario, const Evidence& evidence,
                         Findings& findings) {
  constexpr std::int64_t kEndless = 1000;
  const std::string signals(call_action_name(CallAction::signal));
  auto passed = evidence.first(Fact::deadline_passed);
  for (std::size_t i = 0; passed && i < scenario.faults.size(); ++i) {
    const Fault& fault = scenario.faults[i];
    std::int64_t times = 0;
    for (const Observation& seen : evidence.trace()) {
      bool its = seen.fault == static_cast<FaultId>(i);
      times += its && seen.fact == Fact::fault_activated  ? 1
               : its && seen.fact == Fact::effects_untold ? seen.number
                                                          : 0;
    }
    if (fault.params.has("call") && fault.params.has(signals) &&
        times >= kEndless) {
      findings.push_back(cannot_tell(
          "fault " + in_quotes(fault.name) + " sent its signal " +
              std::to_string(times) +
              " times before the deadline: a call that the kernel begins anew "
              "after a signal gets it again, for ever; bound it with nth",
          {*passed}));
    }
  }
}

// Our SIGQUIT makes a program do what it would not have done: dump, and end.
// Effects on calls are told as they come; others may be found out at the end.
void add_late_effect(const Scenario& scenario, FaultId id,
                     const Evidence& evidence, Findings& findings) {
  auto passed = evidence.first(Fact::deadline_passed);
  auto effect = evidence.first(Fact::fault_activated, id);
  const Fault& fault = scenario.faults[static_cast<std::size_t>(id)];
  bool of_a_call =
      effect && evidence.trace()[*effect].source == Source::seccomp;
  if (passed && of_a_call && *effect > *passed && !fault.optional) {
    findings.push_back(
        cannot_tell("fault " + in_quotes(fault.name) +
                        " took effect only when we were stopping the workload "
                        "at its deadline: " +
                        cite(evidence, *effect),
                    {*passed, *effect}));
  }
}

void add_faults(const Scenario& scenario, const Evidence& evidence,
                Findings& findings) {
  for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
    auto id = static_cast<FaultId>(i);
    add_late_effect(scenario, id, evidence, findings);
    if (!scenario.faults[i].optional && !evidence.activated(id)) {
      findings.push_back(cannot_tell(why_no_effect(scenario, id, evidence)));
      findings.back().place = scenario.faults[i].place;
    }
  }
}

}  // namespace

Findings unsound(const Scenario& scenario, const Evidence& evidence) {
  Findings findings;
  add_doubts(evidence, findings);
  add_hidden_calls(scenario, evidence, findings);
  add_doubtful_starts(scenario, evidence, findings);
  add_lacked(evidence, findings);
  add_own_end(scenario, evidence, findings);
  add_unready(evidence, findings);
  add_golden(evidence, findings);
  add_compiling(scenario, evidence, findings);
  if (auto why = why_nothing_ran(scenario, evidence); !why.empty()) {
    findings.push_back(cannot_tell(std::move(why)));
  }
  add_endless_signals(scenario, evidence, findings);
  add_faults(scenario, evidence, findings);
  for (Finding& finding : unsound_releases(scenario, evidence)) {
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace faultrig
