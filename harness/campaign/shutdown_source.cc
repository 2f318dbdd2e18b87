// The recording says what a start is made of; whether the service answers what
// it is to be asked under load is found out by asking it once.
#include "harness/campaign/shutdown_source.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "harness/campaign/base_scenario.h"
#include "harness/campaign/shutdown_deed.h"
#include "harness/report/shutdown_report.h"
#include "harness/sweep/findings.h"
#include "harness/sweep/instants.h"
#include "harness/sweep/stop_outcome.h"

namespace faultrig {

namespace {

constexpr int kLone = 0;
constexpr int kCalls = 1;
constexpr int kTimes = 2;  // positions are steps of kTick
constexpr std::chrono::nanoseconds kTick = std::chrono::milliseconds(1);
// Without a stop when idle there is nothing to compare with.
constexpr std::size_t kFewest = 1;
// With fewer there is one instant of a kind that is not a call's.
constexpr std::size_t kManySteps = 20;

constexpr std::string_view kPlain = "/";
constexpr std::string_view kTls = "https:///";
// With few steps: the idle stop, which others are compared with, and what most
// services are asked for most of the time.
std::size_t rank_of(Phase phase) {
  constexpr std::array<Phase, 5> kFirst{Phase::ready, Phase::loaded,
                                        Phase::listening, Phase::exec,
                                        Phase::draining};
  return static_cast<std::size_t>(
      std::find(kFirst.begin(), kFirst.end(), phase) - kFirst.begin());
}

// From the start on, in even steps.
std::vector<SweepPoint> even_points(std::chrono::nanoseconds time,
                                    std::size_t steps) {
  std::vector<SweepPoint> points;
  std::int64_t ticks = time / kTick;
  auto most = static_cast<std::int64_t>(steps);
  for (std::int64_t i = 0; i <= most; ++i) {
    SweepPoint point{kTimes, ticks * i / most};
    if (points.empty() || !(points.back() == point)) {
      points.push_back(point);
    }
  }
  return points;
}

}  // namespace

ShutdownSource::ShutdownSource(const ShutdownAsk& ask, Sink<StopOutcome>& sink)
    : ask_(ask), sink_(sink) {}

// By what was recorded, where it is then.
Instant ShutdownSource::instant_after(std::chrono::nanoseconds time) const {
  Instant out;
  out.after = time;
  out.at = time;
  Instant listen;
  listen.tie = Instant::Tie::listening;
  out.phase = time >= golden_->ready              ? Phase::ready
              : time >= time_of(listen, *golden_) ? Phase::listening
                                                  : Phase::before_listen;
  return out;
}

Instant ShutdownSource::instant_of(const SweepPoint& point) const {
  if (point.line == kTimes) {
    return instant_after(point.position * kTick);
  }
  const std::vector<Instant>& line = point.line == kLone ? lone_ : calls_;
  return line[static_cast<std::size_t>(point.position)];
}

Task ShutdownSource::task(const std::string& yaml, ShutdownRun run,
                          std::size_t told) {
  return {numbers_++, order_text({run, yaml, !ask_.base.empty(), told})};
}

std::optional<Task> ShutdownSource::next() {
  if (!asked_) {
    asked_ = true;
    auto sound = check_shutdown(ask_);
    if (sound) {
      sink_.progress("recording a start");
      return task(*recording_yaml(ask_), ShutdownRun::recording);
    }
    cannot_ = sound.error();
  }
  if (!asking_.url.empty() && !asking_.task) {
    sink_.progress("asking for " + asking_.url);
    std::string url = at_port(asking_.url, asking_.at.port);
    Task out = task(*asking_yaml(ask_, url), ShutdownRun::asking);
    asking_.task = out.number;
    return out;
  }
  bool waits = one_at_a_time() && !given_.empty();
  auto point = sweep_ && !waits ? sweep_->next() : std::nullopt;
  if (!point) {
    return std::nullopt;
  }
  auto yaml = instant_yaml(ask_, instant_of(*point));
  sink_.progress(fmt::format(
      "{}/{} {}: {}", done() + 1, done() + given_.size() + 1 + sweep_->left(),
      phase_name(instant_of(*point).phase), instant_of(*point).text()));
  if (!yaml) {
    cannot_ = yaml.error();
    return std::nullopt;
  }
  Task out = task(*yaml, ShutdownRun::instant, times_told(instant_of(*point)));
  given_[out.number] = {*point};
  if (given_.size() > 1) {
    for (auto& [number, given] : given_) {
      given.beside = true;
    }
  }
  return out;
}

// Two in one network may want the same port, two with one file the same socket,
// and one would end of that.
bool ShutdownSource::one_at_a_time() const {
  return !collided_.empty() ||
         (golden_ && (!golden_->own_network || !golden_->in_place.empty() ||
                      !golden_->shared.empty()));
}

// In a copy of its folder it may not find what it finds in its folder.
bool ShutdownSource::record_in_place(const Recording& recording) {
  bool may = !recording.trouble.empty() && !recording.unready &&
             ask_.in_place.empty() && ask_.base.empty();
  if (may) {
    ask_.in_place = recording.trouble;
    asked_ = false;
  }
  return may;
}

// It meets what it left when it was recorded, and ends of that each time.
void ShutdownSource::end_where_none_can_start() {
  constexpr std::size_t kEnough = 3;
  bool none = !golden_->left.empty() && done() >= kEnough;
  for (const auto& [point, tries] : tried_) {
    for (const StopOutcome& one : tries) {
      none = none && one.by_itself;
    }
  }
  if (none) {
    sweep_.reset();
  }
}

void ShutdownSource::begin(Recording recording) {
  if (record_in_place(recording)) {
    return;
  }
  golden_ = std::move(recording);
  if (!golden_->trouble.empty()) {
    return;
  }
  golden_->in_place = ask_.in_place;
  if (!ask_.base.empty()) {
    keep_asked(*golden_);
    golden_->unasked = ask_.loads ? "" : "the scenario has no load";
    sweep();
    return;
  }
  if (golden_->how == "tls" && ask_.url.starts_with('/')) {
    ask_.url = "https://" + ask_.url;
    golden_->how = "https";
  }
  asking_.at = asked_port(ask_, *golden_);
  if (asking_.at.other) {
    asking_.url = ask_.url.empty() ? kPlain : ask_.url;
    return;
  }
  if (ask_.url.empty() && golden_->how != "http") {
    if (golden_->port != 0) {
      asking_.url = golden_->how == "tls" ? kTls : kPlain;
      return;
    }
    golden_->unasked = "it listens on no TCP port";
  }
  sweep();
}

// Of the recorded calls those that the scenario names.
void ShutdownSource::keep_asked(Recording& recording) const {
  const std::vector<std::string>& asked = ask_.over.calls;
  std::erase_if(recording.calls, [&](const RecordedCall& call) {
    return call.name != "listen" && !asked.empty() &&
           std::find(asked.begin(), asked.end(), call.name) == asked.end();
  });
  auto listen = first_listen(recording.calls);
  if (ask_.over.until_listening && listen != recording.calls.end()) {
    recording.calls.erase(listen + 1, recording.calls.end());
  }
}

// What was asked in the clear may be refused for that (probe.cc).
void ShutdownSource::take_asking(const Result<std::string>& answer) {
  auto read = answer ? parse_recording_line(*answer)
                     : Result<Recording>(answer.error());
  std::string because = read ? read->unasked : read.error().what;
  Asking tried = std::exchange(asking_, {});
  bool plain = tried.url == kPlain;
  bool answers = because.empty();
  asking_.at.port = answers || !tried.at.other ? tried.at.port : 0;
  if (tried.at.other) {
    golden_->port = answers ? tried.at.port : golden_->port;
  } else if (answers) {
    ask_.url = plain ? "" : tried.url;
    golden_->how = plain ? "http" : "https";
    golden_->unasked.clear();
  } else {
    golden_->unasked = golden_->unasked.empty() ? because : golden_->unasked;
    if (plain && !because.starts_with(kNeverAnswered)) {
      asking_.url = kTls;
      return;
    }
  }
  sweep();
}

void ShutdownSource::sweep() {
  bool load = ask_.base.empty() && golden_->unasked.empty();
  ask_.url = load ? at_port(ask_.url, asking_.at.port) : ask_.url;
  lone_ = lone_instants(load, ask_.steps < kManySteps);
  std::stable_sort(lone_.begin(), lone_.end(),
                   [](const Instant& a, const Instant& b) {
                     return rank_of(a.phase) < rank_of(b.phase);
                   });
  lone_.resize(std::min(lone_.size(), std::max(ask_.steps, kFewest)));
  calls_ = call_instants(*golden_);
  for (Instant& instant : lone_) {
    instant.at = time_of(instant, *golden_);
  }
  std::size_t most = ask_.steps > lone_.size() ? ask_.steps - lone_.size() : 0;
  std::vector<SweepPoint> points;
  for (std::size_t i = 0; i < lone_.size(); ++i) {
    points.push_back({kLone, static_cast<std::int64_t>(i)});
  }
  for (std::size_t i : first_look(calls_, ask_.over.time ? 0 : most)) {
    points.push_back({kCalls, static_cast<std::int64_t>(i)});
  }
  if (ask_.over.time) {
    points = even_points(*ask_.over.time, ask_.steps);
  }
  StopOutcome hung;
  hung.end = StopOutcome::End::hung;
  int times = ask_.asked.times;
  sweep_.emplace(points, Sweep::Options{.times = times,
                                        .agree = std::max(3, times * 3 / 5),
                                        .added = ask_.steps,
                                        .costly = hung.text()});
}

StopOutcome ShutdownSource::outcome_of(const SweepPoint& point,
                                       const Result<JudgedRun>& judged) const {
  auto read = judged ? parse_stop_outcome_line(judged->line)
                     : Result<StopOutcome>(judged.error());
  if (read) {
    std::erase_if(read->left_files, [this](const std::string& left) {
      return may_leave(ask_, left);
    });
    return in_its_phase(instant_of(point), *read);
  }
  StopOutcome outcome;
  outcome.why = read.error().what;
  return outcome;
}

std::size_t ShutdownSource::done() const {
  std::size_t out = 0;
  for (const auto& [point, tries] : tried_) {
    out += tries.size();
  }
  return out;
}

// Of one that ended before it was told, or was never ready, with another beside
// it, whether that is why is seen when it is tried again alone.
void ShutdownSource::take_outcome(const Given& given,
                                  const Result<std::string>& answer) {
  const SweepPoint& point = given.point;
  auto judged =
      answer ? parse_judged(*answer) : Result<JudgedRun>(answer.error());
  StopOutcome outcome = outcome_of(point, judged);
  if (sweep_ && given.beside && (outcome.by_itself || outcome.unready)) {
    collided_ = outcome.why;
    sweep_->take_back(point);
    return;
  }
  bool unknown = outcome.end == StopOutcome::End::unknown;
  if (judged && outcome.end != StopOutcome::End::never &&
      unmet_[point].empty()) {
    unmet_[point] = unmet_in(*judged);
  }
  tried_[point].push_back(outcome);
  sink_.result(outcome);
  if (sweep_) {
    sweep_->learned(point, unknown ? "" : outcome.text());
  }
  end_where_none_can_start();
}

void ShutdownSource::learned(const Task& task,
                             const Result<std::string>& answer) {
  auto given = given_.extract(task.number);
  if (!given.empty()) {
    take_outcome(given.mapped(), answer);
    return;
  }
  if (asking_.task == task.number) {
    take_asking(answer);
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
  if (asking_.task == task.number) {
    asking_.task.reset();
  } else if (given.empty()) {
    asked_ = false;
  } else if (sweep_) {
    sweep_->take_back(given.mapped().point);
  }
}

std::size_t ShutdownSource::left() const {
  bool waits = !asked_ || (!asking_.url.empty() && !asking_.task);
  return sweep_ ? sweep_->left() : waits ? 1 : 0;
}

std::vector<SweepPoint> ShutdownSource::in_order() const {
  std::vector<SweepPoint> out;
  for (const auto& [point, tries] : tried_) {
    out.push_back(point);
  }
  std::stable_sort(out.begin(), out.end(),
                   [this](const auto& a, const auto& b) {
                     return is_earlier(instant_of(a), instant_of(b));
                   });
  return out;
}

std::vector<MapPoint> ShutdownSource::points() const {
  std::vector<MapPoint> out;
  for (const SweepPoint& point : in_order()) {
    out.push_back({instant_of(point), tried_.at(point)});
  }
  return out;
}

std::vector<std::vector<Finding>> ShutdownSource::unmet() const {
  std::vector<std::vector<Finding>> out;
  for (const SweepPoint& point : in_order()) {
    auto found = unmet_.find(point);
    out.push_back(found == unmet_.end() ? std::vector<Finding>()
                                        : found->second);
  }
  return out;
}

ShutdownMap ShutdownSource::map(bool interrupted) const {
  ShutdownMap out;
  out.asked = ask_.asked;
  if (golden_) {
    out.golden = *golden_;
  } else {
    out.golden.trouble = "interrupted while a start and a stop were recorded";
  }
  out.collided = collided_;
  out.points = points();
  if (interrupted) {
    out.interrupted =
        fmt::format("interrupted: {} runs were made, at least {} were not",
                    done(), left() + given_.size());
  }
  conclude_map(out);
  return out;
}

}  // namespace faultrig
