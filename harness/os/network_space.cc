// setns(2) moves one thread, and we have only one, there and back again.
#include "harness/os/network_space.h"

#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "harness/os/living_thread.h"

namespace faultrig {

Result<Network> network_space_of(int pid) {
  Network out;
  TRY_ASSIGN(out.space, network_of(pid));
  struct stat seen {};
  if (fstat(out.space.get(), &seen) != 0) {
    return system_error("look at a network namespace", errno);
  }
  out.inode = seen.st_ino;
  return out;
}

// Gives ours; without a descriptor where it is the same.
Result<Network> enter(const Network& network) {
  TRY_ASSIGN(Network ours, network_space_of(getpid()));
  if (ours.inode == network.inode) {
    return Network{};
  }
  if (setns(network.space.get(), CLONE_NEWNET) != 0) {
    return system_error("enter the network of the workload", errno);
  }
  return ours;
}

Result<> come_back(const Network& ours) {
  if (ours.space && setns(ours.space.get(), CLONE_NEWNET) != 0) {
    return system_error("come back to our network", errno);
  }
  return Ok{};
}

}  // namespace faultrig
