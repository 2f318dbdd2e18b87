// A file has no one end: each open file of it has an offset of its own
// (open(2)), and what was appended by one is overwritten by another whose
// offset stands before it. So a regular file is written through the open file
// of its owner (pidfd_getfd(2)), whose offset that moves. Where Yama forbids
// that (ptrace(2): we are below it, not above), only what comes after the
// owner's end is safe.
#include "harness/os/others_stderr.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "harness/base/fd.h"
#include "harness/os/shim_processes.h"

namespace faultrig {

namespace {

std::string place_of(int pid, const char* what) {
  return "/proc/" + std::to_string(pid) + "/" + what + "/2";
}

Result<Fd> open_to_append(int pid) {
  return open_file(AT_FDCWD, place_of(pid, "fd"),
                   O_WRONLY | O_APPEND | O_NOCTTY | O_NONBLOCK);
}

bool is_regular(int pid) {
  struct stat status {};
  return stat(place_of(pid, "fd").c_str(), &status) == 0 &&
         S_ISREG(status.st_mode);
}

// `flags:` in /proc/PID/fdinfo/N, octal (proc_pid_fdinfo(5)).
bool appends(int pid) {
  auto text = read_file(AT_FDCWD, place_of(pid, "fdinfo"), 4096);
  std::size_t at = text ? text->find("flags:") : std::string::npos;
  return at != std::string::npos &&
         (strtoul(text->c_str() + at + 6, nullptr, 8) & O_APPEND) != 0;
}

Result<> write_line(const Fd& file, const std::string& text) {
  ssize_t put = write(file.get(), text.data(), text.size());
  if (put != static_cast<ssize_t>(text.size())) {
    return system_error("write to the stderr of another process",
                        put < 0 ? errno : ENOSPC);
  }
  return Ok{};
}

// All but these two, which are not the same.
void close_all_but(int one, int other) {
  auto low = static_cast<unsigned>(one < other ? one : other);
  auto high = static_cast<unsigned>(one < other ? other : one);
  if (low > 0) {
    syscall(SYS_close_range, 0U, low - 1, 0U);
  }
  if (high > low + 1) {
    syscall(SYS_close_range, low + 1, high - 1, 0U);
  }
  syscall(SYS_close_range, high + 1, ~0U, 0U);
}

}  // namespace

Result<> append_to_stderr_later(int pid, const std::string& text) {
  TRY_ASSIGN(Fd process, open_pidfd(pid));
  TRY_ASSIGN(Fd file, open_to_append(pid));
  pid_t writer = fork();
  if (writer < 0) {
    return system_error("fork", errno);
  }
  if (writer == 0) {
    setsid();
    close_all_but(process.get(), file.get());
    (void)wait_ended(process.get(), -1);
    _exit(write_line(file, text) ? 0 : 1);
  }
  return Ok{};
}

Result<> write_to_stderr_of(int pid, const std::string& text) {
  if (!is_regular(pid) || appends(pid)) {
    TRY_ASSIGN(Fd file, open_to_append(pid));
    return write_line(file, text);
  }
  TRY_ASSIGN(Fd process, open_pidfd(pid));
  Fd own(static_cast<int>(syscall(SYS_pidfd_getfd, process.get(), 2, 0)));
  return own ? write_line(own, text) : append_to_stderr_later(pid, text);
}

}  // namespace faultrig
