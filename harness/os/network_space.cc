// setns(2) moves one thread, and we have only one, there and back again.
#include "harness/os/network_space.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

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

Result<WayToNetwork> way_to_network(int pid) {
  WayToNetwork way;
  TRY_ASSIGN(Network network, network_space_of(pid));
  TRY_ASSIGN(Network ours, network_space_of(getpid()));
  way.inode = network.inode;
  if (network.inode == ours.inode) {
    return way;
  }
  if (geteuid() != 0) {
    TRY_ASSIGN(Fd users,
               open_file(AT_FDCWD, living_thread(pid) + "/ns/user", O_RDONLY));
    struct stat theirs {};
    struct stat own {};
    if (fstat(users.get(), &theirs) != 0 ||
        stat("/proc/self/ns/user", &own) != 0) {
      return system_error("look at a user namespace", errno);
    }
    if (theirs.st_ino != own.st_ino) {
      way.spaces.push_back(std::move(users));
    }
  }
  way.spaces.push_back(std::move(network.space));
  return way;
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
