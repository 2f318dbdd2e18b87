// A number of a process says nothing once the process has ended; a pidfd does
// (pidfd_open(2)), so it is opened first and asked last. Of a parent we have
// the number only, but a parent is older than its child: start times
// (proc_pid_stat(5)) show a number that was given to somebody else since.
#include "harness/os/lineage.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "harness/os/shim_processes.h"

namespace faultrig {

namespace {

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif

constexpr int kMostParents = 4096;

// /proc/PID/status; empty: it is gone.
std::string status_of(int pid) {
  return read_file(AT_FDCWD, "/proc/" + std::to_string(pid) + "/status", 16384)
      .value_or("");
}

// What stands there behind `name`, in this base; 0: nothing.
std::uint64_t number_in(const std::string& status, const std::string& name,
                        int base) {
  std::string key = "\n" + name + ":";
  std::size_t at = status.find(key);
  return at == std::string::npos
             ? 0
             : std::strtoull(status.c_str() + at + key.size(), nullptr, base);
}

}  // namespace

Result<Peer> peer_of(const Fd& connection) {
  ucred creds{};
  socklen_t size = sizeof creds;
  if (getsockopt(connection.get(), SOL_SOCKET, SO_PEERCRED, &creds, &size) !=
      0) {
    return system_error("ask who has connected", errno);
  }
  if (creds.pid <= 0) {
    return system_error("ask who has connected", ESRCH);
  }
  int number = -1;
  size = sizeof number;
  if (getsockopt(connection.get(), SOL_SOCKET, SO_PEERPIDFD, &number, &size) ==
      0) {
    return Peer{creds.pid, Fd(number)};
  }
  TRY_ASSIGN(Fd pidfd, open_pidfd(creds.pid));
  return Peer{creds.pid, std::move(pidfd)};
}

bool runs_file(int pid, const std::string& path) {
  struct stat running {};
  struct stat wanted {};
  std::string program = "/proc/" + std::to_string(pid) + "/exe";
  return stat(program.c_str(), &running) == 0 &&
         stat(path.c_str(), &wanted) == 0 && running.st_dev == wanted.st_dev &&
         running.st_ino == wanted.st_ino;
}

std::optional<std::vector<int>> parents_below(int ancestor, int pid) {
  std::vector<int> parents;
  auto child = stat_of(pid);
  for (int hops = 0; child && hops < kMostParents; ++hops) {
    auto parent = stat_of(child->ppid);
    if (!parent || parent->start > child->start) {
      return std::nullopt;
    }
    if (child->ppid == ancestor) {
      return parents;
    }
    parents.push_back(child->ppid);
    child = parent;
  }
  return std::nullopt;
}

int tracer_of(int pid) {
  return static_cast<int>(number_in(status_of(pid), "TracerPid", 10));
}

bool has_been_killed(int tid) {
  std::string status = status_of(tid);
  std::uint64_t pending =
      number_in(status, "SigPnd", 16) | number_in(status, "ShdPnd", 16);
  return (pending >> (SIGKILL - 1) & 1) != 0;
}

}  // namespace faultrig
