// Gives a link less time on processors: cpu.max in cgroups(7), cpu.cfs_quota_us
// on v1, as `docker run --cpus` and a pod's CPU limit do. In each 100 ms its
// threads may run for so long together; then all of them stand until the next.
// What proves it is the group's own counter, nr_throttled of cpu.stat. The
// surprise: a program is not slower evenly. It runs at full speed and then
// stands for up to a tenth of a second, which deadlines notice and averages
// do not. Go 1.25 and newer start with fewer threads, too: they read the cap.
#include <cmath>

#include "harness/inject/cap_injector.h"
#include "harness/os/cgroup_caps.h"

namespace faultrig {

namespace {

// The kernel takes no quota below a millisecond (min_cfs_quota_period).
constexpr std::uint64_t kLeast = 1000;

const Section& section() {
  static const Section kSection{
      .name = "cpu",
      .summary = "gives a link less time on processors",
      .fields = {{.key = "max",
                  .kind = Kind::percent,
                  .summary = "cpu.max of the link's cgroup: a share of one "
                             "processor, 1% at least",
                  .required = true}},
  };
  return kSection;
}

std::uint64_t quota_of(const FaultSpec& spec) {
  double share = spec.fault.params.get<double>("max");
  return static_cast<std::uint64_t>(
      std::llround(share * static_cast<double>(kCpuPeriod.count())));
}

Result<std::unique_ptr<Injector>> make(const FaultSpec& spec) {
  if (quota_of(spec) < kLeast) {
    return usage_error("max is below 1%: the kernel takes no less");
  }
  const std::optional<Trigger>& until = spec.fault.until;
  if (until && until->waits_for(Trigger::When::effects)) {
    return usage_error(
        "the kernel counts periods, many in a second: until takes no effects "
        "here");
  }
  return make_cap_injector(spec, Controller::cpu, quota_of(spec), kNeedsCpu);
}

}  // namespace

const InjectorType& cpu_injector() {
  static const InjectorType kType{
      &section(), "nr_throttled of the cpu.stat of the link's cgroup rose",
      make};
  return kType;
}

}  // namespace faultrig
