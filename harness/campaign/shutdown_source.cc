// The recording says what a start is made of; whether the service answers what
// it is to be asked under load is found out by asking it once.
#include "harness/campaign/shutdown_source.h"

#include <algorithm>
#include <array>
#include <tuple>
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

// When an instant that is no call's comes, as it was recorded: since exec.
std::chrono::nanoseconds time_of(const Instant& instant,
                                 const Recording& golden) {
  std::chrono::nanoseconds from{0};
  if (instant.tie == Instant::Tie::ready) {
    from = golden.ready;
  } else if (instant.tie == Instant::Tie::listening) {
    auto listen = std::find_if(
        golden.calls.begin(), golden.calls.end(),
        [](const RecordedCall& call) { return call.name == "listen"; });
    from = listen == golden.calls.end() ? golden.ready : listen->at;
  }
  return from + instant.after + instant.again;
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

// The order of a life: within a phase calls as they came, what is tied to
// listen(2) before them, and what is not tied to a call behind.
bool is_earlier(const Instant& a, const Instant& b) {
  auto key = [](const Instant& instant) {
    bool called = instant.tie == Instant::Tie::call;
    bool ready = instant.tie == Instant::Tie::ready;
    return std::tuple(instant.phase,
                      called  ? 1
                      : ready ? 2
                              : 0,
                      instant.at, instant.after, instant.again);
  };
  return key(a) < key(b);
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

Task ShutdownSource::task(const std::string& yaml, ShutdownRun run) {
  return {numbers_++, shutdown_order(run, yaml, !ask_.base.empty())};
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
  if (!to_ask_.empty() && !asking_) {
    sink_.progress("asking for " + to_ask_);
    Task out = task(*asking_yaml(ask_, to_ask_), ShutdownRun::asking);
    asking_ = out.number;
    return out;
  }
  // Two in one network may want the same port, two with one file the same
  // socket, and one would end of that.
  bool alone = golden_ && (!golden_->own_network || !golden_->shared.empty());
  bool waits = alone && !given_.empty();
  auto point = sweep_ && !waits ? sweep_->next() : std::nullopt;
  if (!point) {
    return std::nullopt;
  }
  auto yaml = instant_yaml(ask_, instant_of(*point));
  sink_.progress(fmt::format(
      "{}/{} {}: {}", done_ + 1, done_ + given_.size() + 1 + sweep_->left(),
      phase_name(instant_of(*point).phase), instant_of(*point).text()));
  if (!yaml) {
    cannot_ = yaml.error();
    return std::nullopt;
  }
  Task out = task(*yaml, ShutdownRun::instant);
  given_[out.number] = *point;
  return out;
}

void ShutdownSource::begin(Recording recording) {
  golden_ = std::move(recording);
  if (!golden_->trouble.empty()) {
    return;
  }
  if (!ask_.base.empty()) {
    keep_asked(*golden_);
    golden_->unasked = ask_.loads ? "" : "the scenario has no load";
    sweep();
    return;
  }
  if (ask_.url.empty() && golden_->how != "http") {
    if (golden_->port != 0) {
      to_ask_ = golden_->how == "tls" ? kTls : kPlain;
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
  auto listen = std::find_if(
      recording.calls.begin(), recording.calls.end(),
      [](const RecordedCall& call) { return call.name == "listen"; });
  if (ask_.over.until_listening && listen != recording.calls.end()) {
    recording.calls.erase(listen + 1, recording.calls.end());
  }
}

// What was asked in the clear may be refused for that (probe.cc).
void ShutdownSource::take_asking(const Result<std::string>& answer) {
  auto read = answer ? parse_recording_line(*answer)
                     : Result<Recording>(answer.error());
  std::string because = read ? read->unasked : read.error().what;
  bool plain = to_ask_ == kPlain;
  asking_.reset();
  if (because.empty()) {
    ask_.url = plain ? "" : to_ask_;
    golden_->how = plain ? "http" : "https";
    golden_->unasked.clear();
  } else {
    golden_->unasked = golden_->unasked.empty() ? because : golden_->unasked;
    if (plain && !because.starts_with(kNeverAnswered)) {
      to_ask_ = kTls;
      return;
    }
  }
  to_ask_.clear();
  sweep();
}

void ShutdownSource::sweep() {
  bool load = ask_.base.empty() && golden_->unasked.empty();
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

void ShutdownSource::take_outcome(const SweepPoint& point,
                                  const Result<std::string>& answer) {
  auto judged =
      answer ? parse_judged(*answer) : Result<JudgedRun>(answer.error());
  auto read = judged ? parse_stop_outcome_line(judged->line)
                     : Result<StopOutcome>(judged.error());
  StopOutcome outcome;
  if (read) {
    outcome = in_its_phase(instant_of(point), *read);
  } else {
    outcome.why = read.error().what;
  }
  bool unknown = outcome.end == StopOutcome::End::unknown;
  if (judged && outcome.end != StopOutcome::End::never &&
      unmet_[point].empty()) {
    unmet_[point] = unmet_in(*judged);
  }
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
  if (asking_ == task.number) {
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
  if (asking_ == task.number) {
    asking_.reset();
  } else if (given.empty()) {
    asked_ = false;
  } else {
    sweep_->take_back(given.mapped());
  }
}

std::size_t ShutdownSource::left() const {
  bool waits = !asked_ || (!to_ask_.empty() && !asking_);
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
  out.points = points();
  if (interrupted) {
    out.interrupted =
        fmt::format("interrupted: {} runs were made, at least {} were not",
                    done_, left() + given_.size());
  }
  conclude_map(out);
  return out;
}

}  // namespace faultrig
