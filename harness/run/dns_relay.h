#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/run/connect_fate.h"
#include "harness/run/crowd.h"
#include "harness/run/dns_book.h"
#include "harness/run/dns_door.h"
#include "harness/run/dns_flow.h"
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
  ~DnsRelay() = default;

  // `left`: it is none of ours, or goes by us, which has been told; a stream to
  // a resolver is DependencyProxy's.
  ConnectFate take(const AskedConnect& asked);
  // The workload has ended: takes what it asked last.
  void last_look();

 private:
  using FlowPtr = std::shared_ptr<DnsFlow>;
  using Doors = std::vector<std::unique_ptr<DnsDoor>>;

  ConnectFate shut_out(const AskedConnect& asked);
  void doubt_datagram(const AskedConnect& asked);
  ConnectFate lead(const AskedConnect& asked, Fd socket);
  int lead_in(const AskedConnect& asked, const Fd& socket,
              std::string resolver);
  Result<DnsDoor*> door_for(const AskedConnect& asked, const Fd& socket);
  bool has_another(const DnsDoor& door, const Fd& socket) const;
  bool look_at(DnsDoor& door, const FlowPtr& own);
  FlowPtr flow_from(const DnsDoor& door, std::string_view sender) const;
  void hear(const FlowPtr& flow, DnsDoor::Came came);
  void look_for_lost(const DnsDoor& door);
  void ask(const FlowPtr& flow, std::string message);
  void forward(const FlowPtr& flow, const std::string& message);
  void refuse(const FlowPtr& flow);
  void close_own(std::size_t most);
  int open(const FlowPtr& flow);
  void keep_answered(const FlowPtr& flow);
  std::size_t close(const FlowPtr& flow);
  void close_oldest(std::size_t most);

  Loop& loop_;
  DnsBook& book_;
  Crowd crowd_;
  // By their network and where they stand: several, where sockets are bound to
  // one address.
  std::map<std::pair<std::uint64_t, std::string>, Doors> doors_;
  std::map<std::pair<const DnsDoor*, InetAddress>, FlowPtr> flows_;
  std::set<FlowPtr> open_;                       // those that are
  std::deque<std::weak_ptr<DnsFlow>> answered_;  // of those
  std::deque<FlowPtr> own_;  // those with a door of their own
  std::uint64_t uses_ = 0;
  std::set<std::pair<int, FaultId>> told_;
  std::set<const DnsDoor*> lost_;  // of which that was told
};

}  // namespace faultrig
