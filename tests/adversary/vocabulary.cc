// The calls of acts.c, in the language's words.
#include <algorithm>
#include <iterator>

#include "tests/adversary/world.h"

namespace faultrig::adversary {

namespace {

// `f` takes a descriptor, `F` two, `m` makes one, `M` makes one that `fds` does
// not watch (docs), `p` takes a path, `D` a folder beside it, `l` follows no
// last link, `n` is of strace's %network, `s` may move less.
struct Known {
  std::string_view name;
  std::string_view traits;
};

constexpr Known kCalls[] = {
    {"open", "mp"},          {"openat", "mpD"},
    {"openat2", "mpD"},      {"creat", "mp"},
    {"dup", "fm"},           {"dup2", "fM"},
    {"dup3", "fM"},          {"fcntl", "f"},
    {"pipe", "m"},           {"pipe2", "m"},
    {"socketpair", "mn"},    {"socket", "mn"},
    {"accept", "fmn"},       {"accept4", "fmn"},
    {"eventfd2", "m"},       {"epoll_create1", "m"},
    {"memfd_create", "m"},   {"timerfd_create", "m"},
    {"inotify_init1", "m"},  {"inotify_add_watch", "fp"},
    {"read", "fs"},          {"write", "fs"},
    {"pread64", "fs"},       {"pwrite64", "fs"},
    {"readv", "f"},          {"writev", "f"},
    {"preadv", "f"},         {"pwritev", "f"},
    {"sendfile", "Fn"},      {"copy_file_range", "F"},
    {"splice", "F"},         {"tee", "F"},
    {"fsync", "f"},          {"fdatasync", "f"},
    {"ftruncate", "f"},      {"fallocate", "f"},
    {"fstat", "f"},          {"fchmod", "f"},
    {"fchdir", "f"},         {"flock", "f"},
    {"getdents64", "f"},     {"mmap", "f"},
    {"lseek", "f"},          {"close", "f"},
    {"sendto", "fns"},       {"recvfrom", "fns"},
    {"sendmsg", "fn"},       {"recvmsg", "fn"},
    {"shutdown", "fn"},      {"bind", "fn"},
    {"listen", "fn"},        {"connect", "fn"},
    {"rename", "pl"},        {"renameat", "pDl"},
    {"renameat2", "pDl"},    {"link", "pl"},
    {"linkat", "pDl"},       {"symlink", "pl"},
    {"symlinkat", "pDl"},    {"unlink", "pl"},
    {"unlinkat", "pDl"},     {"mkdir", "pl"},
    {"mknod", "pl"},         {"mkdirat", "pDl"},
    {"rmdir", "pl"},         {"readlink", "pl"},
    {"readlinkat", "pDl"},   {"access", "p"},
    {"faccessat", "pD"},     {"faccessat2", "pD"},
    {"stat", "p"},           {"lstat", "pl"},
    {"newfstatat", "pD"},    {"statx", "pD"},
    {"statfs", "p"},         {"truncate", "p"},
    {"chmod", "p"},          {"fchmodat", "pD"},
    {"utimensat", "pD"},     {"execve", "p"},
    {"chdir", "p"},          {"chroot", "p"},
    {"getppid", ""},         {"sched_yield", ""},
    {"io_uring_setup", "M"},
};

bool has_trait(std::string_view name, std::string_view any) {
  const auto* known =
      std::find_if(std::begin(kCalls), std::end(kCalls),
                   [&](const Known& call) { return call.name == name; });
  return known != std::end(kCalls) &&
         known->traits.find_first_of(any) != std::string_view::npos;
}

}  // namespace

bool glob_fits(std::string_view glob, std::string_view text) {
  if (glob.empty()) {
    return text.empty();
  }
  if (glob.front() == '*') {
    for (std::size_t skip = 0; skip <= text.size(); ++skip) {
      if (glob_fits(glob.substr(1), text.substr(skip))) {
        return true;
      }
    }
    return false;
  }
  return !text.empty() &&
         (glob.front() == '?' || glob.front() == text.front()) &&
         glob_fits(glob.substr(1), text.substr(1));
}

std::vector<std::string> calls_named(const std::string& name) {
  std::vector<std::string> out;
  for (const Known& call : kCalls) {
    bool in = name == call.name ||
              (name == "%file" && has_trait(call.name, "p")) ||
              (name == "%desc" && has_trait(call.name, "fFmMD")) ||
              (name == "%network" && has_trait(call.name, "n"));
    if (in) {
      out.emplace_back(call.name);
    }
  }
  return out;
}

bool takes_path(std::string_view call) { return has_trait(call, "p"); }
bool takes_descriptor(std::string_view call) { return has_trait(call, "fF"); }
bool takes_two_descriptors(std::string_view call) {
  return has_trait(call, "F");
}
bool makes_descriptor(std::string_view call) { return has_trait(call, "mM"); }
bool meets_limit(std::string_view call) { return has_trait(call, "m"); }
bool may_be_short(std::string_view call) { return has_trait(call, "s"); }
bool follows_links(std::string_view call) { return !has_trait(call, "l"); }

}  // namespace faultrig::adversary
