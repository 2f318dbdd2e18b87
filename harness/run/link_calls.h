#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "harness/model/plan.h"
#include "harness/os/seccomp.h"
#include "harness/run/dependency_proxy.h"
#include "harness/run/dns_relay.h"
#include "harness/run/link_disk.h"
#include "harness/run/link_images.h"
#include "harness/run/link_network.h"
#include "harness/run/link_recording.h"
#include "harness/run/loop.h"
#include "harness/run/rule_book.h"
#include "harness/run/session.h"
#include "harness/run/shifted_clock.h"

namespace faultrig {

// What one link's calls are stopped by, and what knows how they are answered;
// its disk and its network, which each of its processes makes for itself.
struct LinkCalls {
  std::unique_ptr<RuleBook> rules;           // none: nothing is stopped
  std::unique_ptr<DnsBook> names;            // where a rule redirects
  std::unique_ptr<DnsRelay> relay;           // as well
  std::unique_ptr<DependencyProxy> proxy;    // as well
  std::unique_ptr<ShiftedClock> clock;       // where a fault steps it
  std::shared_ptr<LinkDisk> disk;            // where it has one
  std::shared_ptr<LinkRecording> recording;  // where its crashes are tried
  std::shared_ptr<LinkImages> images;        // by images of its disk
  std::unique_ptr<LinkNetwork> network;      // where a fault wants one
  std::optional<InstallFilter> filter;

  // How a process of the link gets these two. `own_network`: else it enters
  // that of others, and rule_network() comes behind that. `tmpdir`: what
  // kOwnTmpdir means.
  void add_spaces(std::vector<ChildStep>& steps, bool own_network,
                  const std::string& tmpdir) const;
  void rule_network(std::vector<ChildStep>& steps) const;
  // Is it hidden from the shim whether its exec fails?
  bool hide_exec() const;

  // A process of the link has been started, with these; it has ended.
  void started(int pid, StartedFds& fds) const;
  void ended(int pid) const;
  // Tells what its network has counted.
  void tell() const;

  // From now on rules of this fault select calls, or do no more.
  void select(FaultId fault, bool select) const;
  // What becomes of a call that a rule redirects.
  ConnectFate redirect(AskedConnect asked) const;
  // The workload has ended: tells what has not been told.
  void last_look() const;
  // As RuleBook::activate_trigger.
  void activate_trigger(FaultId fault, bool ends) const;
};

// What that takes of a run; all of it must outlive what is made.
struct LinkCallTools {
  Session& session;
  Loop& loop;
  std::function<void(Observation)> record;
  std::function<std::vector<int>()> processes;  // all of the run's
  std::function<bool()> over;                   // nothing more is looked at
};

// Compiles the filter of a link, and tells what a filter around us hides from
// it. Nothing is stopped where no fault and no expectation asks for a call.
// Forks; not after fork.
Result<LinkCalls> make_link_calls(Link link, const LinkSetup& setup,
                                  std::uint64_t seed,
                                  const LinkCallTools& tools);

}  // namespace faultrig
