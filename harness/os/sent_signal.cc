// Numbers of processes are those of the caller's namespace (pid_namespaces(7)):
// what it is called there is the last of NSpid in /proc/PID/status, and of a
// pidfd /proc/PID/fdinfo says whom it stands for, by our numbers
// (pidfd_open(2), proc_pid_fdinfo(5)). kill(-1) does not reach who calls it
// (kill(2)). tgkill(2) and rt_tgsigqueueinfo(2) name a process, and then one of
// its threads; a signal that kills does so to all of them. Who listens is told
// by its sockets, on copies of their descriptors (pidfd_getfd(2),
// SO_ACCEPTCONN in socket(7)).
#include "harness/os/sent_signal.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "harness/base/fd.h"
#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/base/whole_number.h"
#include "harness/os/call_shape.h"
#include "harness/os/lineage.h"
#include "harness/os/proc_path.h"
#include "harness/os/shim_processes.h"
#include "harness/os/socket_option.h"

namespace faultrig {

namespace {

constexpr std::size_t kMost = 64 << 10;
// PIDFD_SELF_THREAD and PIDFD_SELF_THREAD_GROUP of linux/pidfd.h (6.14).
constexpr int kOwnThread = -10000;
constexpr int kOwnGroup = -10001;

// The last number of the line that begins so; nothing without one.
std::optional<int> last_number(const std::string& file, std::string_view key) {
  const std::string text = read_file(AT_FDCWD, file, kMost).value_or("");
  for (std::string_view line : lines_of(text)) {
    if (line.starts_with(key)) {
      return whole_number<int>(line.substr(line.find_last_of(" \t") + 1));
    }
  }
  return std::nullopt;
}

// To whom a call sends.
struct Addressee {
  bool itself = false;  // who calls is among them
  int process = 0;      // by our number; 0: no single one, or nobody can tell
  int group = 0;        // the same of a group
};

// Has the caller the same numbers as we?
bool has_our_numbers(const std::string& status) {
  const std::string text = read_file(AT_FDCWD, status, kMost).value_or("");
  for (std::string_view line : lines_of(text)) {
    if (line.starts_with("NSpid:")) {
      return line.find('\t') == line.rfind('\t');
    }
  }
  return false;
}

int our_group_of(int pid) {
  auto stat = stat_of(pid);
  return stat ? stat->group : 0;
}

// A process, by its number; the name of a file of the caller's with its own.
Addressee of_number(int target, const std::string& status) {
  Addressee out;
  out.itself = last_number(status, "NSpid:") == target;
  out.process = !out.itself && has_our_numbers(status) ? target : 0;
  return out;
}

Addressee by_number(const Notification& waiting, int pid) {
  auto target = static_cast<int>(waiting.args[0]);
  std::string status = proc_path(pid, "status");
  if (target > 0) {
    return of_number(target, status);
  }
  Addressee out;
  out.itself = target == 0 ||
               (target != -1 && last_number(status, "NSpgid:") == -target);
  bool ours = target < -1 && has_our_numbers(status);
  out.group = out.itself ? our_group_of(pid) : ours ? -target : 0;
  return out;
}

// No groups of processes.
Addressee by_process(const Notification& waiting, int pid) {
  auto target = static_cast<int>(waiting.args[0]);
  return target > 0 ? of_number(target, proc_path(pid, "status")) : Addressee();
}

Addressee by_thread(const Notification& waiting, int pid) {
  auto target = static_cast<int>(waiting.args[0]);
  std::string thread = "task/" + std::to_string(waiting.tid) + "/status";
  Addressee out = by_process(waiting, pid);
  out.itself =
      out.itself || last_number(proc_path(pid, thread), "NSpid:") == target;
  if (out.process != 0) {
    out.process = process_of_thread(out.process).value_or(0);
    out.itself = out.itself || out.process == pid;
  }
  return out;
}

Addressee by_pidfd(const Notification& waiting, int pid) {
  auto number = static_cast<int>(waiting.args[0]);
  Addressee out;
  out.process =
      last_number(proc_path(pid, "fdinfo/" + std::to_string(number)), "Pid:")
          .value_or(0);
  out.itself =
      number == kOwnThread || number == kOwnGroup || out.process == pid;
  return out;
}

// Who dies already does not die of what is sent now.
bool lives(int pid) {
  auto stat = stat_of(pid);
  return stat && !stat->exiting && stat->state != 'Z' && stat->state != 'X' &&
         !has_been_killed(pid);
}

bool listens(const Notification& waiting, int pid) {
  std::vector<int> numbers = open_descriptors(pid);
  return std::any_of(numbers.begin(), numbers.end(), [&](int number) {
    if (!descriptor_target(waiting.tid, number).starts_with("socket:")) {
      return false;
    }
    auto copy = copy_descriptor_of(waiting.tid, pid, number);
    return copy && socket_option(*copy, SO_ACCEPTCONN) == 1;
  });
}

struct SignalCall {
  std::string_view name;
  Addressee (*addressee)(const Notification& waiting, int pid);
  std::size_t signal;  // which of its arguments
};
constexpr std::array<SignalCall, 6> kSignalCalls{
    {{"kill", by_number, 1},
     {"tgkill", by_process, 2},
     {"tkill", by_thread, 1},
     {"rt_sigqueueinfo", by_process, 1},
     {"rt_tgsigqueueinfo", by_process, 2},
     {"pidfd_send_signal", by_pidfd, 1}}};

}  // namespace

std::string sent_signal(const std::string& call, const Notification& waiting,
                        int pid) {
  const SignalCall* known = shape_of(kSignalCalls, call);
  if (known == nullptr) {
    return "";
  }
  auto signal = static_cast<int>(waiting.args[known->signal]);
  Addressee to = known->addressee(waiting, pid);
  std::string name = signal_name(signal) + " to ";
  std::string group = " group " + std::to_string(to.group);
  bool whole = to.group != 0 && to.group != pid && lives(to.group);
  if (!to.itself) {
    bool one = to.process != 0 && lives(to.process);
    return name + (one     ? "process " + std::to_string(to.process)
                   : whole ? group.substr(1)
                           : "another");
  }
  return name + "itself" + (whole ? "," + group : "") +
         (signal > 0 && can_kill(signal) && listens(waiting, pid)
              ? ", listening"
              : "");
}

}  // namespace faultrig
