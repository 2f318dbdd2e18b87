// One thread, one poll: the child's pidfd, our signals, its output, and a clock
// for samples. The child stays in the process group that we were started in and
// we leave it, so that a signal to the group (Ctrl-C, a runner that gives up)
// reaches the child once; what is sent to us alone is forwarded. Who leads a
// group cannot leave it: then what the terminal sends is not forwarded, since
// the child has it already.
#include "harness/os/watch.h"

#include <unistd.h>

#include <utility>

#include "harness/os/live_watch.h"
#include "harness/os/scratch.h"
#include "harness/os/shim_signals.h"

namespace faultrig {

namespace {

// Gives the process group that the child is to be in. One outside our pid
// namespace has no number here (0): whoever leaves it cannot be put back.
int step_out_of_group() {
  int group = getpgrp();
  if (group == 0) {
    return kSameGroup;
  }
  if (group != getpid()) {
    setpgid(0, 0);
  }
  return group;
}

std::vector<std::string> what_is_unknown(const CgroupPlaces& places,
                                         const WatchGroup& group) {
  std::vector<std::string> unknown;
  if (!group.has_memory()) {
    unknown.push_back(
        "OOM kills, and the peak memory of all its processes together: " +
        (places.why_no_memory.empty() ? "no cgroup could be made"
                                      : places.why_no_memory));
  }
  if (!group.exists()) {
    unknown.push_back(
        "the number of processes at most: no cgroup is writable here");
  }
  return unknown;
}

}  // namespace

Result<Watched> watch(const WatchOrder& order) {
  TRY_ASSIGN(Relay relay, Relay::open(order.output));
  SignalState given;
  TRY_ASSIGN(Fd signals, take_all_signals(&given));
  CgroupPlaces places = find_cgroup_places();
  remove_stale_cgroups(places.folders());
  TRY_ASSIGN(WatchGroup group,
             WatchGroup::make(places, owner_name(), order.limits));
  std::vector<std::string> unknown = what_is_unknown(places, group);
  LiveWatch watch(order, std::move(signals), std::move(relay),
                  std::move(group));
  TRY(watch.start(step_out_of_group(), given));
  watch.wait();
  Watched seen = watch.finish();
  seen.unknown.insert(seen.unknown.end(), unknown.begin(), unknown.end());
  return seen;
}

}  // namespace faultrig
