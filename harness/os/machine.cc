#include "harness/os/machine.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string_view>

#include "harness/base/fd.h"

namespace faultrig {

std::chrono::nanoseconds wall_clock() {
  return std::chrono::system_clock::now().time_since_epoch();
}

std::string kernel_version() {
  utsname names{};
  return uname(&names) == 0 ? std::string(names.sysname) + " " + names.release
                            : "unknown";
}

Result<> has_capability(int number) {
  TRY_ASSIGN(std::string status, read_file(AT_FDCWD, "/proc/self/status"));
  constexpr std::string_view kKey = "\nCapEff:\t";
  std::size_t at = status.find(kKey);
  if (at == std::string::npos) {
    return unsupported_error("the kernel does not tell of capabilities");
  }
  const char* digits = status.c_str() + at + kKey.size();
  std::uint64_t held = std::strtoull(digits, nullptr, 16);
  bool there = ((held >> static_cast<unsigned>(number)) & 1U) != 0;
  return there ? Result<>(Ok{}) : unsupported_error("not held here");
}

Result<> make_folder(const std::string& path, unsigned mode) {
  if (mkdir(path.c_str(), 0700) != 0 || chmod(path.c_str(), mode) != 0) {
    return system_error("make the folder " + path, errno);
  }
  return Ok{};
}

Result<> write_program(const std::string& path, const std::string& content,
                       unsigned mode) {
  TRY_ASSIGN(Fd file,
             open_file(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0600));
  ssize_t put = write(file.get(), content.data(), content.size());
  if (put != static_cast<ssize_t>(content.size()) ||
      fchmod(file.get(), mode) != 0) {
    return system_error("write " + path, errno);
  }
  return Ok{};
}

bool is_writable_folder(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
         access(path.c_str(), W_OK | X_OK) == 0;
}

bool is_busy(const std::string& path) {
  pid_t pid = -1;
  std::string word = path;
  char* argv[] = {word.data(), nullptr};
  int failed = posix_spawn(&pid, path.c_str(), nullptr, nullptr, argv, environ);
  if (failed == 0) {
    (void)waitpid(pid, nullptr, 0);
  }
  return failed == ETXTBSY;
}

bool is_program(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         access(path.c_str(), X_OK) == 0;
}

Result<> need_descriptors(std::uint64_t count) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < count) {
    return Error{ErrorKind::system,
                 "needs " + std::to_string(count) +
                     " descriptors, the limit is " +
                     std::to_string(limit.rlim_cur) + ": ulimit -n 1024",
                 EMFILE};
  }
  return Ok{};
}

void take_all_descriptors() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
}

int descriptor_resource() { return RLIMIT_NOFILE; }

}  // namespace faultrig
