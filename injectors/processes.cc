// Caps how many processes and threads a link may have: pids.max in cgroups(7),
// as `docker run --pids-limit` and a pod's limit do. fork(2) and clone(2) then
// say EAGAIN. What proves it is the counter of the group itself, `max` of
// pids.events. The surprise: threads count. A Go program that is refused a
// thread by its runtime does not get an error, it dies: `failed to create new
// OS thread`, exit code 2.
#include "harness/inject/cap_injector.h"

namespace faultrig {

namespace {

const Section& section() {
  static const Section kSection{
      .name = "processes",
      .summary =
          "caps the processes and threads of a link, so that no more "
          "can be started",
      .fields = {{.key = "max",
                  .kind = Kind::integer,
                  .summary = "pids.max of the link's cgroup: processes and "
                             "threads at once",
                  .required = true,
                  .least = 1}},
  };
  return kSection;
}

Result<std::unique_ptr<Injector>> make(const FaultSpec& spec) {
  auto max =
      static_cast<std::uint64_t>(spec.fault.params.get<std::int64_t>("max"));
  return make_cap_injector(spec, Controller::pids, max, kNeedsPids);
}

}  // namespace

const InjectorType& processes_injector() {
  static const InjectorType kType{
      &section(),
      "max of the pids.events of the link's cgroup rose, with as many tasks in "
      "it as it may have",
      make};
  return kType;
}

}  // namespace faultrig
