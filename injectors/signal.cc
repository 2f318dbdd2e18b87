// Sends a signal, as an orchestrator, a terminal or kill(1) would. Processes
// are named by pidfd (pidfd_send_signal(2)), so a recycled pid is never hit.
// The surprise: a zombie takes signals without complaint, so a signal counts as
// delivered only to a process that had not ended when it was sent. A child is
// known by the execve(2) with which it became its program.
#include "harness/base/names.h"
#include "harness/inject/injector.h"
#include "harness/inject/run.h"

namespace faultrig {

namespace {

const Section& section() {
  static const Section kSection{
      .name = "signal",
      .summary = "sends a signal to the test binary, to go, or to all of it",
      .fields = {{.key = "send",
                  .kind = Kind::signal,
                  .summary = "which signal",
                  .required = true},
                 {.key = "to",
                  .kind = Kind::choice,
                  .summary =
                      "who gets it: one link, the process group of the first "
                      "link, or every process; default: who `at` names",
                  .choices = {"test", "go", "command", "service", "group",
                              "tree"}},
                 {.key = "times",
                  .kind = Kind::integer,
                  .summary = "how often",
                  .fallback = "1"},
                 {.key = "every",
                  .kind = Kind::duration,
                  .summary = "time between two of them",
                  .fallback = "100ms"}},
  };
  return kSection;
}

class SignalInjector final : public Injector {
 public:
  explicit SignalInjector(const FaultSpec& spec)
      : fault_(spec.id),
        at_(spec.fault.at),
        child_(spec.fault.child),
        from_start_(spec.from_start()),
        signal_(static_cast<int>(spec.fault.params.get<std::int64_t>("send"))),
        to_(spec.fault.params.get_or<std::string>("to", spec.fault.target())),
        times_(spec.fault.params.get<std::int64_t>("times")),
        every_(spec.fault.params.get<std::chrono::nanoseconds>("every")) {}

  // A program that has run may have trapped it, or ended: who is to get it the
  // moment it starts is held until it was sent.
  Result<> prepare(Launch& launch) const override {
    if (!child_.empty()) {
      CallRule execs;
      execs.calls = {"execve", "execveat"};
      launch.links[at_].rules.push_back(std::move(execs));
      return Ok{};
    }
    auto link = link_named(to_);
    launch.stops_service = launch.stops_service || stops_a_service();
    if (from_start_ || (link && *link != at_)) {
      launch.links[link.value_or(at_)].held_for.push_back(fault_);
    }
    return Ok{};
  }

  bool ready(const Run& run) const override {
    if (!child_.empty()) {
      return run.has_child(child_);
    }
    auto link = link_named(to_);
    return !link || !run.processes(*link).empty();
  }

  Result<> arm(Run& run) override {
    auto sent = run.now();  // what comes of it may be seen before we go on
    TRY_ASSIGN(int reached, run.send_signal(to_, signal_));
    if (reached > 0) {
      tell(run, sent, reached);
    }
    if (--times_ > 0 && reached > 0) {
      run.after(every_, [this, &run] { (void)arm(run); });
    }
    return Ok{};
  }

 private:
  bool stops_a_service() const {
    bool reaches = at_ == Link::service && to_ != "test" && to_ != "go";
    return reaches && child_.empty() && is_stop_signal(signal_);
  }

  void tell(Run& run, std::chrono::nanoseconds sent, int reached) const {
    Observation seen;
    seen.at = sent;
    seen.source = Source::kernel;
    seen.fact = Fact::signal_sent;
    seen.fault = fault_;
    seen.number = signal_;
    seen.link = to_;
    run.record(seen);
    seen.fact = Fact::fault_activated;
    seen.text = signal_name(signal_) + " delivered to " + to_;
    if (reached > 1) {
      seen.text += ", " + std::to_string(reached) + " processes";
    }
    run.record(seen);
  }

  FaultId fault_;
  Link at_;
  std::string child_;
  bool from_start_;
  int signal_;
  std::string to_;
  std::int64_t times_;
  std::chrono::nanoseconds every_;
};

Result<std::unique_ptr<Injector>> make(const FaultSpec& spec) {
  if (spec.fault.params.get<std::int64_t>("times") < 1) {
    return usage_error("times must be at least 1");
  }
  if (!spec.fault.child.empty() && spec.fault.params.has("to")) {
    return usage_error("to says who gets it, and so does at: {child: ...}");
  }
  return std::unique_ptr<Injector>(std::make_unique<SignalInjector>(spec));
}

}  // namespace

const InjectorType& signal_injector() {
  static const InjectorType kType{
      &section(), "the kernel took the signal for a process that had not ended",
      make, true};
  return kType;
}

}  // namespace faultrig
