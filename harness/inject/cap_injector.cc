#include "harness/inject/cap_injector.h"

#include "harness/inject/run.h"

namespace faultrig {

namespace {

class CapInjector final : public Injector {
 public:
  CapInjector(Link at, const CountedCap& cap, const char* need)
      : at_(at), cap_(cap), need_(need) {}

  Result<> prepare(Launch& launch) const override {
    launch.needs.emplace_back(need_);
    return launch.links[at_].add_cap(cap_);
  }

  Result<> arm(Run& run) override {
    return cap_.from_start ? Result<>(Ok{}) : run.group(at_).set_cap(cap_);
  }

  bool can_release() const override { return true; }
  Result<> release(Run& run) override {
    return run.group(at_).lift_cap(cap_.controller);
  }

 private:
  Link at_;
  CountedCap cap_;
  const char* need_;
};

}  // namespace

std::unique_ptr<Injector> make_cap_injector(const FaultSpec& spec,
                                            Controller controller,
                                            std::uint64_t max,
                                            const char* need) {
  CountedCap cap{spec.id, controller, max, spec.from_start()};
  return std::make_unique<CapInjector>(spec.fault.at, cap, need);
}

}  // namespace faultrig
