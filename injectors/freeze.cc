// Lets a link stand still for a while, all of it at once: what a hypervisor
// does to a guest that it moves, and a host without memory to what it swaps.
// The freezer (freezer.state on v1, cgroup.freeze on v2 in cgroups(7)) sends no
// signal, so that the program has no way to see it but the clock, which went
// on. The proof is the kernel's word that all stand, and that no thread of
// them ran until they went on (schedstat in proc(5)). The surprise: timers that
// were due meanwhile all fire at once, and what waits at the other end has
// given up.
#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "harness/base/units.h"
#include "harness/inject/injector.h"
#include "harness/inject/run.h"

namespace faultrig {

namespace {

using std::chrono::nanoseconds;

// A thread in the kernel stands when its call returns: soon, or when a fault
// lets go of it that delays it for seconds. So often it is looked at each
// millisecond, then each twentieth of a second.
constexpr nanoseconds kLook{1'000'000};
constexpr nanoseconds kLaterLook{50'000'000};
constexpr int kSoonLooks = 2000;

const Section& section() {
  static const Section kSection{
      .name = "freeze",
      .summary = "lets all processes of a link stand still for a while",
      .fields = {{.key = "for",
                  .kind = Kind::duration,
                  .summary = "so long from the moment at which all stand; or "
                             "until says when they go on"},
                 {.key = "of",
                  .kind = Kind::choice,
                  .summary = "group: all processes of the link's cgroup",
                  .fallback = "group",
                  .choices = {"group"}}},
  };
  return kSection;
}

class FreezeInjector final : public Injector {
 public:
  explicit FreezeInjector(const FaultSpec& spec)
      : fault_(spec.id),
        at_(spec.fault.at),
        for_(spec.fault.params.get_or("for", nanoseconds(0))) {}

  Result<> prepare(Launch& launch) const override {
    launch.needs.emplace_back(kNeedsFreezer);
    return Ok{};
  }

  bool ready(const Run& run) const override {
    return !run.processes(at_).empty();
  }

  Result<> arm(Run& run) override {
    run_ = &run;
    TRY(run.group(at_).freeze(true));
    frozen_ = true;
    look(0);
    return Ok{};
  }

  bool can_release() const override { return for_.count() == 0; }
  Result<> release(Run&) override { return go_on(); }

  void last_look() noexcept override {
    if (frozen_) {
      tell_effect();
    }
  }
  void disarm() noexcept override {
    if (frozen_) {
      (void)go_on();
    }
  }

 private:
  void look(int looks) {
    if (!frozen_) {
      return;
    }
    GroupTools::Standing now = run_->group(at_).standing();
    if (!now.all) {
      run_->after(looks < kSoonLooks ? kLook : kLaterLook,
                  [this, looks] { look(looks + 1); });
      return;
    }
    stood_at_ = run_->now();
    ran_ = now.ran;
    if (for_.count() > 0) {
      run_->after(for_, [this] {
        if (frozen_ && go_on()) {
          run_->tell_release(fault_, "after " + format_duration(for_));
        }
      });
    }
  }

  Result<> go_on() {
    tell_effect();
    frozen_ = false;
    return run_->group(at_).freeze(false);
  }

  // What ran meanwhile did not stand still, whatever the group said.
  void tell_effect() {
    GroupTools::Standing now = run_->group(at_).standing();
    nanoseconds since = std::exchange(stood_at_, nanoseconds(0));
    if (since.count() == 0 || !now.all || !ran_ || now.ran != ran_) {
      return;
    }
    Observation effect;
    effect.source = Source::cgroup;
    effect.fact = Fact::fault_activated;
    effect.fault = fault_;
    effect.link = link_name(at_);
    effect.at = since;
    effect.text = "its processes stood still for " +
                  format_elapsed(run_->now() - since) +
                  ", and no thread of them ran";
    run_->record(std::move(effect));
  }

  FaultId fault_;
  Link at_;
  nanoseconds for_;
  Run* run_ = nullptr;
  bool frozen_ = false;
  nanoseconds stood_at_{0};
  std::optional<nanoseconds> ran_;
};

Result<std::unique_ptr<Injector>> make(const FaultSpec& spec) {
  bool time = spec.fault.params.has("for");
  if (time == spec.fault.until.has_value()) {
    return usage_error(time ? "either for or until says when it goes on"
                            : "for is missing, or until");
  }
  if (time && spec.fault.params.get<nanoseconds>("for").count() <= 0) {
    return usage_error("for is no time");
  }
  const Trigger::When theirs[] = {
      Trigger::When::output, Trigger::When::call, Trigger::When::listening,
      Trigger::When::accepted, Trigger::When::answered};
  bool alone = spec.fault.at == Link::command || spec.fault.at == Link::service;
  bool never = std::any_of(
      std::begin(theirs), std::end(theirs), [&](Trigger::When when) {
        return alone && spec.fault.until && spec.fault.until->waits_for(when);
      });
  if (never) {
    return usage_error(
        "what stands still does nothing that until could wait for");
  }
  if (spec.fault.until && spec.fault.until->waits_for(Trigger::When::effects)) {
    return usage_error(
        "what stands still is counted when it goes on: until "
        "takes no effects here");
  }
  return std::unique_ptr<Injector>(std::make_unique<FreezeInjector>(spec));
}

}  // namespace

const InjectorType& freeze_injector() {
  static const InjectorType kType{
      &section(),
      "all processes of the group stood (freezer.state, cgroup.events), and no "
      "thread of them ran until they went on",
      make};
  return kType;
}

}  // namespace faultrig
