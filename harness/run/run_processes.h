#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/inject/run.h"

namespace faultrig {

// A process of the workload whose start we heard of.
struct RunProcess {
  Link link = Link::command;
  int pid = 0;
  Fd pidfd;
  std::string program;
  bool held = false;   // at its exec: that it begins is heard later
  bool ended = false;  // or it is over with it, and nobody hears of its end
  int witness = 0;     // the pid of the one that started it; 0: none did
};

// The processes of a run that we know. The first is the workload: its end is
// that of the run. Not after fork.
class RunProcesses {
 public:
  // The first one is this, which is still to be added.
  void begin(int first_pid) { first_pid_ = first_pid; }
  // The reference holds as long as we do.
  RunProcess& add(RunProcess process);
  // None: we do not know it. It may have ended.
  RunProcess* find(int pid);

  // Those of this link that live, as far as we heard.
  std::vector<LiveProcess> of(Link link) const;
  bool all_ended() const;

  int first_pid() const { return first_pid_; }
  // Of a run whose first one was added.
  const RunProcess& first() const { return processes_.at(first_pid_); }
  // Has it been added, and ended since, heard or not (pidfd_open(2))?
  bool first_is_dead() const;

  // All that is told of the end of this one was told.
  void end_told(int pid) { over_ = over_ || pid == first_pid_; }
  // The run is over, whatever lives.
  void give_up() { over_ = true; }
  bool over() const { return over_; }

 private:
  std::map<int, RunProcess> processes_;  // by pid
  int first_pid_ = 0;
  bool over_ = false;
};

}  // namespace faultrig
