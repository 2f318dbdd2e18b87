#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/inject/run.h"
#include "harness/model/observe.h"
#include "harness/model/scenario.h"
#include "harness/run/goroutine_facts.h"
#include "harness/run/loop.h"
#include "harness/run/program_stacks.h"
#include "harness/run/recorder.h"
#include "harness/run/test_events.h"

namespace faultrig {

// Looks at the goroutines of a run's program while it runs, at the moments that
// its scenario names, and tells what it saw. Without an observer it does
// nothing. A look is taken from outside, of a program that goes on; where looks
// are dear, or many were asked for, some are left out, so that they take half
// of the time at most. Not after fork.
class GoroutineLooks {
 public:
  // What it works with; all must outlive it.
  struct Tools {
    Loop& loop;
    Recorder& recorder;
    ProgramStacks& programs;
    // Of a link, those that live.
    std::function<std::vector<LiveProcess>(Link link)> processes;
  };
  // `scenario` must outlive it.
  GoroutineLooks(const Scenario& scenario, Tools tools);
  ~GoroutineLooks() = default;
  GoroutineLooks(const GoroutineLooks&) = delete;
  GoroutineLooks& operator=(const GoroutineLooks&) = delete;

  // A process of this link is at its first instruction: if it is the program,
  // it is looked at once its runtime has begun.
  void started(Link link);
  // Is looked at in the next turn(), where the scenario asks for that.
  void came(LookMoment moment, const std::string& what = "");
  // A line of the workload: on stdout it may tell that a test begins.
  void line(std::string_view line, bool is_stdout, TestLines lines);
  bool wants_lines() const { return asks(LookMoment::test); }
  // Once a turn of the loop. Of moments of one kind that came at once, the last
  // one is told: those before it are over.
  void turn();
  // This signal is about to be sent: looks now, the first time, if it tells a
  // service to stop.
  void before_stop(int signal);

  // When to call nearly_over(), of a program that has so long yet.
  std::chrono::nanoseconds before(std::chrono::nanoseconds left) const;
  // So long is left: looks at what may hang, once, where that is little.
  void nearly_over(std::chrono::nanoseconds left);

  // This process is about to exit, and waits for leave. Nothing: it has it;
  // else it is to be asked again after so long, since some of its goroutines
  // may be about to end.
  // Only of the program is it asked, and of no service.
  std::optional<std::chrono::nanoseconds> before_exit(Link link, int pid);
  // Does a process wait so, when its time is over? True once.
  bool is_exiting();

 private:
  const std::optional<GoroutineObserver>& observer() const {
    return scenario_.observe.goroutines;
  }
  bool asks(LookMoment moment) const {
    return observer() && observer()->looks_at(moment);
  }
  Link own_link() const { return scenario_.workload.main_link(); }
  void note(std::string_view moment, const std::string& what);
  void tick();
  void try_starts(int tries);
  bool is_due(std::string_view moment);
  void look(std::string_view moment, const std::string& what);
  void tell(const ProcessLook& one, std::string_view moment,
            const std::string& what);

  const Scenario& scenario_;
  Tools tools_;
  std::map<std::string, std::string, std::less<>> pending_;  // moment, of what
  std::set<FaultId> effects_told_;
  std::set<int> seen_to_start_;
  std::set<int> starting_;
  std::set<int> looked_at_;
  bool ticking_ = false;
  bool stop_seen_ = false;
  bool late_seen_ = false;
  bool put_off_ = false;
  std::map<int, std::size_t> exiting_;  // by pid: how often it was asked
  // Of the looks at moments that come again and again.
  struct Pace {
    std::size_t came = 0;
    std::size_t taken = 0;
    std::size_t stride = 1;
  };
  std::map<std::string, Pace, std::less<>> paces_;
  Loop::Clock::time_point rested_{};
};

}  // namespace faultrig
