// RECV is never called without poll(2) saying so: on Linux 6.1 it would block
// for ever after the last task has gone. A cancelled notification answers
// ENOENT there and at SEND; that is neither an end nor an error.
#include "harness/os/notify.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <memory>
#include <sstream>

#include "harness/os/proc_path.h"
#include "harness/os/shim_processes.h"

namespace faultrig {

namespace {

// Linux 6.6; not in Debian 12's headers.
constexpr unsigned long kSetFlags = _IOW('!', 4, std::uint64_t);
constexpr std::uint64_t kSyncWakeUp = 1;
constexpr std::size_t kLongestPath = 4096;
constexpr std::uint64_t kPage = 4096;

std::string link_target(const std::string& path) {
  char buffer[kLongestPath];
  ssize_t size = readlink(path.c_str(), buffer, sizeof buffer);
  return size < 0 ? "" : std::string(buffer, static_cast<std::size_t>(size));
}

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

}  // namespace

Notifier::Notifier(Fd listener) : listener_(std::move(listener)) {
  ioctl(listener_.get(), kSetFlags, kSyncWakeUp);  // older kernels: EINVAL
}

Result<std::optional<Notification>> Notifier::next() {
  seccomp_notif request{};
  if (ioctl(listener_.get(), SECCOMP_IOCTL_NOTIF_RECV, &request) != 0) {
    if (errno == ENOENT || errno == EINTR) {
      return std::optional<Notification>();
    }
    return system_error("receive a seccomp notification", errno);
  }
  Notification out{request.id,
                   static_cast<int>(request.pid),
                   request.data.nr,
                   request.data.arch,
                   {}};
  std::copy(std::begin(request.data.args), std::end(request.data.args),
            std::begin(out.args));
  return std::optional(out);
}

bool Notifier::still_waiting(std::uint64_t id) const {
  return ioctl(listener_.get(), SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;
}

Result<bool> Notifier::respond(std::uint64_t id, std::int64_t value, int error,
                               unsigned flags) {
  seccomp_notif_resp response{};
  response.id = id;
  response.val = value;
  response.error = -error;
  response.flags = flags;
  if (ioctl(listener_.get(), SECCOMP_IOCTL_NOTIF_SEND, &response) == 0) {
    return true;
  }
  if (errno == ENOENT) {
    return false;
  }
  return system_error("answer a seccomp notification", errno);
}

Result<bool> Notifier::let_run(std::uint64_t id) {
  return respond(id, 0, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE);
}

Result<bool> Notifier::answer(std::uint64_t id, std::int64_t value, int error) {
  return respond(id, value, error, 0);
}

Result<bool> Notifier::answer_with(std::uint64_t id, const Fd& given,
                                   bool close_on_exec) {
  seccomp_notif_addfd added{};
  added.id = id;
  added.flags = SECCOMP_ADDFD_FLAG_SEND;
  added.srcfd = static_cast<std::uint32_t>(given.get());
  added.newfd_flags = close_on_exec ? O_CLOEXEC : 0;
  if (ioctl(listener_.get(), SECCOMP_IOCTL_NOTIF_ADDFD, &added) >= 0) {
    return true;
  }
  if (errno == ENOENT || errno == EINPROGRESS) {
    return false;
  }
  return answer(id, 0, errno);  // EMFILE is the caller's, too
}

Result<bool> Notifier::put(std::uint64_t id, const Fd& given, int number) {
  seccomp_notif_addfd added{};
  added.id = id;
  added.flags = SECCOMP_ADDFD_FLAG_SETFD;
  added.srcfd = static_cast<std::uint32_t>(given.get());
  added.newfd = static_cast<std::uint32_t>(number);
  added.newfd_flags = O_CLOEXEC;
  if (ioctl(listener_.get(), SECCOMP_IOCTL_NOTIF_ADDFD, &added) >= 0) {
    return true;
  }
  if (errno == ENOENT || errno == EINPROGRESS) {
    return false;
  }
  return system_error("put a descriptor in the place of another", errno);
}

namespace {

// Containers' seccomp profiles may refuse process_vm_readv(2) and its pair, and
// let files through; the kernel grants both by the same rule (ptrace(2)). The
// file also reads what a driver has mapped (VM_IO), where the call says EFAULT.
bool is_refused(ssize_t got) {
  return got < 0 && (errno == EPERM || errno == ENOSYS || errno == EFAULT);
}

Fd memory_of(int tid, int mode) {
  auto file = open_file(AT_FDCWD, proc_path(tid, "mem"), mode);
  return file ? std::move(*file) : Fd();
}

}  // namespace

Result<std::string> read_memory(int tid, std::uint64_t address,
                                std::size_t size) {
  std::string out(size, '\0');
  iovec ours{out.data(), size};
  // An address in another process, never followed here.
  // NOLINTNEXTLINE(performance-no-int-to-ptr)
  iovec theirs{reinterpret_cast<void*>(address), size};
  ssize_t got = process_vm_readv(tid, &ours, 1, &theirs, 1, 0);
  if (is_refused(got)) {
    Fd memory = memory_of(tid, O_RDONLY);
    got = memory ? pread(memory.get(), out.data(), size,
                         static_cast<off_t>(address))
                 : -1;
    errno = errno == EIO ? EFAULT : errno;  // as the file says it
  }
  if (got < 0) {
    return system_error("read memory of thread " + std::to_string(tid), errno);
  }
  out.resize(static_cast<std::size_t>(got));
  return out;
}

Result<std::string> read_string(int tid, std::uint64_t address) {
  std::string out;
  while (out.size() < kLongestPath) {
    // Never over a page's end in one read: the next page may not be mapped.
    std::size_t size = kPage - address % kPage;
    TRY_ASSIGN(std::string part, read_memory(tid, address, size));
    std::size_t end = part.find('\0');
    if (end != std::string::npos) {
      return out + part.substr(0, end);
    }
    out += part;
    address += size;
  }
  return out;
}

Result<> write_memory(int tid, std::uint64_t address,
                      const std::string& content) {
  iovec ours{const_cast<char*>(content.data()), content.size()};
  // An address in another process, never followed here.
  // NOLINTNEXTLINE(performance-no-int-to-ptr)
  iovec theirs{reinterpret_cast<void*>(address), content.size()};
  ssize_t put = process_vm_writev(tid, &ours, 1, &theirs, 1, 0);
  if (is_refused(put)) {
    Fd memory = memory_of(tid, O_WRONLY);
    put = memory ? pwrite(memory.get(), content.data(), content.size(),
                          static_cast<off_t>(address))
                 : -1;
  }
  if (put != static_cast<ssize_t>(content.size())) {
    return system_error("write memory of thread " + std::to_string(tid),
                        put < 0 ? errno : EFAULT);
  }
  return Ok{};
}

bool can_be_written(int tid, std::uint64_t address, std::size_t size) {
  if (size == 0) {
    return true;
  }
  auto there = read_memory(tid, address, size);
  return there && there->size() == size && write_memory(tid, address, *there);
}

Result<Fd> copy_descriptor(int pidfd, int number) {
  Fd copy(static_cast<int>(syscall(SYS_pidfd_getfd, pidfd, number, 0)));
  if (!copy) {
    return system_error("copy a descriptor", errno);
  }
  return copy;
}

Result<Fd> copy_descriptor_of(int tid, int pid, int number) {
  constexpr unsigned int kOfThread = O_EXCL;  // PIDFD_THREAD
  Fd thread(static_cast<int>(
      syscall(SYS_pidfd_open, tid, tid == pid ? 0U : kOfThread)));
  if (thread) {
    return copy_descriptor(thread.get(), number);
  }
  if (descriptor_target(tid, number) != descriptor_target(pid, number)) {
    return unsupported_error("its thread has descriptors of its own");
  }
  TRY_ASSIGN(Fd process, open_pidfd(pid));
  return copy_descriptor(process.get(), number);
}

Result<> try_descriptor_copy() {
  Fd self(static_cast<int>(syscall(SYS_pidfd_open, getpid(), 0)));
  if (!self) {
    return system_error("open a pidfd", errno);
  }
  TRY(copy_descriptor(self.get(), self.get()));
  return Ok{};
}

std::optional<int> process_of_thread(int tid) {
  auto status = read_file(AT_FDCWD, proc_path(tid, "status"), 4096);
  std::size_t at = status ? status->find("\nTgid:") : std::string::npos;
  if (at == std::string::npos) {
    return std::nullopt;
  }
  return std::atoi(status->c_str() + at + 6);
}

std::optional<bool> is_in_call(const Notification& call) {
  auto now = read_file(AT_FDCWD, proc_path(call.tid, "syscall"), 4096);
  if (!now || now->empty()) {
    return false;
  }
  if (now->starts_with("running")) {
    return std::nullopt;
  }
  std::istringstream fields(*now);
  int number = -1;
  fields >> number >> std::hex;
  std::uint64_t args[6] = {};
  for (std::uint64_t& arg : args) {
    std::string word;
    fields >> word;
    arg = std::strtoull(word.c_str(), nullptr, 16);
  }
  return number == call.call &&
         std::equal(std::begin(args), std::end(args), std::begin(call.args));
}

bool has_thread(int pid, int tid) {
  return syscall(SYS_tgkill, pid, tid, 0) == 0;
}

bool is_named_pipe(int tid, int number) {
  struct statx seen {};
  std::string link = proc_path(tid, "fd/" + std::to_string(number));
  return statx(AT_FDCWD, link.c_str(), AT_STATX_DONT_SYNC, STATX_TYPE, &seen) ==
             0 &&
         S_ISFIFO(seen.stx_mode);
}

std::string folder_of(int tid) { return link_target(proc_path(tid, "cwd")); }

std::string descriptor_target(int tid, int number) {
  return link_target(proc_path(tid, "fd/" + std::to_string(number)));
}

std::vector<int> open_descriptors(int pid) {
  std::vector<int> numbers;
  std::unique_ptr<DIR, CloseFolder> folder(
      opendir(proc_path(pid, "fd").c_str()));
  while (folder) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): a stream of our own
    dirent* entry = readdir(folder.get());
    if (entry == nullptr) {
      break;
    }
    if (entry->d_name[0] != '.') {
      numbers.push_back(std::atoi(entry->d_name));
    }
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

Result<std::uint64_t> descriptor_limit(int pid) {
  rlimit limit{};
  if (prlimit(pid, RLIMIT_NOFILE, nullptr, &limit) != 0) {
    return system_error("read RLIMIT_NOFILE", errno);
  }
  return static_cast<std::uint64_t>(limit.rlim_cur);
}

Result<> set_descriptor_limit(int pid, std::uint64_t limit) {
  rlimit wanted{limit, limit};
  if (prlimit(pid, RLIMIT_NOFILE, &wanted, nullptr) != 0) {
    return system_error("set RLIMIT_NOFILE", errno);
  }
  return Ok{};
}

Result<> set_soft_descriptor_limit(int pid, std::uint64_t limit) {
  rlimit now{};
  if (prlimit(pid, RLIMIT_NOFILE, nullptr, &now) != 0) {
    return system_error("read RLIMIT_NOFILE", errno);
  }
  now.rlim_cur = std::min<rlim_t>(limit, now.rlim_max);
  if (prlimit(pid, RLIMIT_NOFILE, &now, nullptr) != 0) {
    return system_error("set RLIMIT_NOFILE", errno);
  }
  return Ok{};
}

std::string program_of(int pid) { return link_target(proc_path(pid, "exe")); }

std::optional<std::uint64_t> free_descriptors(int tid) {
  auto limit = descriptor_limit(tid);
  std::vector<int> open = open_descriptors(tid);
  if (!limit || open.empty()) {
    return std::nullopt;
  }
  auto used = std::count_if(open.begin(), open.end(), [&](int number) {
    return static_cast<std::uint64_t>(number) < *limit;
  });
  return *limit - static_cast<std::uint64_t>(used);
}

std::int64_t listen_on(const Fd& copy, int backlog) {
  return listen(copy.get(), backlog) == 0 ? 0 : -errno;
}

}  // namespace faultrig
