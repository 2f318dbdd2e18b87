// Who may read another's memory is decided as for an attach by ptrace(2): the
// same user and a process that may be dumped, or CAP_SYS_PTRACE over its user
// namespace; then comes Yama (Documentation/admin-guide/LSM/Yama.rst). The
// kernel says EPERM for all of it, so what it was is asked of /proc afterwards.
#include "harness/os/memory_access.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "harness/base/fd.h"
#include "harness/os/living_thread.h"
#include "harness/os/proc_path.h"
#include "harness/os/waiting_thread.h"

namespace faultrig {

namespace {

std::string namespace_of(const std::string& process, const char* name) {
  std::error_code failed;
  return std::filesystem::read_symlink(process + "/ns/" + name, failed)
      .string();
}

int yama_scope() {
  auto text = read_file(AT_FDCWD, "/proc/sys/kernel/yama/ptrace_scope", 16);
  return text ? std::atoi(text->c_str()) : 0;  // NOLINT: 0 is none
}

// The owner of its folder is root where it may not be dumped.
std::string why_not(int pid) {
  struct stat owner {};
  bool known = stat(proc_path(pid, "").c_str(), &owner) == 0;
  int scope = yama_scope();
  if (scope == 3) {
    return "Yama forbids it to all until the next start of this machine "
           "(kernel.yama.ptrace_scope is 3)";
  }
  if (known && geteuid() != 0 && owner.st_uid != geteuid()) {
    return "it belongs to user " + std::to_string(owner.st_uid) +
           ", or may not be dumped; run faultrig as that user or as root";
  }
  if (geteuid() != 0 && scope > 0) {
    return "Yama forbids it (kernel.yama.ptrace_scope is " +
           std::to_string(scope) +
           "); run faultrig as root, or sysctl kernel.yama.ptrace_scope=0";
  }
  return "CAP_SYS_PTRACE over it is missing; run faultrig as root outside of "
         "containers, or give its container that capability";
}

}  // namespace

int living_thread_of(int pid) {
  std::string path = living_thread(pid);
  return std::atoi(path.c_str() + path.rfind('/') + 1);  // NOLINT: 0 is none
}

Result<> may_read_memory(int pid, std::uint64_t address) {
  std::string process = "process " + std::to_string(pid);
  char byte = 0;
  errno = 0;
  if (read_some_memory(living_thread_of(pid), address, &byte, 1) == 1) {
    return Ok{};
  }
  int refused = errno;
  if (access(proc_path(pid, "").c_str(), F_OK) != 0) {
    return usage_error("there is no " + process);
  }
  if (!has_living_thread(pid)) {
    return usage_error(process + " has ended");
  }
  if (refused != EPERM && refused != EACCES) {
    return Ok{};  // nothing is there: it is another kind of program, or execs
  }
  return unsupported_error("the memory of " + process +
                           " may not be read: " + why_not(pid));
}

bool shares_clock(int pid) {
  std::string ours = namespace_of("/proc/self", "time");
  return ours.empty() || ours == namespace_of(living_thread(pid), "time");
}

}  // namespace faultrig
