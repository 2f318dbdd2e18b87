#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "harness/run/go_watch.h"
#include "harness/run/loop.h"
#include "harness/run/recorder.h"
#include "harness/run/run_links.h"
#include "harness/run/run_processes.h"
#include "harness/run/survivors.h"

namespace faultrig {

// What the end of a run asks of it, and tells it.
struct EndEvents {
  // This process has ended, as the shim tells.
  std::function<void(RunProcess&, const Ended&)> ended;
  // One of this link that was held is at its first instruction.
  std::function<void(Link)> ready;
  // All is about to be killed: what can be told no more then.
  std::function<void()> last_look;
  // This process is about to get a signal of ours.
  std::function<void(int pid)> stopping;
};

// How the processes of a run end, by themselves or by force, which ends the
// run, and what becomes of what lives on. Not after fork.
class RunEnding {
 public:
  // What it works with; all must outlive it.
  struct Tools {
    Session& session;
    Needs& needs;  // of the service
    Loop& loop;
    Recorder& recorder;
    RunProcesses& processes;
    const RunLinks& links;
    const TestDoor& door;
  };
  RunEnding(Tools tools, EndEvents events);
  RunEnding(const RunEnding&) = delete;
  RunEnding& operator=(const RunEnding&) = delete;
  ~RunEnding() = default;

  const Survivors& survivors() const { return survivors_; }
  // From now on the loop wakes when something ends, we are to stop, or what the
  // service needs is there no more, which ends the run; until leave().
  void begin();
  void leave() { tools_.needs.leave(); }
  // Looks from now on where go works.
  void watch_go() { go_.watch(); }
  // Takes what the shim has told meanwhile.
  void take_ends();

  // The workload is over: what it left gets a moment to end by itself, is told
  // as a leftover, and is killed.
  void settle();
  // Kills all of it now, and tells the signals as ours; gives up, and tells,
  // what lives on all the same.
  void by_force(const std::string& why);
  // Kills all of it now.
  void kill_everything();
  // Tells that we are about to send a signal to this process, whose later end
  // is ours then.
  void tell_our_signal(const LiveProcess& process, int signal,
                       const std::string& why);

 private:
  void take_held();
  std::vector<Fd> watch_populations();

  Tools tools_;
  EndEvents events_;
  Survivors survivors_;
  GoWatch go_;
  bool news_awaited_ = false;  // of its end, past the deadline
};

}  // namespace faultrig
