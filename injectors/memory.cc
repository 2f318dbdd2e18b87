// Caps the memory of a link's cgroup until the OOM killer comes: memory.max and
// memory.swap.max in cgroups(7), memory.limit_in_bytes on v1. What proves it is
// the cgroup's own oom_kill counter, never the text `signal: killed`, which a
// CPU limit or anybody's kill -9 prints as well. The surprise: only one process
// is killed, and a parent that ignores its child's end lets the test pass;
// `group` kills all of them at once.
//
// Or holds it back above a limit without killing anybody: memory.high, of v2
// alone. Whoever goes beyond it has to give memory back first, and sleeps; the
// proof is `high` of memory.events. The surprise: where there is nothing to
// give back, as of a Go heap without swap, a program all but stands still.
#include "harness/inject/cap_injector.h"
#include "harness/inject/injector.h"
#include "harness/inject/run.h"

namespace faultrig {

namespace {

// Below this, exec itself fails inside the group.
constexpr Bytes kLeast{1 << 20};

const Section& section() {
  static const Section kSection{
      .name = "memory",
      .summary = "caps memory: the kernel's OOM killer comes, or holds it back",
      .fields = {{.key = "max",
                  .kind = Kind::size,
                  .summary = "memory.max of the link's cgroup, at least 1MiB: "
                             "beyond it the OOM killer comes"},
                 {.key = "high",
                  .kind = Kind::size,
                  .summary =
                      "memory.high of it, at least 1MiB: beyond it the "
                      "kernel holds it back and kills nobody; cgroup v2"},
                 {.key = "swap",
                  .kind = Kind::size,
                  .summary = "memory.swap.max, where there is swap",
                  .fallback = "0"},
                 {.key = "group",
                  .kind = Kind::boolean,
                  .summary =
                      "kill the whole cgroup at once (memory.oom.group; on "
                      "cgroup v1 faultrig kills the rest itself)",
                  .fallback = "false"}},
      .exactly_one_of = {{"max", "high"}},
      .at_most_one_of = {{"high", "swap"}, {"high", "group"}},
  };
  return kSection;
}

class MemoryInjector final : public Injector {
 public:
  explicit MemoryInjector(const FaultSpec& spec) : at_(spec.fault.at) {
    const Params& params = spec.fault.params;
    limit_.fault = spec.id;
    limit_.max = params.get<Bytes>("max");
    limit_.swap = params.get<Bytes>("swap");
    limit_.group = params.get<bool>("group");
    limit_.from_start = spec.from_start();
  }

  Result<> prepare(Launch& launch) const override {
    launch.needs.emplace_back(kNeedsMemoryCgroup);
    std::optional<MemoryLimit>& slot = launch.links[at_].memory;
    if (slot) {
      return usage_error("one link can have one memory limit");
    }
    slot = limit_;
    return Ok{};
  }

  Result<> arm(Run& run) override {
    return limit_.from_start ? Result<>(Ok{})
                             : run.group(at_).limit_memory(limit_);
  }

  bool can_release() const override { return true; }
  Result<> release(Run& run) override {
    return run.group(at_).lift_memory_limit();
  }

 private:
  Link at_;
  MemoryLimit limit_;
};

Result<std::unique_ptr<Injector>> make(const FaultSpec& spec) {
  const Params& params = spec.fault.params;
  std::string key = params.has("high") ? "high" : "max";
  auto bound = params.get<Bytes>(key);
  if (bound < kLeast) {
    return usage_error(key + " is below 1MiB: no program starts in that");
  }
  if (key == "high") {
    return make_cap_injector(spec, Controller::memory, bound.count,
                             kNeedsMemoryHigh);
  }
  return std::unique_ptr<Injector>(std::make_unique<MemoryInjector>(spec));
}

}  // namespace

const InjectorType& memory_injector() {
  static const InjectorType kType{
      &section(),
      "the oom_kill counter of the link's cgroup rose; of high, the high one",
      make};
  return kType;
}

}  // namespace faultrig
