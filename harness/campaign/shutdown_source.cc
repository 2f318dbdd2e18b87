// An order is the YAML of one run: a worker needs to know nothing else, and
// what `--write` writes is what was run.
#include "harness/campaign/shutdown_source.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/campaign/catalogue.h"
#include "harness/campaign/frame.h"
#include "harness/judge/service_facts.h"
#include "harness/model/syscalls.h"
#include "harness/plan/planner.h"
#include "harness/report/shutdown_report.h"
#include "harness/run/runner.h"
#include "harness/store/secrets.h"
#include "harness/sweep/findings.h"
#include "harness/sweep/instants.h"
#include "harness/sweep/stop_outcome.h"

namespace faultrig {

namespace {

constexpr int kLone = 0;
constexpr int kCalls = 1;
// Of those that are looked at first, before a call: at least so many, however
// few steps there are, and at most so many in all.
constexpr std::size_t kFewestCalls = 6;
// With fewer there is one instant of a kind that is not a call's.
constexpr std::size_t kManySteps = 20;

bool has_load(const ShutdownAsk& ask, const Recording& recording) {
  return !ask.url.empty() || recording.how == "http";
}

// The order of a life: within a phase calls as they came, what is tied to
// listen(2) before them, and what is not tied to a call behind.
bool is_earlier(const MapPoint& a, const MapPoint& b) {
  auto key = [](const Instant& instant) {
    bool called = instant.tie == Instant::Tie::call;
    bool ready = instant.tie == Instant::Tie::ready;
    return std::tuple(instant.phase,
                      called  ? 1
                      : ready ? 2
                              : 0,
                      instant.at, instant.after, instant.again);
  };
  return key(a.instant) < key(b.instant);
}

// Only looked at: the calls of own hand, and in a recording what a start is
// made of.
CallRule watching(bool recording) {
  CallRule rule;
  if (!recording) {
    rule.calls = calls_of_own_hand();
    rule.calls.emplace_back("listen");
    return rule;
  }
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
  Planned planned = make_plan(scenario, 1);
  if (!planned.plan) {
    return usage_error(planned.troubles.empty() ? "this cannot be planned"
                                                : planned.troubles[0].what);
  }
  Plan plan = std::move(*planned.plan);
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

Result<> check(const ShutdownAsk& ask) {
  TRY(check(recording_yaml(ask)));
  return check(instant_yaml(ask, lone_instants(true).back()));
}

Mask mask_of(const Session& session, const Plan& plan,
             const std::string& yaml) {
  return Mask(plan.scenario.workload, session.options().environment, yaml);
}

Recording masked(Recording recording, const Mask& mask) {
  recording.trouble = mask.text(recording.trouble);
  recording.shown_by = mask.text(recording.shown_by);
  for (RecordedCall& call : recording.calls) {
    call.path = mask.text(call.path);
  }
  return recording;
}

StopOutcome masked(StopOutcome outcome, const Mask& mask) {
  outcome.why = mask.text(outcome.why);
  for (std::string& left : outcome.left) {
    left = mask.text(left);
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

Result<std::string> do_run(Session& session, const std::string& yaml,
                           bool recording) {
  TRY_ASSIGN(Plan plan, plan_of(yaml, recording));
  TRY(session.can_run(plan));
  TRY_ASSIGN(Evidence evidence, run_plan(session, plan, {Golden::good, ""}));
  Mask mask = mask_of(session, plan, yaml);
  if (!recording) {
    return stop_outcome_line(masked(stop_outcome(evidence), mask));
  }
  Recording golden = masked(recording_of(evidence), mask);
  golden.own_network = plan.scenario.workload.service->own_network &&
                       session.may_make_networks();
  return recording_line(golden);
}

}  // namespace

ShutdownSource::ShutdownSource(const ShutdownAsk& ask, Sink<StopOutcome>& sink)
    : ask_(ask), sink_(sink) {}

const Instant& ShutdownSource::instant_of(const SweepPoint& point) const {
  const std::vector<Instant>& line = point.line == kLone ? lone_ : calls_;
  return line[static_cast<std::size_t>(point.position)];
}

Task ShutdownSource::task(const std::string& yaml, bool recording) {
  return {numbers_++, frame_text({{recording ? 1 : 0}, yaml})};
}

std::optional<Task> ShutdownSource::next() {
  if (!asked_) {
    asked_ = true;
    auto sound = check(ask_);
    if (sound) {
      sink_.progress("recording a start");
      return task(*recording_yaml(ask_), true);
    }
    cannot_ = sound.error();
  }
  // Two in one network may want the same port, and one would end of that.
  bool waits = golden_ && !golden_->own_network && !given_.empty();
  auto point = sweep_ && !waits ? sweep_->next() : std::nullopt;
  if (!point) {
    return std::nullopt;
  }
  auto yaml = instant_yaml(ask_, instant_of(*point));
  sink_.progress(fmt::format(
      "{}/{} {}: {}", done_ + 1, done_ + given_.size() + 1 + sweep_->left(),
      phase_name(instant_of(*point).phase), instant_of(*point).text()));
  Task out = task(*yaml, false);
  given_[out.number] = *point;
  return out;
}

void ShutdownSource::begin(Recording recording) {
  golden_ = std::move(recording);
  if (!golden_->trouble.empty()) {
    return;
  }
  lone_ = lone_instants(has_load(ask_, *golden_), ask_.steps < kManySteps);
  calls_ = call_instants(*golden_);
  std::size_t most = std::max(
      ask_.steps > lone_.size() ? ask_.steps - lone_.size() : 0, kFewestCalls);
  std::vector<SweepPoint> points;
  for (std::size_t i = 0; i < lone_.size(); ++i) {
    points.push_back({kLone, static_cast<std::int64_t>(i)});
  }
  for (std::size_t i : first_look(calls_, most)) {
    points.push_back({kCalls, static_cast<std::int64_t>(i)});
  }
  StopOutcome hung;
  hung.end = StopOutcome::End::hung;
  int times = ask_.asked.times;
  sweep_.emplace(points, Sweep::Options{.times = times,
                                        .agree = std::max(3, times * 3 / 5),
                                        .added = ask_.steps,
                                        .costly = hung.text()});
}

void ShutdownSource::take_outcome(const SweepPoint& point,
                                  const Result<std::string>& answer) {
  auto read = answer ? parse_stop_outcome_line(*answer)
                     : Result<StopOutcome>(answer.error());
  StopOutcome outcome;
  if (read) {
    outcome = in_its_phase(instant_of(point), *read);
  } else {
    outcome.why = read.error().what;
  }
  bool unknown = outcome.end == StopOutcome::End::unknown;
  ++done_;
  tried_[point].push_back(outcome);
  sweep_->learned(point, unknown ? "" : outcome.text());
  sink_.result(outcome);
}

void ShutdownSource::learned(const Task& task,
                             const Result<std::string>& answer) {
  auto given = given_.extract(task.number);
  if (!given.empty()) {
    take_outcome(given.mapped(), answer);
    return;
  }
  auto read = answer ? parse_recording_line(*answer)
                     : Result<Recording>(answer.error());
  Recording none;
  none.trouble = read ? "" : read.error().what;
  begin(read ? std::move(*read) : std::move(none));
}

void ShutdownSource::take_back(const Task& task) {
  auto given = given_.extract(task.number);
  if (given.empty()) {
    asked_ = false;
  } else {
    sweep_->take_back(given.mapped());
  }
}

std::size_t ShutdownSource::left() const {
  return sweep_ ? sweep_->left() : asked_ ? 0 : 1;
}

std::vector<MapPoint> ShutdownSource::points() const {
  std::vector<MapPoint> out;
  for (const auto& [point, tries] : tried_) {
    out.push_back({instant_of(point), tries});
  }
  std::stable_sort(out.begin(), out.end(), is_earlier);
  return out;
}

ShutdownMap ShutdownSource::map(bool interrupted) const {
  ShutdownMap out;
  out.asked = ask_.asked;
  if (golden_) {
    out.golden = *golden_;
  } else {
    out.golden.trouble = "interrupted before it was ready";
  }
  out.points = points();
  if (interrupted) {
    out.interrupted =
        fmt::format("interrupted: {} runs were made, at least {} were not",
                    done_, left() + given_.size());
  }
  conclude_map(out);
  return out;
}

Deed shutdown_deed() {
  return [](Result<Session>& session,
            const std::string& order) -> Result<std::string> {
    TRY_ASSIGN(FramedText frame, parse_frame(order, 1));
    bool recording = frame.words[0] == 1;
    if (!session) {
      return without_run(recording, session.error());
    }
    auto answer = do_run(*session, frame.rest, recording);
    return answer ? *answer : without_run(recording, answer.error());
  };
}

}  // namespace faultrig
