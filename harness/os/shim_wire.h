#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harness/base/fd.h"
#include "harness/base/result.h"

// What faultrig and its shim say to each other: one datagram a message over a
// SOCK_SEQPACKET socket (unix(7)), descriptors beside it by SCM_RIGHTS. No
// library, so that the shim stays small.
namespace faultrig {

// One thing to do in a process before its exec, as data. They are done in this
// order of kinds: cgroups, limits, folder, mounts, filter last, so that no
// filter has to allow our own calls.
struct JoinCgroup {
  int slot = 0;  // index of the passed descriptor: `tasks` or `cgroup.procs`
};
struct SetRlimit {
  int resource = 0;
  std::uint64_t soft = 0;
  std::uint64_t hard = 0;
};
struct EnterFolder {
  std::string path;
};
// Mounts `path` on itself without exec rights, in a mount namespace of the
// child's own (mount_namespaces(7)); gone with its last process.
struct NoexecFolder {
  std::string path;
};
// seccomp(2). A filter with a listener gives it back with Started.
struct InstallFilter {
  std::string program;  // array of struct sock_filter
  bool listener = false;
  bool no_new_privs = false;
  bool stops_exec = false;  // the filter notifies execve: do not wait for it
};
// A network namespace of the child's own, with loopback up and nothing else
// (network_namespaces(7)); gone with its last process.
struct OwnNetwork {};
// That of another process (setns(2)).
struct EnterNetwork {
  int slot = 0;  // index of the passed descriptor: a /proc/PID/ns/net
};
// The child is process 1 of a PID namespace of its own (pid_namespaces(7)):
// what it starts ends with it.
struct OwnPids {};
// A disk of the child's own over a folder that must be empty, in a mount
// namespace of its own (shim_disk.h); what it is known by comes with Started.
struct MountDisk {
  std::string path;
  std::uint64_t size = 0;     // bytes
  std::uint64_t inodes = 0;   // 0: as many as the kernel likes
  bool own_user = false;      // behind OwnUser, in whose namespace it is
  bool over_content = false;  // which nobody wants to see: a trial
};
// The mounts of a process that had such a disk (setns(2)).
struct EnterDisk {
  int mounts = 0;  // indices of passed descriptors: /proc/PID/ns/mnt and, or
  int users = -1;  // -1, /proc/PID/ns/user
};
// What is on a block device, over a folder, in a mount namespace of the child's
// own; gone from there with its last process.
struct MountImage {
  std::string path;
  std::string device;
  std::string type;  // ext4, xfs
};
// A user namespace of the child's own, in which it is who it was, and may do
// what the steps behind this one need (user_namespaces(7)); its exec ends that.
struct OwnUser {};
// In the network of the child, behind what makes or enters that: orders for
// netlink(7), each sent by itself, and what it is known by, which comes with
// Started (shim_network.h).
struct RuleNetwork {
  std::string routes;     // NETLINK_ROUTE
  std::string routes6;    // the same of IPv6, which may be missing
  std::string rules;      // NETLINK_NETFILTER; empty: none yet
  bool filtered = false;  // a socket for such rules is wanted
};
using ChildStep =
    std::variant<JoinCgroup, SetRlimit, EnterFolder, NoexecFolder,
                 InstallFilter, OwnNetwork, OwnPids, EnterNetwork, MountDisk,
                 EnterDisk, OwnUser, RuleNetwork, MountImage>;

// faultrig -> shim server: start this. Slots 0 and 1 of the descriptors are
// the child's stdout and stderr.
struct LaunchOrder {
  std::vector<std::string> argv;  // argv[0] is a path, not searched
  std::vector<std::string> env;   // NAME=value
  std::vector<ChildStep> steps;
  std::string input;  // path to open as stdin; empty: /dev/null
  bool hold = false;  // at its exec: Held follows Started
};
// faultrig -> witness: do these before the exec.
struct StepOrder {
  std::vector<ChildStep> steps;
  // Slots that the witness itself joins first, so that it is not in a group
  // that a fault caps.
  std::vector<int> witness_slots;
  // What the environment of `go` has for go alone, as the program is to have
  // it: NAME=value, or NAME to take it away.
  std::vector<std::string> restore;
  bool hold = false;  // at its exec: Held follows Started
  // Words for the program, behind its name and before all others.
  std::vector<std::string> words;
};
// faultrig -> shim server: what to remove if faultrig dies. Replaces what was
// said before.
struct OwnOrder {
  std::vector<std::string> cgroups;
  std::vector<std::string> folders;
};
// witness -> faultrig: a -exec program was started by go.
struct Hello {
  int pid = 0;
  std::string program;
};
// broken program -> faultrig: I was started, for this fault.
struct Announce {
  int fault = -1;
  int pid = 0;
};
// shim -> faultrig: exec succeeded (or, with stops_exec, is under way). Slot 0:
// pidfd; next the listener, if one was asked for; then its disk, if one was
// asked for: the mount, what resizes it, its mount and its user namespace; at
// last what its network is known by.
struct Started {
  int pid = 0;
  std::int64_t exec_ns = 0;  // CLOCK_MONOTONIC when it called execve(2)
  bool listens = false;      // a listener is among the descriptors
  int network = 0;           // so many of them are of its network
};
// shim -> faultrig: it is its program now, and waits before its first
// instruction for LetGo.
struct Held {
  int pid = 0;
};
struct LetGo {
  int pid = 0;
};
// shim -> faultrig: no process of ours runs; which step failed and why.
struct LaunchFailed {
  std::string step;
  int os_errno = 0;
};
// shim -> faultrig: the child was reaped.
struct Ended {
  int pid = 0;
  int status = 0;  // raw, wait4(2)
  // From a witness, which read what the child printed: did it, what the
  // testing package said last (PASS, FAIL or nothing), and a process of ours
  // that stays to pass on what survivors still print (0: none).
  bool listened = false;
  std::string last_word;
  int stays = 0;
  std::int64_t at_ns = 0;  // CLOCK_MONOTONIC when it was reaped
};

using Message = std::variant<LaunchOrder, StepOrder, OwnOrder, Hello, Announce,
                             Started, LaunchFailed, Ended, Held, LetGo>;

// What came beside Started, but for the pidfd.
struct StartedFds {
  Fd listener;           // of its filter, if it has one
  std::vector<Fd> disk;  // the mount, what resizes it, its namespaces
  std::vector<Fd>
      network;  // as in NetworkFds, without those that are not there
};

struct Packet {
  Message message;
  std::vector<Fd> fds;
  // Who sent it, by the kernel's word (SCM_CREDENTIALS in unix(7)); 0: unknown,
  // as where neither end has asked for it (sign_packets()).
  int sender = 0;
};

constexpr std::size_t kMaxPassedFds = 32;

// Sends one message; `fds` stay the caller's. Never raises SIGPIPE. Large
// messages travel in a memfd. Fails when the peer is gone (EPIPE).
Result<> send_packet(int socket, const Message& message,
                     const std::vector<int>& fds = {});

// Messages over this socket carry who sent them. Both ends call it: the sender,
// so that it is noted before the receiver has asked.
Result<> sign_packets(int socket);

// Receives one message; blocks unless the socket is non-blocking. Nothing: the
// peer closed. EAGAIN is an error with that os_errno. A malformed message is an
// internal error; nothing of it is acted upon.
Result<std::optional<Packet>> receive_packet(int socket);

// Takes from the descriptors of a packet what Started says of them.
StartedFds fds_of(const Started& started, std::vector<Fd>& fds);

// For tests and fuzzing: the bytes of a message, and back.
std::string encode(const Message& message);
std::optional<Message> decode(std::string_view bytes);

}  // namespace faultrig
