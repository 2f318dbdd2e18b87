// Steps the wall clock of a link: forth as after a machine has slept, back as
// when a wrong clock is set right. Go and C read it by functions that the
// kernel maps into each program (vdso(7)), without a call that could fail. In
// each program that begins those are replaced, while it has one thread and
// waits for us (seccomp_unotify(2)), by some that add what we say. The proof is
// a read of a stepped clock, which asks us. The surprise: what measures time
// goes on as before, and so do the times of files, since the kernel writes
// those.
#include "harness/base/units.h"
#include "harness/inject/call_injector.h"

namespace faultrig {

namespace {

using std::chrono::nanoseconds;

const Section& section() {
  static const Section kSection{
      .name = "clock",
      .summary = "steps the wall clock of a link, forth or back",
      .fields = {{.key = "jump",
                  .kind = Kind::step,
                  .summary = "so much later, or, with a minus, earlier than it "
                             "is, such as 1h or -1h",
                  .required = true}},
      .shorthand = "jump",
  };
  return kSection;
}

class ClockInjector final : public CallInjector {
 public:
  explicit ClockInjector(const FaultSpec& spec)
      : CallInjector(spec),
        at_(spec.fault.at),
        shift_{spec.id, spec.fault.params.get<nanoseconds>("jump"),
               spec.from_start()} {}

  // Programs have such a clock from their beginning on, whenever it steps.
  Result<> prepare(Launch& launch) const override {
    launch.needs.emplace_back(kNeedsForcedWrites);
    launch.links[at_].clock.push_back(shift_);
    return Ok{};
  }

 private:
  Link at_;
  ClockShift shift_;
};

Result<std::unique_ptr<Injector>> make(const FaultSpec& spec) {
  if (spec.fault.params.get<nanoseconds>("jump").count() == 0) {
    return usage_error("jump is no step");
  }
  return std::unique_ptr<Injector>(std::make_unique<ClockInjector>(spec));
}

}  // namespace

const InjectorType& clock_injector() {
  static const InjectorType kType{
      &section(), "a process read the wall clock while it was stepped", make};
  return kType;
}

}  // namespace faultrig
