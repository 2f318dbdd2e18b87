#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/fd.h"
#include "harness/model/network_fault.h"
#include "harness/model/observation.h"
#include "harness/os/packet_rules.h"
#include "harness/os/shim_wire.h"
#include "harness/run/loop.h"

namespace faultrig {

// The networks of one link's processes while a fault is about them: which rules
// stand there, and what the kernel counted. Not after fork.
class LinkNetwork {
 public:
  struct Tools {
    Loop& loop;
    std::function<void(Observation)> record;
    std::function<bool()> over;  // nothing more is looked at
  };
  LinkNetwork(Link link, const OwnNet& net, Tools tools);

  // What a process of the link does in its network before its exec.
  RuleNetwork step() const;
  // It has been started, and this is what its network is known by.
  void add(int pid, std::vector<Fd> fds);
  // It has ended: what was counted there is told.
  void ended(int pid);

  // Sets the rule of this fault, or has it select nothing more.
  void select(FaultId fault, bool active);
  // Tells what the kernel has counted since it was asked last.
  void tell();

 private:
  struct Space {
    int pid = 0;
    Fd rules;                // netlink(7)
    std::vector<Fd> routes;  // /proc/net/snmp, snmp6
  };
  // One fault, and what it did so far.
  struct Held {
    FaultId fault = kNoFault;
    std::optional<PacketRule> rule;  // none: there is no way out
    bool active = false;
    std::uint64_t counted = 0;  // in networks that are gone, or without it
    std::uint64_t told = 0;
  };
  std::vector<PacketRule> active_rules() const;
  void look();
  void tell(Held& held);
  std::uint64_t counted_in(const Space& space, const Held& held);
  void adapt(const Space& space, const Held& held);
  void order(const Space& space, const std::string& orders);
  void trouble(const std::string& what);

  Link link_;
  bool cut_off_;
  Tools tools_;
  std::vector<Held> held_;
  std::vector<Space> spaces_;
  bool looking_ = false;
};

}  // namespace faultrig
