#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "harness/inject/run.h"
#include "harness/run/children.h"
#include "harness/run/loop.h"
#include "harness/run/recorder.h"
#include "harness/run/run_links.h"
#include "harness/run/run_processes.h"
#include "harness/run/service_life.h"
#include "harness/run/test_door.h"

namespace faultrig {

// What an injector reaches of a run besides its parts.
struct ReachEvents {
  // Every process of the workload that lives.
  std::function<std::vector<int>()> survivors;
  // This signal is about to be sent.
  std::function<void(int signal)> before_signal;
  // Those that the workload started and a fault is at.
  std::function<Children&()> children;
  // None: the workload is none.
  std::function<ServiceLife*()> service;
  // As Run has it.
  std::function<void(FaultId fault, const std::string& why)> released;
};

// What injectors may touch of a run that lives: each call goes to the part of
// it that it is about. Not after fork.
class InjectorReach final : public Run {
 public:
  // What it works with; all must outlive it.
  struct Tools {
    const std::filesystem::path& scratch;
    Loop& loop;
    Recorder& recorder;
    const RunProcesses& processes;
    RunLinks& links;
    TestDoor& door;
  };
  InjectorReach(Tools tools, ReachEvents events);

  const std::filesystem::path& scratch() const override;
  std::chrono::nanoseconds now() const override;
  void record(Observation observation) override;
  std::vector<LiveProcess> processes(Link link) const override;
  bool has_child(const std::string& program) const override;
  Result<int> send_signal(const std::string& to, int signal) override;
  GroupTools& group(Link link) override;
  void tell_release(FaultId fault, const std::string& why) override;
  void select_calls(FaultId fault, bool select) override;
  void expect_stop(const ServiceStop& stop) override;
  void after(std::chrono::nanoseconds delay,
             std::function<void()> then) override;
  void use_exec_program(const std::filesystem::path& program) override;
  std::string witness_line() const override;
  std::string announce_line(FaultId fault) const override;

 private:
  int signal_group_of_first(int signal) const;
  Result<int> signal_tree(int signal) const;

  Tools tools_;
  ReachEvents events_;
};

}  // namespace faultrig
