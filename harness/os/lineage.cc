// A number of a process says nothing once the process has ended; a pidfd does
// (pidfd_open(2)), so it is opened first and asked last. Of a parent we have
// the number only, but a parent is older than its child: start times
// (proc_pid_stat(5)) show a number that was given to somebody else since.
#include "harness/os/lineage.h"

#include <sys/socket.h>
#include <sys/stat.h>

#include <cerrno>
#include <csignal>

#include "harness/os/proc_status.h"
#include "harness/os/shim_processes.h"

namespace faultrig {

namespace {

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif

constexpr int kMostParents = 4096;

// The signals that stand there behind `name`.
std::uint64_t signals_in(std::string_view status, std::string_view name) {
  return number_in_status(status, name, 16).value_or(0);
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
  return static_cast<int>(
      number_in_status(proc_status(pid), "TracerPid").value_or(0));
}

bool has_been_killed(int tid) {
  std::string status = proc_status(tid);
  std::uint64_t pending =
      signals_in(status, "SigPnd") | signals_in(status, "ShdPnd");
  return (pending >> (SIGKILL - 1) & 1) != 0;
}

}  // namespace faultrig
