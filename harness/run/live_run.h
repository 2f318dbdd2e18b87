#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/run/fault_course.h"
#include "harness/run/first_link.h"
#include "harness/run/needs.h"
#include "harness/run/run_deadline.h"
#include "harness/run/run_ending.h"
#include "harness/run/run_links.h"
#include "harness/run/run_observers.h"
#include "harness/run/run_output.h"
#include "harness/run/run_watch.h"
#include "harness/run/runner.h"
#include "harness/run/service_life.h"
#include "harness/run/test_door.h"

namespace faultrig {

// One execution: puts its parts together, owns them, and says in which order
// things are done. Ends with all that belongs to it.
class LiveRun {
 public:
  // `needs`: of the service, all ready; none for another workload.
  LiveRun(Session& session, const Plan& plan, Needs& needs);
  ~LiveRun();
  LiveRun(const LiveRun&) = delete;
  LiveRun& operator=(const LiveRun&) = delete;

  // Makes groups, limits, filters, injectors and the witnesses' door ready.
  // `seek`: what a service is asked for once it is ready, in a second life;
  // nothing in another run.
  Result<> prepare(std::vector<SoughtWrite> seek);
  // The words of a -exec program that is a witness of this run.
  std::vector<std::string> exec_words() const { return door_.exec_words(); }
  // Those that a test binary gets, which we start ourselves.
  std::vector<std::string> profile_flags() {
    return observers_.profiles().flags(RunProfiles::kNoWitness);
  }
  // Starts it and waits until it has ended, all that belongs to it is gone or
  // killed, and all it said is recorded.
  Result<> execute(const FirstLink& first);

  struct Yield {
    std::vector<Observation> trace;
    std::string out;
    std::string err;
    std::map<std::string, std::string> files;  // as Evidence::Parts has them
    // Of the writes that a second life has to find.
    std::vector<std::uint64_t> acknowledged;
  };
  Yield take_yield();
  Recorder& recorder() { return recorder_; }
  // A private folder that ends with the run; empty: it needs none.
  const std::filesystem::path& scratch() const {
    return folders_.scratch.path();
  }
  // For the work of go; empty where go could not work either.
  const std::filesystem::path& work() const { return folders_.work.path(); }

 private:
  // live_run.cc: what the parts ask of each other.
  LinkEvents link_events();
  DoorNews door_news();
  std::unique_ptr<Run> injectors_reach();
  CourseEvents course_events();
  EndEvents end_events();
  ServiceLife::Tools service_tools(std::vector<SoughtWrite> seek);
  // Is a process of this link to be held at its exec?
  bool holds(Link link);

  // live_course.cc: the order of steps.
  RunOutput::Wanted take_line(const RunOutput::Line& line, TestLines lines);
  Result<> launch(const FirstLink& first);
  void link_started(RunProcess process, StartedFds fds, std::int64_t exec_ns);
  // A process of this link is its program, and at its first instruction.
  void link_ready(Link link);
  void link_ended(RunProcess& process, const Ended& ended);
  Result<> wait_for_end();
  void look_around();

  struct Folders {
    TempDir scratch;
    TempDir work;  // of go
  };
  Session& session_;
  const Plan& plan_;
  Loop loop_;
  Recorder recorder_;
  Folders folders_;
  RunLinks links_;
  TestDoor door_;
  FaultCourse course_;
  RunObservers observers_;
  std::unique_ptr<ServiceLife> service_;  // where the workload is one
  RunProcesses processes_;
  RunEnding end_;
  RunDeadline deadline_;
  RunWatch watch_;
  RunOutput output_;
};

}  // namespace faultrig
