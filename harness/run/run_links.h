#pragma once

#include <filesystem>
#include <map>
#include <vector>

#include "harness/run/run_link.h"

namespace faultrig {

// The links of a run: go and the test, or one alone; and the group in which
// witnesses stand where go itself is capped. Not after fork.
class RunLinks {
 public:
  explicit RunLinks(RunLink::Tools tools) : tools_(std::move(tools)) {}
  RunLinks(const RunLinks&) = delete;
  RunLinks& operator=(const RunLinks&) = delete;
  ~RunLinks() = default;

  // Makes ready those that the plan has.
  Result<> prepare(const std::filesystem::path& scratch);
  // One that the plan has.
  RunLink& at(Link link) { return links_.at(link); }
  const RunLink& at(Link link) const { return links_.at(link); }
  const std::map<Link, RunLink>& all() const { return links_; }
  // What a witness writes to, to leave the group of go.
  const std::vector<int>& witness_joins() const {
    return witness_group_.join_fds();
  }

  // As LinkCalls has them.
  void select(FaultId fault, bool select) const;
  void activate_trigger(FaultId fault, bool ends) const;

  // Is somebody left of this link whose calls are answered?
  bool is_watched(Link link) const;
  // How many calls have waited for an answer until now.
  std::size_t heard() const;
  // The processes in their groups now.
  std::vector<int> members() const;
  // Kills those, and waits until they are gone, as Cgroup::kill().
  void kill() const;
  // A descriptor each that polls POLLPRI when its group has got its first
  // member or lost its last; none where one cannot tell.
  std::vector<Fd> population_events() const;

  // The workload is over: tells all that the kernel has counted.
  void tell_all() const;
  // Nobody answers their calls any more.
  void stop_answering();
  // Gives the groups back, which kills what is left there.
  void give_back();

 private:
  RunLink::Tools tools_;
  std::map<Link, RunLink> links_;
  Cgroup witness_group_;
};

}  // namespace faultrig
