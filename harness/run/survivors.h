#pragma once

#include <vector>

#include "harness/run/needs.h"
#include "harness/run/recorder.h"
#include "harness/run/run_links.h"
#include "harness/run/session.h"
#include "harness/run/test_door.h"

namespace faultrig {

// Which processes of the workload live, by cgroup and by descent, whoever knows
// of them; and their end. Witnesses are none of them, nor is what a service
// needs. Not after fork.
class Survivors {
 public:
  // All must outlive it.
  Survivors(Session& session, const RunLinks& links, const Needs& needs,
            const TestDoor& door)
      : session_(session), links_(links), needs_(needs), door_(door) {}

  // Who adopts orphans: the shim, and where the workload has killed it, we.
  int root() const;
  // All that descend from there.
  std::vector<int> family() const;
  std::vector<int> pids() const;
  // Kills them all, and waits for that; whoever forks all the time is not
  // waited for.
  void kill() const;
  // Of those that live: that nothing could end them.
  void tell_immortals(Recorder& recorder) const;

 private:
  void kill_one_by_one() const;

  Session& session_;
  const RunLinks& links_;
  const Needs& needs_;
  const TestDoor& door_;
};

}  // namespace faultrig
