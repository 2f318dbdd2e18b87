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
#include "harness/run/link_recording.h"
#include "harness/run/loop.h"
#include "harness/run/rule_book.h"
#include "harness/run/session.h"
#include "harness/run/shifted_clock.h"

namespace faultrig {

// What one link's calls are stopped by, and what knows how they are answered.
struct LinkCalls {
  std::unique_ptr<RuleBook> rules;           // none: nothing is stopped
  std::unique_ptr<DnsBook> names;            // where a rule redirects
  std::unique_ptr<DnsRelay> relay;           // as well
  std::unique_ptr<DependencyProxy> proxy;    // as well
  std::unique_ptr<ShiftedClock> clock;       // where a fault steps it
  std::shared_ptr<LinkDisk> disk;            // where it has one
  std::shared_ptr<LinkRecording> recording;  // where its crashes are tried
  std::optional<InstallFilter> filter;

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
};

// Compiles the filter of a link, and tells what a filter around us hides from
// it. Nothing is stopped where no fault and no expectation asks for a call.
// Forks; not after fork.
Result<LinkCalls> make_link_calls(Link link, const LinkSetup& setup,
                                  std::uint64_t seed,
                                  const LinkCallTools& tools);

}  // namespace faultrig
