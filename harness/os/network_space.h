#pragma once

#include <cstdint>
#include <vector>

#include "harness/base/fd.h"
#include "harness/base/result.h"

namespace faultrig {

// The network namespace of a process: a descriptor, and which one it is.
struct Network {
  Fd space;
  std::uint64_t inode = 0;
};
Result<Network> network_space_of(int pid);
// That of a socket, of which we have a copy: a thread may have gone to another
// one since it was made, and each thread has its own (setns(2), unshare(2)).
// Who may not ask for it (CAP_NET_ADMIN) gets that of the thread `tid`, if that
// is the socket's too; an error: it is not.
Result<Network> network_space_of_socket(const Fd& socket, int tid);

// What a process of ours enters to be in the network of that one, in this order
// (stand_apart()): its user namespace, where it has one that is not ours and we
// are not root, and its network. None: its network is ours.
struct WayToNetwork {
  std::uint64_t inode = 0;  // of the network
  std::vector<Fd> spaces;
};
Result<WayToNetwork> way_to_network(int pid);

// What `make` makes in that network: a Result. A socket belongs to the network
// namespace in which its maker was; we are back in ours afterwards.
Result<Network> enter(const Network& network);
Result<> come_back(const Network& ours);
template <typename Make>
auto within(const Network& network, Make make) -> decltype(make()) {
  TRY_ASSIGN(Network ours, enter(network));
  auto made = make();
  TRY(come_back(ours));
  return made;
}

}  // namespace faultrig
