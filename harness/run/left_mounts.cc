#include "harness/run/left_mounts.h"

#include "harness/os/shim_mounts.h"

namespace faultrig {

void tell_mounts(Session& session, Recorder& recorder) {
  if (!session.may_have_mounts()) {
    return;
  }
  bool any_kept = false;
  for (const auto& folder : {session.scratch(), session.work()}) {
    MountsFound found = take_off_mounts(folder.string());
    for (const std::string& point : found.taken_off) {
      Observation removed;
      removed.fact = Fact::mount_removed;
      removed.path = point;
      recorder.add(removed);
    }
    for (const MountKept& kept : found.kept) {
      recorder.trouble("cannot take off the mount " + kept.point +
                       " that the workload left: " + kept.why);
      any_kept = true;
    }
  }
  session.mounts_looked_at(any_kept);
}

}  // namespace faultrig
