#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "harness/os/stream_socket.h"
#include "harness/run/connect_fate.h"
#include "harness/run/dependency_book.h"
#include "harness/run/dns_book.h"
#include "harness/run/loop.h"
#include "harness/run/proxied_stream.h"

namespace faultrig {

// Stands between one link's processes and what they depend on: their own
// sockets are connected to a listener of ours (pidfd_getfd(2)), and what comes
// there goes on to where they meant it to go, as far as faults let it.
// Everything ends with it.
class DependencyProxy {
 public:
  // Streams to the resolvers of `names`, which must outlive it, are its too.
  DependencyProxy(Loop& loop, DependencyBook book, DnsBook& names);
  DependencyProxy(const DependencyProxy&) = delete;
  DependencyProxy& operator=(const DependencyProxy&) = delete;
  ~DependencyProxy();

  ConnectFate take(AskedConnect asked);
  // From now on connections meet this fault, or do no more.
  void select(FaultId fault, bool active);

 private:
  using StreamPtr = std::shared_ptr<ProxiedStream>;
  // Where the sockets of one network come to us, each from its own address.
  struct Door {
    Fd listener;
    std::map<std::string, StreamPtr> expected;
    std::shared_ptr<InetSockets> sockets;  // none: they are not told
  };
  // A connect(2) that is not settled yet.
  struct Waiting {
    AskedConnect asked;
    Fd socket;  // the caller's
    Network network;
    StreamPtr stream;
    std::uint64_t number = 0;  // of the stream
    bool over = false;
  };
  using WaitingPtr = std::shared_ptr<Waiting>;

  FaultId fault_of(const DependencyUse& use) const;
  ConnectFate refuse(const AskedConnect& asked, DependencyUse& use,
                     std::size_t fault);
  bool is_full(std::size_t fault) const;
  bool stands_alone(const DependencyUse& use) const;
  Result<> begin(AskedConnect& asked, DependencyUse use, Fd socket);
  void await_room(const WaitingPtr& waiting);
  void await(const WaitingPtr& waiting, int error, bool alone);
  void settle(Waiting& waiting, int error);
  void drop(Waiting& waiting);
  void pass_by(Waiting& waiting, const std::string& why);
  int lead_in(Waiting& waiting);
  Result<Door*> door_for(const Network& network, int family);
  void take_in(Door& door, StreamPtr next);

  Loop& loop_;
  Crowd crowd_;
  DependencyBook book_;
  DnsBook& names_;
  std::map<std::pair<std::uint64_t, int>, Door> doors_;
  std::map<std::uint64_t, StreamPtr> streams_;  // as they came
  std::uint64_t last_stream_ = 0;
  std::list<WaitingPtr> waiting_;
};

}  // namespace faultrig
