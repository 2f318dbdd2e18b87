// Numbers of processes are those of the caller's namespace (pid_namespaces(7)):
// what it is called there is the last of NSpid in /proc/PID/status, and of a
// pidfd /proc/PID/fdinfo says whom it stands for, by our numbers
// (pidfd_open(2), proc_pid_fdinfo(5)). kill(-1) does not reach who calls it
// (kill(2)). tgkill(2) and rt_tgsigqueueinfo(2) name a process, and then one of
// its threads; a signal that kills does so to all of them.
#include "harness/os/sent_signal.h"

#include <fcntl.h>

#include <array>
#include <optional>
#include <string_view>

#include "harness/base/fd.h"
#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/base/whole_number.h"
#include "harness/os/call_shape.h"
#include "harness/os/proc_path.h"

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

// Is what the call names, in its first argument, the caller itself?
bool is_own_number(const Notification& waiting, int pid) {
  auto target = static_cast<int>(waiting.args[0]);
  std::string status = proc_path(pid, "status");
  if (target > 0) {
    return last_number(status, "NSpid:") == target;
  }
  return target == 0 ||
         (target != -1 && last_number(status, "NSpgid:") == -target);
}

// No groups of processes.
bool is_own_process(const Notification& waiting, int pid) {
  return static_cast<int>(waiting.args[0]) > 0 && is_own_number(waiting, pid);
}

bool is_own_thread(const Notification& waiting, int pid) {
  std::string thread = "task/" + std::to_string(waiting.tid) + "/status";
  return is_own_process(waiting, pid) ||
         last_number(proc_path(pid, thread), "NSpid:") ==
             static_cast<int>(waiting.args[0]);
}

bool is_own_pidfd(const Notification& waiting, int pid) {
  auto number = static_cast<int>(waiting.args[0]);
  return number == kOwnThread || number == kOwnGroup ||
         last_number(proc_path(pid, "fdinfo/" + std::to_string(number)),
                     "Pid:") == pid;
}

struct SignalCall {
  std::string_view name;
  bool (*is_to_itself)(const Notification& waiting, int pid);
  std::size_t signal;  // which of its arguments
};
constexpr std::array<SignalCall, 6> kSignalCalls{
    {{"kill", is_own_number, 1},
     {"tgkill", is_own_process, 2},
     {"tkill", is_own_thread, 1},
     {"rt_sigqueueinfo", is_own_process, 1},
     {"rt_tgsigqueueinfo", is_own_process, 2},
     {"pidfd_send_signal", is_own_pidfd, 1}}};

}  // namespace

std::string sent_signal(const std::string& call, const Notification& waiting,
                        int pid) {
  const SignalCall* known = shape_of(kSignalCalls, call);
  if (known == nullptr) {
    return "";
  }
  bool itself = known->is_to_itself(waiting, pid);
  std::string name = signal_name(static_cast<int>(waiting.args[known->signal]));
  return name + (itself ? " to itself" : " to another");
}

}  // namespace faultrig
