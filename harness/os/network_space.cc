// setns(2) moves one thread, and we have only one, there and back again.
#include "harness/os/network_space.h"

#include <fcntl.h>
#include <linux/sockios.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

#include "harness/os/living_thread.h"
#include "harness/os/socket_cookie.h"

namespace faultrig {

namespace {

Result<Network> network_at(Fd space) {
  struct stat seen {};
  if (fstat(space.get(), &seen) != 0) {
    return system_error("look at a network namespace", errno);
  }
  return Network{std::move(space), seen.st_ino};
}

Result<Fd> any_socket() {
  Fd made(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!made) {
    return system_error("make a socket", errno);
  }
  return made;
}

}  // namespace

Result<Network> network_space_of(int pid) {
  TRY_ASSIGN(Fd space, network_of(pid));
  return network_at(std::move(space));
}

Result<Network> network_space_of_socket(const Fd& socket, int tid) {
  Fd space(ioctl(socket.get(), SIOCGSKNS));
  if (space) {
    return network_at(std::move(space));
  }
  TRY_ASSIGN(Network network, network_space_of(tid));
  TRY_ASSIGN(Fd there, within(network, any_socket));
  if (network_cookie_of(there) != network_cookie_of(socket)) {
    return unsupported_error(
        "its socket is of another network than its thread");
  }
  return network;
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
