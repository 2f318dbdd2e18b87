#pragma once

#include <sys/types.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/base/wait_status.h"
#include "harness/os/cgroup.h"
#include "harness/os/scratch.h"

namespace faultrig::torture {

// How one faultrig ended.
struct Outcome {
  WaitStatus end{0};
  bool hung = false;  // it was killed by us, after the time it had
  double seconds = 0;
  std::string said;  // stdout and stderr

  // `ok`, `FAIL`, `ERROR`, ... of a scenario; empty: it has no verdict.
  std::string verdict_of(const std::string& scenario) const;
  bool says(const std::string& text) const;
  // `exited 3`, or `hung`.
  std::string text() const;
};

// How a faultrig is started: by `wrapper`, which ends in exec, or by itself.
struct Start {
  std::vector<std::string> args;
  std::vector<std::string> wrapper = {};
  int out = -1;  // its stdout, borrowed; -1: kept in Outcome::said
  bool own_group = false;
};

// A place to try things: a folder with scenarios, faultrigs that were started,
// and what of them is left. Everything that it starts carries a mark in its
// environment, by which all descendants are found, wherever they went.
class Yard {
 public:
  Yard();
  ~Yard();
  Yard(const Yard&) = delete;
  Yard& operator=(const Yard&) = delete;

  // Writes NAME.yaml; gives its path.
  std::string scenario(const std::string& name, const std::string& yaml);
  std::string folder(const std::string& name);

  pid_t start(const Start& start);
  // Waits; kills it, and says that it hung, after so many seconds, which are
  // longer where FAULTRIG_SLOW says so, as all are here.
  Outcome end_of(pid_t pid, double seconds);
  Outcome run(const Start& start, double seconds = 30);

  // All that carries our mark, zombies and ourselves left out.
  std::set<int> alive() const;
  // Waits until nobody is, at most so many seconds; gives how long it took, or
  // a negative number.
  double until_nobody(double seconds) const;
  // Cgroups and folders of ours or of dead faultrigs.
  std::vector<std::string> litter() const;
  static std::size_t mounts();

 private:
  TempDir folder_;
  std::string mark_;
  CgroupPlaces places_;
  std::map<pid_t, std::string> outputs_;
  int started_ = 0;
};

std::string faultrig_program();
std::string program_beside(const std::string& name);

// One row of the table. A row that is not `good` makes the program fail.
void row(const std::string& what, const std::string& seen, bool good);
void skipped(const std::string& what, const std::string& needs);
int bad_rows();

double now();

// The parts. `brief`: what CI has time for.
void kills(bool brief);
void ends(bool brief);
void clock(bool brief);
void hostile(bool brief);
void medicine(bool brief);
void runs(bool brief);
void alike(bool brief);

}  // namespace faultrig::torture
