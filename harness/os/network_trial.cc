// A kernel may know nf_tables and lack one expression of a rule, as it may let
// an ordinary user make a namespace in which then nothing is allowed: so all of
// it is tried.
#include "harness/os/network_trial.h"

#include <sched.h>

#include <cerrno>

#include "harness/os/own_user.h"
#include "harness/os/packet_rules.h"
#include "harness/os/shim_network.h"
#include "harness/os/tried_in_child.h"

namespace faultrig {

namespace {

int make_and_rule(const RuleNetwork& step) {
  if (needs_own_user() && unshare(CLONE_NEWUSER) != 0) {
    return errno;
  }
  int failed = make_network();
  NetworkFds made = kNoNetwork;
  return failed != 0 ? failed : rule_network(step, made);
}

}  // namespace

Result<> try_network(bool packets) {
  RuleNetwork step;
  step.filtered = packets;
  if (packets) {
    PacketRule lost{"lost", PacketRule::Fate::lose, 0.5, 1, "\x7f\1\1\1", 8};
    PacketRule rejected{"rejected", PacketRule::Fate::reject};
    step.routes = orders_for_any_address(false);
    step.rules = orders_to_set({lost, rejected});
  }
  return tried_in_child(packets ? "set rules for packets" : "have a network",
                        [&] { return make_and_rule(step); });
}

}  // namespace faultrig
