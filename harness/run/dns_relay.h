#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "harness/os/datagram_socket.h"
#include "harness/run/connect_fate.h"
#include "harness/run/crowd.h"
#include "harness/run/dns_book.h"
#include "harness/run/loop.h"

namespace faultrig {

// Stands between one link's processes and their resolvers over UDP: their own
// sockets are connected to a socket of ours (pidfd_getfd(2)), and what comes
// there goes on to the resolver that they meant, as far as faults let it.
// `book` must outlive it; everything ends with it.
class DnsRelay {
 public:
  DnsRelay(Loop& loop, DnsBook& book);
  DnsRelay(const DnsRelay&) = delete;
  DnsRelay& operator=(const DnsRelay&) = delete;
  ~DnsRelay();

  // `left`: it is none of ours, or goes by us, which has been told; a stream to
  // a resolver is DependencyProxy's.
  ConnectFate take(const AskedConnect& asked);

 private:
  // Where the sockets of one network come to us, each from its own address.
  struct Door {
    Fd socket;
    Network network;
    int family = 0;
  };
  // One socket of the workload's, and its resolver.
  struct Flow {
    DnsAsker asker;
    Door* door = nullptr;
    std::string client;    // its sockaddr
    std::string resolver;  // that of what it meant
    Fd socket;             // the workload's, until its first answer
    Fd ahead;              // ours, to the resolver
    std::string asked;     // what it asked last
    int owed = 0;          // answers of the resolver
    std::uint64_t used = 0;
  };
  using FlowPtr = std::shared_ptr<Flow>;

  ConnectFate shut_out(const AskedConnect& asked);
  void doubt_datagram(const AskedConnect& asked);
  ConnectFate lead(const AskedConnect& asked, Fd socket);
  int lead_in(const AskedConnect& asked, Fd& socket, std::string resolver);
  Result<Door*> door_for(const AskedConnect& asked);
  void on_door(Door& door);
  void ask(const FlowPtr& flow, std::string message);
  void forward(const FlowPtr& flow, const std::string& message);
  bool reach_ahead(const FlowPtr& flow);
  void on_answer(const FlowPtr& flow);
  void refuse(Flow& flow);
  void close_ahead(Flow& flow);
  void close_oldest(std::size_t most);

  Loop& loop_;
  DnsBook& book_;
  Crowd crowd_;
  std::map<std::pair<std::uint64_t, int>, Door> doors_;
  // By the door to which its sockets came, and where they are bound.
  std::map<std::pair<const Door*, std::string>, FlowPtr> flows_;
  std::set<FlowPtr> open_;  // those that have a socket of ours, or theirs
  std::uint64_t uses_ = 0;
  std::set<std::pair<int, FaultId>> told_;
};

}  // namespace faultrig
