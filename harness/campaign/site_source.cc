// Recordings first, and from them the points; what does not come out plainly is
// tried again.
#include "harness/campaign/site_source.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/model/call_errors.h"

namespace faultrig {

namespace {

using std::chrono::nanoseconds;

// One recording does not show what flaps.
constexpr int kRecordings = 3;
constexpr int kTries = 3;
constexpr std::size_t kLastLines = 5;

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

// Where data is at stake, one try that surfaced is not believed alone.
std::set<SweepPoint> points_of_data(const std::vector<FaultPoint>& points,
                                    const std::vector<CallSite>& sites) {
  std::set<SweepPoint> out;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const CallErrors* row = errors_of_call(sites[points[i].site].call);
    if (row != nullptr && row->stake == CallStake::data) {
      out.insert({0, static_cast<std::int64_t>(i)});
    }
  }
  return out;
}

bool all_plain(const std::map<SiteOutcome, int>& times) {
  return std::all_of(times.begin(), times.end(),
                     [](const auto& one) { return is_plain(one.first); });
}

// By the order of their faults in the scenario.
std::vector<std::string> tests_hit(const CallSite& site, Each each,
                                   const std::vector<int>& hit) {
  std::vector<std::string> tests;
  for (std::size_t i = 0; each == Each::per_test && i < site.tests.size();
       ++i) {
    if (std::find(hit.begin(), hit.end(), static_cast<int>(i)) != hit.end()) {
      tests.push_back(site.tests[i]);
    }
  }
  return tests;
}

// What explains why tests fail here and not elsewhere.
std::string last_words(const std::string& output) {
  std::vector<std::string> lines;
  for (std::string_view line : lines_of(output)) {
    if (line.find_first_not_of(" \t") != line.npos) {
      lines.emplace_back(line.substr(line.find_first_not_of(" \t"), 200));
    }
  }
  lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(std::min(
                                               lines.size(), kLastLines)));
  return lines.empty() ? ""
                       : ": " + join(lines, " | ") +
                             " (a package is tested in a copy of its folder, "
                             "with a TMPDIR of its own)";
}

// As site_point_yaml() has them.
std::size_t faults_at(const CallSite& site, const FaultPoint& point) {
  bool several = point.each == Each::per_test && !site.tests.empty();
  return several ? site.tests.size() : 1;
}

}  // namespace

bool asks_anything(const SiteAsk& ask) {
  const SweepAsked& asked = ask.asked;
  const SweepTarget& target = ask.target;
  bool harm = asked.kill || asked.shorten || asked.delay;
  bool points = !asked.calls.empty() || !asked.errors.empty() ||
                !asked.in.empty() || asked.peers;
  bool run =
      !target.command.empty() || !target.run.empty() || !target.flags.empty();
  return harm || points || run || !ask.recover.empty() || ask.budget;
}

SiteSource::SiteSource(const SiteAsk& ask, Sink<SiteOutcome>& sink)
    : ask_(ask), sink_(sink), start_(std::chrono::steady_clock::now()) {}

bool SiteSource::is_late() const {
  return ask_.budget &&
         std::chrono::steady_clock::now() - start_ > *ask_.budget;
}

nanoseconds SiteSource::deadline() const {
  return recordings_.size() < kRecordings
             ? ask_.most
             : deadline_after(recordings_, ask_.most);
}

std::optional<Task> SiteSource::task_of(RunKind kind,
                                        const Result<std::string>& yaml,
                                        std::size_t faults) {
  auto recover = ask_.recover.empty()
                     ? Result<std::string>("")
                     : site_recover_yaml(ask_.recover, deadline());
  if (!yaml || !recover) {
    trouble_ = yaml ? recover.error().what : yaml.error().what;
    return std::nullopt;
  }
  return Task{numbers_++, order_text({kind, *yaml, *recover, faults,
                                      !ask_.target.base.empty()})};
}

std::optional<Task> SiteSource::next_recording() {
  auto task =
      task_of(ask_.asked.peers ? RunKind::peers : RunKind::recording,
              site_recording_yaml(ask_.target, ask_.asked, ask_.most), 0);
  if (task) {
    sink_.progress(
        fmt::format("recording {} of {}", ++recordings_asked_, kRecordings));
    given_[task->number] = {};
  }
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
  bool wide = site.is_peer ||
              std::any_of(before.begin(), before.end(), [](const Try& one) {
                return one.judgement.outcome == SiteOutcome::swallowed;
              });
  auto task = task_of(
      site.is_peer ? RunKind::peer
      : wide       ? RunKind::wide
                   : RunKind::narrow,
      site_point_yaml(ask_.target, ask_.asked, site, {what, wide, deadline()}),
      faults_at(site, what));
  if (task) {
    sink_.progress(fmt::format(
        "{}/{} {}{}", done_ + 1, done_ + given_.size() + 1 + sweep_->left(),
        deed_at(site, what), site.is_peer ? "" : " in " + site.place()));
    given_[task->number] = {*point, wide};
  }
  return task;
}

void SiteSource::begin() {
  for (const SiteRun& run : recordings_) {
    if (run.end != SiteRun::End::passed) {
      trouble_ = "without any fault it " +
                 (run.trouble.empty() ? run.end_text + last_words(run.output)
                                      : run.trouble);
      return;
    }
    if (!run.lost.empty()) {
      trouble_ = "without any fault too the recover command " + run.lost;
      return;
    }
  }
  sites_ = joined_sites(recordings_);
  points_ = site_points(ask_.asked, sites_);
  sweep_.emplace(lone_points(points_.size()),
                 Sweep::Options{.times = kTries,
                                .agree = kTries,
                                .costly = "hung",
                                .plain = plain_outcomes(),
                                .careful = points_of_data(points_, sites_),
                                .doubted = "surfaced"});
}

void SiteSource::take_recording(const SiteRun& run) {
  recordings_.push_back(run);
  if (recordings_.size() == kRecordings) {
    begin();
  }
}

void SiteSource::take_try(const Given& given, SiteAnswer answer) {
  const FaultPoint& point =
      points_[static_cast<std::size_t>(given.point->position)];
  const SiteRun& seen = answer.run;
  SiteJudgement judgement =
      site_outcome(seen, recordings_, sites_[point.site], point);
  if (given.wide) {
    judgement = look_again(judgement, seen, sites_[point.site], sites_);
  }
  ++done_;
  tries_[*given.point].push_back(
      {judgement, given.wide, seen.hit, std::move(answer.unmet)});
  sweep_->learned(*given.point, std::string(outcome_name(judgement.outcome)));
  sink_.result(judgement.outcome);
}

void SiteSource::learned(const Task& task, const Result<std::string>& answer) {
  Given given = given_.extract(task.number).mapped();
  SiteAnswer read = read_answer(answer);
  if (given.point) {
    take_try(given, std::move(read));
  } else {
    take_recording(read.run);
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

// Of tries that were all answered the first speaks for all.
void SiteSource::add_try(const Try& one, SitePoint& out) const {
  bool first = out.times.empty();
  ++out.times[one.judgement.outcome];
  if (first || !all_plain(out.times)) {
    out.outcome = one.judgement.outcome;
    out.because = one.judgement.because;
    out.tests =
        !one.judgement.tests.empty()
            ? one.judgement.tests
            : tests_hit(sites_[out.point.site], out.point.each, one.hit);
  }
}

// Where one that looked at everything saw what made up for the error, one that
// did not look says nothing. Else each try counts: what is swallowed once and
// told later is not told each time.
SitePoint SiteSource::concluded(std::size_t point) const {
  SitePoint out;
  out.point = points_[point];
  auto found = tries_.find({0, static_cast<std::int64_t>(point)});
  if (found == tries_.end() || found->second.empty()) {
    return out;
  }
  bool looked =
      std::any_of(found->second.begin(), found->second.end(),
                  [](const Try& one) { return one.judgement.looked; });
  for (const Try& one : found->second) {
    if (out.unmet.empty() && one.judgement.outcome != SiteOutcome::never) {
      out.unmet = one.unmet;
    }
    bool blind =
        looked && !one.wide && one.judgement.outcome == SiteOutcome::swallowed;
    if (!blind) {
      add_try(one, out);
    }
  }
  if (out.times.size() > 1 && !all_plain(out.times)) {
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
    out.calls = recordings_.front().told();
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

}  // namespace faultrig
