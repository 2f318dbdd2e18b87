// An order is the YAML of one run, as for a shutdown map: what `--write` writes
// is what was run.
#include "harness/campaign/site_source.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "harness/base/names.h"
#include "harness/campaign/catalogue.h"
#include "harness/campaign/frame.h"
#include "harness/plan/planner.h"
#include "harness/report/sweep_report.h"
#include "harness/run/runner.h"
#include "harness/store/secrets.h"
#include "harness/sweep/site_run.h"

namespace faultrig {

namespace {

using std::chrono::nanoseconds;

// One recording does not show what flaps.
constexpr int kRecordings = 3;
constexpr int kTries = 3;
// What is ten times as slow as without a fault does not end any more; below
// this a busy machine decides.
constexpr int kSlower = 10;
constexpr nanoseconds kLeastDeadline = std::chrono::seconds(5);
constexpr nanoseconds kRecordingDeadline = std::chrono::minutes(5);

enum class RunKind : std::int64_t { recording, narrow, wide };

Result<Plan> plan_of(const std::string& yaml) {
  TRY_ASSIGN(Scenario scenario, scenario_from(yaml, "sweep", "sweep.yaml"));
  Planned planned = make_plan(scenario, 1);
  if (!planned.plan) {
    return usage_error(planned.troubles.empty() ? "this cannot be planned"
                                                : planned.troubles[0].what);
  }
  planned.plan->fresh_folder = true;
  return std::move(*planned.plan);
}

SiteRun masked(SiteRun run, const Mask& mask) {
  for (std::string* text :
       {&run.trouble, &run.end_text, &run.top, &run.output}) {
    *text = mask.text(*text);
  }
  for (std::string& line : run.said) {
    line = mask.text(line);
  }
  for (std::string& line : run.left) {
    line = mask.text(line);
  }
  for (CallSite& site : run.sites) {
    site.path = mask.text(site.path);
  }
  return run;
}

TriedFault fault_of(const Plan& plan) {
  const Params& params = plan.scenario.faults.at(0).params;
  return {params.get<std::vector<std::string>>("call").front(),
          params.get_or<std::string>("site", ""),
          static_cast<int>(params.get<std::int64_t>("error"))};
}

Result<SiteRun> do_run(Session& session, const std::string& yaml,
                       RunKind kind) {
  TRY_ASSIGN(Plan plan, plan_of(yaml));
  TRY(session.can_run(plan));
  TRY_ASSIGN(Evidence evidence, run_plan(session, plan, {Golden::good, ""}));
  SiteRun run = kind == RunKind::recording
                    ? recorded_run(evidence)
                    : tried_run(evidence, fault_of(plan));
  if (kind == RunKind::wide) {
    run.sites = recorded_run(evidence).sites;
  }
  return masked(std::move(run), Mask(plan.scenario.workload,
                                     session.options().environment, yaml));
}

SiteRun unknown_run(const Error& why) {
  SiteRun run;
  run.trouble = why.what;
  return run;
}

std::string order_of(RunKind kind, const std::string& yaml) {
  return frame_text({{static_cast<std::int64_t>(kind)}, yaml});
}

std::vector<SweepPoint> lone_points(std::size_t count) {
  std::vector<SweepPoint> points;
  for (std::size_t i = 0; i < count; ++i) {
    points.push_back({0, static_cast<std::int64_t>(i)});
  }
  return points;
}

std::set<std::string> plain_outcomes() {
  std::set<std::string> out;
  for (std::size_t i = 0; i < kSiteOutcomes; ++i) {
    auto outcome = static_cast<SiteOutcome>(i);
    if (is_plain(outcome)) {
      out.emplace(outcome_name(outcome));
    }
  }
  return out;
}

}  // namespace

SiteSource::SiteSource(const SiteAsk& ask, Sink<SiteOutcome>& sink)
    : ask_(ask), sink_(sink), start_(std::chrono::steady_clock::now()) {}

bool SiteSource::is_late() const {
  return ask_.budget &&
         std::chrono::steady_clock::now() - start_ > *ask_.budget;
}

nanoseconds SiteSource::deadline() const {
  nanoseconds least = kRecordingDeadline;
  for (const SiteRun& run : recordings_) {
    least = std::min(least, run.took);
  }
  return std::max(least * kSlower, kLeastDeadline);
}

std::optional<Task> SiteSource::next_recording() {
  auto yaml = site_recording_yaml(ask_.target, ask_.asked, kRecordingDeadline);
  if (!yaml) {
    trouble_ = yaml.error().what;
    return std::nullopt;
  }
  sink_.progress(
      fmt::format("recording {} of {}", ++recordings_asked_, kRecordings));
  Task task{numbers_++, order_of(RunKind::recording, *yaml)};
  given_[task.number] = {};
  return task;
}

std::optional<Task> SiteSource::next() {
  if (!trouble_.empty()) {
    return std::nullopt;
  }
  if (recordings_asked_ < kRecordings) {
    return next_recording();
  }
  auto point = sweep_ && !is_late() ? sweep_->next() : std::nullopt;
  if (!point) {
    return std::nullopt;
  }
  const FaultPoint& what = points_[static_cast<std::size_t>(point->position)];
  const CallSite& site = sites_[what.site];
  const std::vector<Try>& before = tries_[*point];
  bool wide = !before.empty() &&
              before.front().judgement.outcome == SiteOutcome::swallowed;
  auto yaml =
      site_point_yaml(ask_.target, ask_.asked, site, {what, wide, deadline()});
  sink_.progress(fmt::format("{}/{} {} {} in {}", done_ + 1,
                             done_ + given_.size() + 1 + sweep_->left(),
                             site.call, errno_name(what.error), site.place()));
  Task task{numbers_++,
            order_of(wide ? RunKind::wide : RunKind::narrow, *yaml)};
  given_[task.number] = {*point, wide};
  return task;
}

void SiteSource::begin() {
  for (const SiteRun& run : recordings_) {
    if (run.end != SiteRun::End::passed) {
      trouble_ = "without any fault it " +
                 (run.trouble.empty() ? run.end_text : run.trouble);
      return;
    }
  }
  sites_ = joined_sites(recordings_);
  points_ = site_points(ask_.asked, sites_);
  sweep_.emplace(lone_points(points_.size()),
                 Sweep::Options{.times = kTries,
                                .agree = kTries,
                                .costly = "hung",
                                .plain = plain_outcomes()});
}

void SiteSource::take_recording(const Result<SiteRun>& run) {
  recordings_.push_back(run ? *run : unknown_run(run.error()));
  if (recordings_.size() == kRecordings) {
    begin();
  }
}

void SiteSource::take_try(const Given& given, const Result<SiteRun>& run) {
  const FaultPoint& point =
      points_[static_cast<std::size_t>(given.point->position)];
  SiteRun seen = run ? *run : unknown_run(run.error());
  SiteJudgement judgement =
      site_outcome(seen, recordings_.front(), sites_[point.site], point.each);
  if (given.wide) {
    judgement = look_again(judgement, seen, sites_);
  }
  ++done_;
  tries_[*given.point].push_back({judgement, given.wide});
  sweep_->learned(*given.point, std::string(outcome_name(judgement.outcome)));
  sink_.result(judgement.outcome);
}

void SiteSource::learned(const Task& task, const Result<std::string>& answer) {
  Given given = given_.extract(task.number).mapped();
  auto run =
      answer ? parse_site_run_line(*answer) : Result<SiteRun>(answer.error());
  if (given.point) {
    take_try(given, run);
  } else {
    take_recording(run);
  }
}

void SiteSource::take_back(const Task& task) {
  Given given = given_.extract(task.number).mapped();
  if (given.point) {
    sweep_->take_back(*given.point);
  } else {
    --recordings_asked_;
  }
}

std::size_t SiteSource::left() const {
  return sweep_ ? sweep_->left()
                : static_cast<std::size_t>(kRecordings - recordings_asked_);
}

// A try that saw more is believed more: that nothing was noticed is only true
// of one that looked at everything.
SitePoint SiteSource::concluded(std::size_t point) const {
  SitePoint out;
  out.point = points_[point];
  auto found = tries_.find({0, static_cast<std::int64_t>(point)});
  if (found == tries_.end() || found->second.empty()) {
    return out;
  }
  bool looked = std::any_of(found->second.begin(), found->second.end(),
                            [](const Try& one) { return one.wide; });
  for (const Try& one : found->second) {
    bool blind =
        looked && !one.wide && one.judgement.outcome == SiteOutcome::swallowed;
    if (!blind) {
      ++out.times[one.judgement.outcome];
      out.outcome = one.judgement.outcome;
      out.because = one.judgement.because;
    }
  }
  if (out.times.size() > 1) {
    out.outcome = SiteOutcome::flaky;
    out.because.clear();
    for (const auto& [outcome, times] : out.times) {
      out.because += fmt::format("{}{} {}", out.because.empty() ? "" : ", ",
                                 times, outcome_name(outcome));
    }
  }
  return out;
}

SiteSweep SiteSource::sweep() const {
  SiteSweep out;
  out.asked = ask_.asked;
  out.allowed = ask_.allowed;
  out.trouble = trouble_;
  if (trouble_.empty() && !sweep_) {
    out.trouble = "it was ended before all was recorded";
  }
  if (!recordings_.empty()) {
    out.calls = recordings_.front().told;
    out.recording = recordings_.back().took;
  }
  out.sites = sites_;
  std::set<std::size_t> swept;
  for (std::size_t i = 0; i < points_.size(); ++i) {
    SitePoint point = concluded(i);
    if (point.times.empty()) {
      ++out.left;
    } else {
      swept.insert(point.point.site);
      out.points.push_back(std::move(point));
    }
  }
  out.swept = swept.size();
  conclude_sweep(out);
  return out;
}

Deed site_deed() {
  return [](Result<Session>& session,
            const std::string& order) -> Result<std::string> {
    TRY_ASSIGN(FramedText frame, parse_frame(order, 1));
    if (!session) {
      return site_run_line(unknown_run(session.error()));
    }
    auto run =
        do_run(*session, frame.rest, static_cast<RunKind>(frame.words[0]));
    return site_run_line(run ? *run : unknown_run(run.error()));
  };
}

}  // namespace faultrig
