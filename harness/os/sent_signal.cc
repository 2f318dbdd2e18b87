// Numbers of processes are those of the caller's namespace (pid_namespaces(7)):
// what it is called there is the last of NSpid in /proc/PID/status, and of a
// pidfd /proc/PID/fdinfo says whom it stands for, by our numbers
// (pidfd_open(2), proc_pid_fdinfo(5)). kill(-1) does not reach who calls it
// (kill(2)).
#include "harness/os/sent_signal.h"

#include <fcntl.h>

#include <optional>
#include <string_view>

#include "harness/base/fd.h"
#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/base/whole_number.h"
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

bool is_own_number(int target, int pid) {
  std::string status = proc_path(pid, "status");
  if (target > 0) {
    return last_number(status, "NSpid:") == target;
  }
  return target == 0 ||
         (target != -1 && last_number(status, "NSpgid:") == -target);
}

bool is_own_thread(int target, int pid, int tid) {
  std::string thread = "task/" + std::to_string(tid) + "/status";
  return is_own_number(target, pid) ||
         last_number(proc_path(pid, thread), "NSpid:") == target;
}

bool is_own_pidfd(int number, int pid) {
  return number == kOwnThread || number == kOwnGroup ||
         last_number(proc_path(pid, "fdinfo/" + std::to_string(number)),
                     "Pid:") == pid;
}

std::optional<bool> is_to_itself(const std::string& call,
                                 const Notification& waiting, int pid) {
  auto target = static_cast<int>(waiting.args[0]);
  if (call == "kill") {
    return is_own_number(target, pid);
  }
  if (call == "rt_sigqueueinfo") {
    return target > 0 && is_own_number(target, pid);
  }
  if (call == "tkill") {
    return is_own_thread(target, pid, waiting.tid);
  }
  if (call == "pidfd_send_signal") {
    return is_own_pidfd(target, pid);
  }
  return std::nullopt;
}

}  // namespace

std::string sent_signal(const std::string& call, const Notification& waiting,
                        int pid) {
  auto itself = is_to_itself(call, waiting, pid);
  if (!itself) {
    return "";
  }
  std::string name = signal_name(static_cast<int>(waiting.args[1]));
  return name + (*itself ? " to itself" : " to another");
}

}  // namespace faultrig
