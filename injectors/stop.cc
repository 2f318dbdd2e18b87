// Stops a service as a platform does: out of the balancer, whose clients come
// for a while still; a preStop hook; the signal; and SIGKILL when the grace is
// over. The two begin side by side, and neither waits for the other. Where each
// number comes from stands in docs/injectors/stop.md.
#include <algorithm>
#include <array>
#include <csignal>

#include "harness/base/names.h"
#include "harness/base/units.h"
#include "harness/inject/injector.h"
#include "harness/inject/run.h"

namespace faultrig {

namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

// What a platform does unless it is told otherwise.
struct Platform {
  std::string_view name;
  seconds balancer_lag{0};
  seconds grace{10};
  bool grace_has_pre_stop = false;  // it counts from the beginning
  bool whole_group = false;         // each process gets the signal
};

constexpr std::array<Platform, 4> kPlatforms{
    {{""},
     {"kubernetes", seconds(1), seconds(30), true, false},
     {"docker", seconds(0), seconds(10), false, false},
     {"systemd", seconds(0), seconds(90), false, true}}};

// What each container of a pod has at least, however long its preStop hook took
// (minimumGracePeriodInSeconds of kubelet).
constexpr seconds kLastGrace{2};

const Section& section() {
  static const Section kSection{
      .name = "stop",
      .summary =
          "stops the service as a platform does: its balancer, a preStop "
          "hook, a signal, a grace, SIGKILL",
      .fields = {
          {.key = "like",
           .kind = Kind::choice,
           .summary = "whose defaults the others have",
           .choices = {"kubernetes", "docker", "systemd"}},
          {.key = "signal",
           .kind = Kind::signal,
           .summary = "the signal that asks it to stop",
           .fallback = "SIGTERM"},
          {.key = "balancer_lag",
           .kind = Kind::duration,
           .summary = "how long the load goes on, from the beginning; then "
                      "nothing new is asked; absent: 0s, 1s like kubernetes"},
          {.key = "pre_stop",
           .kind = Kind::duration,
           .summary = "how long the signal waits, from the beginning",
           .fallback = "0s"},
          {.key = "grace",
           .kind = Kind::duration,
           .summary = "from the signal to SIGKILL; like kubernetes from the "
                      "beginning; absent: 10s, 30s like kubernetes, 90s like "
                      "systemd"}}};
  return kSection;
}

const Platform& platform_named(std::string_view name) {
  const Platform* found = kPlatforms.data();
  for (const Platform& one : kPlatforms) {
    found = one.name == name ? &one : found;
  }
  return *found;
}

class StopInjector final : public Injector {
 public:
  explicit StopInjector(const FaultSpec& spec)
      : fault_(spec.id),
        from_start_(spec.from_start()),
        platform_(
            platform_named(spec.fault.params.get_or<std::string>("like", ""))),
        signal_(
            static_cast<int>(spec.fault.params.get<std::int64_t>("signal"))),
        to_(platform_.whole_group ? "tree" : "service"),
        lag_(spec.fault.params.get_or<nanoseconds>("balancer_lag",
                                                   platform_.balancer_lag)),
        wait_(spec.fault.params.get<nanoseconds>("pre_stop")),
        grace_(
            spec.fault.params.get_or<nanoseconds>("grace", platform_.grace)) {
    if (platform_.grace_has_pre_stop) {
      wait_ = std::min(wait_, grace_);
      grace_ = std::max<nanoseconds>(grace_ - wait_, kLastGrace);
    }
  }

  // Who is to get it the moment it starts is held until it was sent.
  Result<> prepare(Launch& launch) const override {
    launch.stops_service = true;
    if (from_start_ && wait_.count() == 0) {
      launch.links[Link::service].held_for.push_back(fault_);
    }
    return Ok{};
  }

  bool ready(const Run& run) const override {
    return !run.processes(Link::service).empty();
  }

  Result<> arm(Run& run) override {
    Observation begun = about(Fact::stop_begun);
    begun.text = words();
    run.record(begun);
    run.expect_stop({signal_, lag_, grace_});
    if (wait_.count() == 0) {
      return send(run);
    }
    run.after(wait_, [this, &run] {
      if (auto sent = send(run); !sent) {
        Observation trouble = about(Fact::trouble);
        trouble.text = sent.error().what;
        run.record(trouble);
      }
    });
    return Ok{};
  }

 private:
  Observation about(Fact fact) const {
    Observation out;
    out.fact = fact;
    out.fault = fault_;
    out.link = link_name(Link::service);
    return out;
  }

  // `kubernetes: load for 1s, SIGTERM after 5s, SIGKILL 25s later`.
  std::string words() const {
    std::string text(platform_.name);
    text += (text.empty() ? "load for " : ": load for ") +
            format_duration(lag_) + ", " + signal_name(signal_) + " after " +
            format_duration(wait_) + ", SIGKILL " + format_duration(grace_);
    return text + " later";
  }

  // Whoever ended during the wait gets nothing, and the fault no effect.
  Result<> send(Run& run) const {
    auto sent = run.now();  // what comes of it may be seen before we go on
    TRY_ASSIGN(int reached, run.send_signal(to_, signal_));
    if (reached == 0) {
      return Ok{};
    }
    Observation seen = about(Fact::signal_sent);
    seen.at = sent;
    seen.source = Source::kernel;
    seen.number = signal_;
    seen.link = to_;
    run.record(seen);
    seen.fact = Fact::fault_activated;
    seen.text = signal_name(signal_) + " delivered to " + to_;
    if (reached > 1) {
      seen.text += ", " + std::to_string(reached) + " processes";
    }
    run.record(seen);
    return Ok{};
  }

  FaultId fault_;
  bool from_start_;
  const Platform& platform_;
  int signal_;
  std::string to_;
  nanoseconds lag_;
  nanoseconds wait_;   // before the signal
  nanoseconds grace_;  // from it on
};

Result<std::unique_ptr<Injector>> make(const FaultSpec& spec) {
  int signal = static_cast<int>(spec.fault.params.get<std::int64_t>("signal"));
  if (spec.fault.at != Link::service) {
    return usage_error("only a service is stopped so");
  }
  if (signal == SIGKILL || signal == SIGSTOP) {
    return usage_error("signal: nobody can be asked by " + signal_name(signal));
  }
  return std::unique_ptr<Injector>(std::make_unique<StopInjector>(spec));
}

}  // namespace

const InjectorType& stop_injector() {
  static const InjectorType kType{
      &section(), "the kernel took the signal for a service that had not ended",
      make};
  return kType;
}

}  // namespace faultrig
