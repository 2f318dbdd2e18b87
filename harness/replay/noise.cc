// What a Go program that has no trouble fails in, by strace(1): epoll_ctl(2) on
// a regular file gives EPERM, what would block EAGAIN, a connect(2) that goes
// on EINPROGRESS, a question for pidfds EINVAL; the loader, the resolver and
// the time zone look where nothing is.
#include "harness/replay/noise.h"

#include <algorithm>
#include <array>

#include "harness/base/text.h"

namespace faultrig {

namespace {

struct Row {
  std::string_view call;  // glob
  std::string_view error;
  std::string_view path;  // glob
  CallWeight weight;
};

constexpr auto kNothing = CallWeight::nothing;
constexpr auto kLittle = CallWeight::little;

// The first that fits counts. EAGAIN of clone(2) is the limit of processes.
constexpr std::array kRows{
    Row{"*clone*", "EAGAIN", "*", CallWeight::some},
    Row{"*fork", "EAGAIN", "*", CallWeight::some},
    Row{"setrlimit", "EPERM", "*", kNothing},
    Row{"*", "EAGAIN", "*", kNothing},
    Row{"*", "EINTR", "*", kNothing},
    Row{"*", "ERESTART*", "*", kNothing},
    Row{"connect", "EINPROGRESS", "*", kNothing},
    Row{"connect", "ENOENT", "*/nscd/socket", kNothing},
    Row{"connect", "EAFNOSUPPORT", "*", kLittle},
    Row{"readlink*", "EINVAL", "*", kNothing},
    Row{"wait*", "ECHILD", "*", kNothing},
    Row{"waitid", "EINVAL", "*", kNothing},
    Row{"pidfd_*", "*", "*", kNothing},
    Row{"clone*", "EINVAL", "*", kNothing},
    Row{"lseek", "ESPIPE", "*", kNothing},
    Row{"ioctl", "ENOTTY", "*", kNothing},
    Row{"*prctl", "EINVAL", "*", kNothing},
    Row{"getpeername", "ENOTCONN", "*", kNothing},
    Row{"shutdown", "ENOTCONN", "*", kNothing},
    Row{"*sockopt", "ENOPROTOOPT", "*", kNothing},
    Row{"unlink*", "EISDIR", "*", kNothing},
    Row{"unlink*", "ENOENT", "*", kLittle},
    Row{"unlink*", "ENOTDIR", "*", kLittle},
    Row{"mkdir*", "EEXIST", "*", kLittle},
    Row{"*", "ENOENT", "/etc/ld.so.*", kNothing},
    Row{"*", "ENOENT", "*/glibc-hwcaps/*", kNothing},
    Row{"*", "ENOENT", "*/lib*.so*", kNothing},
    Row{"*", "ENOENT", "*/locale/*", kNothing},
    Row{"*", "ENOENT", "/etc/localtime", kNothing},
    Row{"*", "ENOENT", "*/zoneinfo*", kNothing},
    Row{"*", "ENOENT", "/etc/nsswitch.conf", kNothing},
    Row{"*", "ENOENT", "/etc/mdns.allow", kNothing},
    Row{"*", "ENOENT", "/etc/*gai.conf", kNothing},
    Row{"*", "ENOENT", "/sys/*", kNothing},
    Row{"*", "ENOENT", "/proc/*", kNothing},
    Row{"*", "ENOENT", "/dev/tty", kNothing},
    Row{"*access*", "ENOENT", "*", kLittle},
    Row{"*stat*", "ENOENT", "*", kLittle},
    Row{"*stat*", "ENOTDIR", "*", kLittle},
    Row{"*getxattr", "ENODATA", "*", kNothing},
    Row{"*getxattr", "EOPNOTSUPP", "*", kNothing},
};

constexpr std::array<std::string_view, 24> kIdle{"futex",
                                                 "epoll_pwait",
                                                 "epoll_pwait2",
                                                 "epoll_wait",
                                                 "epoll_ctl",
                                                 "nanosleep",
                                                 "clock_nanosleep",
                                                 "sched_yield",
                                                 "rt_sigreturn",
                                                 "rt_sigaction",
                                                 "rt_sigprocmask",
                                                 "sigaltstack",
                                                 "madvise",
                                                 "tgkill",
                                                 "getpid",
                                                 "gettid",
                                                 "clock_gettime",
                                                 "restart_syscall",
                                                 "munmap",
                                                 "brk",
                                                 "set_robust_list",
                                                 "rseq",
                                                 "poll",
                                                 "ppoll"};

}  // namespace

CallWeight weight_of(std::string_view call, std::string_view error,
                     std::string_view path) {
  const auto* row =
      std::find_if(kRows.begin(), kRows.end(), [&](const Row& one) {
        return glob_match(one.call, call) && glob_match(one.error, error) &&
               glob_match(one.path, path);
      });
  return row == kRows.end() ? CallWeight::some : row->weight;
}

bool is_idle_call(std::string_view call) {
  return std::find(kIdle.begin(), kIdle.end(), call) != kIdle.end();
}

}  // namespace faultrig
