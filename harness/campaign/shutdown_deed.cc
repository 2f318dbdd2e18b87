// An order is the YAML of one run: a worker needs to know nothing else, and
// what `--write` writes is what was run.
#include "harness/campaign/shutdown_deed.h"

#include <algorithm>
#include <utility>

#include "harness/base/text.h"
#include "harness/campaign/base_scenario.h"
#include "harness/campaign/catalogue.h"
#include "harness/campaign/frame.h"
#include "harness/campaign/own_places.h"
#include "harness/judge/expectation.h"
#include "harness/model/syscalls.h"
#include "harness/plan/call_watch.h"
#include "harness/plan/planner.h"
#include "harness/report/shutdown_report.h"
#include "harness/run/runner.h"
#include "harness/run/service_folder.h"
#include "harness/store/secrets.h"
#include "harness/sweep/instants.h"
#include "harness/sweep/site_words.h"
#include "harness/sweep/stop_outcome.h"

namespace faultrig {

namespace {

// For an answer to the first request. Longer than asking_yaml() waits.
constexpr std::chrono::seconds kAsking{6};

Result<ShutdownOrder> read_order(const std::string& text) {
  TRY_ASSIGN(FramedText frame, parse_frame(text, 3));
  return ShutdownOrder{static_cast<ShutdownRun>(frame.words[0]),
                       std::move(frame.rest), frame.words[1] == 1,
                       static_cast<std::size_t>(frame.words[2])};
}

// Only looked at: the calls of own hand, and in a recording what a start is
// made of.
CallRule watching(bool recording) {
  if (!recording) {
    return watch_of_own_hand();
  }
  CallRule rule;
  for (const char* name : {"%network", "%file"}) {
    for (std::string& call : expand_call(name)) {
      if (std::find(rule.calls.begin(), rule.calls.end(), call) ==
          rule.calls.end()) {
        rule.calls.push_back(std::move(call));
      }
    }
  }
  return rule;
}

Result<Plan> plan_of(const std::string& yaml, bool recording) {
  TRY_ASSIGN(Scenario scenario,
             scenario_from(yaml, "shutdown", "shutdown.yaml"));
  TRY_ASSIGN(Plan plan, plan_or_trouble(scenario));
  plan.launch.links[Link::service].rules.push_back(watching(recording));
  std::vector<std::string>& needs = plan.launch.needs;
  if (std::find(needs.begin(), needs.end(), kNeedsNotify) == needs.end()) {
    needs.emplace_back(kNeedsNotify);
  }
  return plan;
}

// What is wrong with a scenario that is made of options, in one line: whoever
// gave them has not seen its YAML.
Result<> check(const Result<std::string>& yaml) {
  if (!yaml) {
    return yaml.error();
  }
  auto plan = plan_of(*yaml, false);
  if (plan) {
    return Ok{};
  }
  std::string_view what = lines_of(plan.error().what).front();
  std::size_t behind = what.find(": ");
  bool placed = what.starts_with("shutdown.yaml:") && behind != what.npos;
  return usage_error(std::string(placed ? what.substr(behind + 2) : what));
}

Mask mask_of(const Session& session, const Plan& plan,
             const std::string& yaml) {
  return Mask(plan.scenario.workload, session.options().environment, yaml);
}

// The paths of a run in a folder of its own, as its author knows them.
void name_places(Session& session, const Workload& workload, Recording& seen) {
  if (!keeps_all(workload)) {
    return;
  }
  std::vector<std::string*> texts{&seen.trouble, &seen.shown_by};
  for (RecordedCall& call : seen.calls) {
    texts.push_back(&call.path);
  }
  for (std::string* text : texts) {
    name_own_places(session.learnt(), workload.cwd.string(), kOwnTmp, *text);
  }
}

Recording masked(Recording recording, const Mask& mask) {
  recording.trouble = mask.text(recording.trouble);
  recording.shown_by = mask.text(recording.shown_by);
  recording.unasked = mask.text(recording.unasked);
  recording.in_place = mask.text(recording.in_place);
  for (auto* texts : {&recording.shared, &recording.left}) {
    for (std::string& path : *texts) {
      path = mask.text(path);
    }
  }
  for (RecordedCall& call : recording.calls) {
    call.path = mask.text(call.path);
  }
  return recording;
}

StopOutcome masked(StopOutcome outcome, const Mask& mask) {
  outcome.why = mask.text(outcome.why);
  for (auto* texts : {&outcome.left, &outcome.left_files, &outcome.hanging,
                      &outcome.without}) {
    for (std::string& text : *texts) {
      text = mask.text(text);
    }
  }
  return outcome;
}

// What the worker answers when there is no run: why.
std::string without_run(bool recording, const Error& why) {
  Recording none;
  none.trouble = why.what;
  StopOutcome unknown;
  unknown.why = why.what;
  return recording ? recording_line(none) : stop_outcome_line(unknown);
}

// Whether it answers what it is asked, however long that takes.
Result<std::string> ask_it(Session& session, const std::string& yaml) {
  TRY_ASSIGN(Plan plan, plan_of(yaml, false));
  TRY(session.can_run(plan));
  auto patience = session.options().patience;
  session.be_patient(kAsking);
  auto evidence = run_plan(session, plan, {Golden::good, ""});
  session.be_patient(patience);
  if (!evidence) {
    return evidence.error();
  }
  Recording out;
  out.unasked = unasked_because(*evidence);
  return recording_line(masked(std::move(out), mask_of(session, plan, yaml)));
}

Result<std::string> record(Session& session, const std::string& yaml) {
  TRY_ASSIGN(Plan plan, plan_of(yaml, true));
  TRY(session.can_run(plan));
  const Workload& workload = plan.scenario.workload;
  SharedFiles shared(workload);
  TRY_ASSIGN(Evidence evidence, run_plan(session, plan, {Golden::good, ""}));
  Recording golden = recording_of(evidence);
  golden.shared = shared.found(session.learnt(), evidence.trace());
  name_places(session, workload, golden);
  golden.own_network =
      workload.service->own_network && !session.why_not(kNeedsNetworks);
  return recording_line(
      masked(std::move(golden), mask_of(session, plan, yaml)));
}

Result<std::string> do_run(Session& session, const ShutdownOrder& order) {
  TRY_ASSIGN(Plan plan, plan_of(order.yaml, false));
  TRY(session.can_run(plan));
  TRY_ASSIGN(Evidence evidence, run_plan(session, plan, {Golden::good, ""}));
  Mask mask = mask_of(session, plan, order.yaml);
  StopOutcome outcome = masked(stop_outcome(evidence, order.told), mask);
  JudgedRun out{stop_outcome_line(outcome), {}};
  if (order.judged) {
    out.judgement = with_numbers(mask.judgement(judge(plan.scenario, evidence)),
                                 plan.scenario);
  }
  return judged_text(out);
}

}  // namespace

Result<> check_shutdown(const ShutdownAsk& ask) {
  TRY(check(recording_yaml(ask)));
  return check(instant_yaml(ask, lone_instants(true).back()));
}

std::string order_text(const ShutdownOrder& order) {
  return frame_text(
      {{static_cast<std::int64_t>(order.run), order.judged ? 1 : 0,
        static_cast<std::int64_t>(order.told)},
       order.yaml});
}

Deed shutdown_deed() {
  return [](Result<Session>& session,
            const std::string& order) -> Result<std::string> {
    TRY_ASSIGN(ShutdownOrder asked, read_order(order));
    bool recording = asked.run == ShutdownRun::recording;
    bool asking = asked.run == ShutdownRun::asking;
    if (!session) {
      return without_run(recording, session.error());
    }
    auto answer = asking      ? ask_it(*session, asked.yaml)
                  : recording ? record(*session, asked.yaml)
                              : do_run(*session, asked);
    bool failed = !answer && !asking;
    return failed ? without_run(recording, answer.error()) : answer;
  };
}

}  // namespace faultrig
