#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/os/inet_sockets.h"

namespace faultrig {

// The sockets that processes of the service listen on. What listens and is held
// by none of them is a stranger's, and is never taken for the service's.
class Listeners {
 public:
  Listeners(InetSockets& sockets, std::function<std::vector<int>()> pids)
      : sockets_(sockets), pids_(std::move(pids)) {}

  // Looks. `again`: at those, too, that were a stranger's before. True: what
  // the service listens on has changed.
  Result<bool> look(bool again);

  const std::vector<InetSocket>& ours() const { return ours_; }
  // The one at this port, the last that was seen: it may be gone by now.
  // Nothing where there was none, or where a stranger has the port now.
  std::optional<InetSocket> at_port(int port) const;
  std::vector<std::string> addresses() const;
  // Where it listens with unix sockets; asks the kernel.
  std::set<std::string> unix_places() const { return unix_listeners(pids_()); }
  // Does a stranger listen on this port?
  bool is_taken(int port) const;
  // The address of a socket of the service's that a stranger listens at too
  // (SO_REUSEPORT), so that nobody knows who takes a connection; nothing: none.
  // One that was just started, or is given a socket, may look like a stranger:
  // some looks in a row must have found it.
  std::optional<std::string> shared() const;

 private:
  std::optional<std::string> shared_now() const;
  void learn(const std::set<std::uint64_t>& inodes, bool again);

  InetSockets& sockets_;
  std::function<std::vector<int>()> pids_;
  std::vector<InetSocket> ours_;
  std::map<int, InetSocket> ever_;  // ours, by port
  std::vector<InetSocket> strangers_;
  std::set<std::uint64_t> known_;    // inodes of the service's
  std::set<std::uint64_t> foreign_;  // of the others
  int shared_looks_ = 0;             // in a row
};

}  // namespace faultrig
