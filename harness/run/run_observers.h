#pragma once

#include <chrono>
#include <filesystem>

#include "harness/run/goroutine_looks.h"
#include "harness/run/run_processes.h"
#include "harness/run/run_profiles.h"
#include "harness/run/run_spans.h"

namespace faultrig {

// What observes the workload of a run, as far as its scenario asks for that
// (`observe`): each hears of the processes, and tells what it saw. Not after
// fork.
class RunObservers {
 public:
  // All must outlive it.
  RunObservers(const Plan& plan, const GoroutineLooks::Tools& tools);
  RunObservers(const RunObservers&) = delete;
  RunObservers& operator=(const RunObservers&) = delete;
  ~RunObservers() = default;

  // Does one of them need a folder of the run?
  bool want_folder() const { return profiles_.wanted(); }
  // Before anything starts. An error where one of them cannot see what it is
  // asked for.
  Result<> open(const std::filesystem::path& scratch);
  // A process was started, at this time; it has ended.
  void started(const RunProcess& process, std::chrono::nanoseconds at);
  // A process of this link is its program, and at its first instruction.
  void ready(Link link);
  void ended(Link link, const Ended& told, std::chrono::nanoseconds at);
  // All is over: tells what is seen only now.
  void tell(Session& session);

  GoroutineLooks& looks() { return looks_; }
  RunProfiles& profiles() { return profiles_; }
  RunSpans& spans() { return spans_; }

 private:
  Recorder& recorder_;
  Link main_link_;
  GoroutineLooks looks_;
  RunProfiles profiles_;
  RunSpans spans_;
};

}  // namespace faultrig
