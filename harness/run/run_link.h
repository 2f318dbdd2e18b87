#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/run/children.h"
#include "harness/run/first_link.h"
#include "harness/run/link_calls.h"
#include "harness/run/link_group.h"
#include "harness/run/needs.h"
#include "harness/run/run_processes.h"
#include "harness/run/supervisor.h"

namespace faultrig {

// What a link asks of its run, and tells it.
struct LinkEvents {
  // Is the run over, so that nothing more is watched?
  std::function<bool()> over;
  // All processes of the run.
  std::function<std::vector<int>()> family;
  // The call that this trigger rule waits for has come.
  std::function<void(const CallRule&)> called;
  // As SupervisorSetup::before_exit.
  std::function<std::optional<std::chrono::nanoseconds>(Link, int pid)>
      before_exit;
  // Is this a witness, which may not be looked into?
  std::function<bool(int pid)> is_witness;
  // Those that a fault is at, which hear of each execve(2).
  std::function<Children&()> children;
  // Does a process of ours listen there, which is no dependency?
  std::function<bool(const std::string& address)> is_ours;
};

// One link of a run: the group that its processes are started in, what they are
// started with, what their calls are stopped by, and who answers those. Not
// after fork.
class RunLink {
 public:
  // What it works with; all must outlive it.
  struct Tools {
    Session& session;
    const Plan& plan;
    const Needs& needs;  // of the service
    Loop& loop;
    Recorder& recorder;
    LinkEvents events;
  };
  RunLink(Link link, const Tools& tools);
  RunLink(const RunLink&) = delete;
  RunLink& operator=(const RunLink&) = delete;
  ~RunLink() = default;

  // Takes a group, sets what is to hold from the start, compiles the filter.
  // `scratch`: the folder of the run.
  Result<> prepare(const std::filesystem::path& scratch);

  const Cgroup& group() const { return group_; }
  // To give it back.
  Cgroup take_group() { return std::move(group_); }
  LinkGroup& tools() const { return *group_tools_; }
  const LinkCalls& calls() const { return calls_; }
  // Is it in a group of its own for the sake of what limits that?
  bool is_limited() const;
  // Only who may make one has it: an ordinary user shares the machine's.
  bool has_own_network() const;

  // What each of its processes does before its exec, but for the filter, which
  // comes last. `fds`: what the steps refer to.
  void add_steps(std::vector<ChildStep>& steps, std::vector<int>& fds) const;
  void add_filter(std::vector<ChildStep>& steps) const;
  // All that the first process of a run does, which is of this link. An error
  // where its program is not there, and nothing else would tell.
  Result<std::vector<ChildStep>> first_steps(const FirstLink& first,
                                             std::vector<int>& fds) const;

  // Answers what this process calls, and those that it starts.
  void supervise(const RunProcess& process, Fd listener);
  // Is there somebody left whose calls are answered?
  bool is_watched() const;
  // How many calls have waited for an answer until now.
  std::size_t heard() const;
  void stop_answering() { supervisors_.clear(); }

 private:
  // Nothing: the plan asks nothing of it.
  const LinkSetup* setup() const;
  SupervisorEvents supervisor_events();

  Link link_;
  const Tools& tools_;
  std::string scratch_;
  Cgroup group_;
  std::unique_ptr<LinkGroup> group_tools_;  // of `group_`
  LinkCalls calls_;
  std::vector<std::unique_ptr<Supervisor>> supervisors_;
};

}  // namespace faultrig
