#include "harness/os/worker.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <new>

#include "harness/os/shim_processes.h"

namespace faultrig {

namespace {

constexpr std::uint32_t kLongestText = 8 << 20;

// False at the end of the stream.
Result<bool> read_exactly(int socket, char* to, std::size_t size) {
  while (size > 0) {
    ssize_t got = read(socket, to, size);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0 && errno != ECONNRESET) {
      return system_error("read from a worker", errno);
    }
    if (got <= 0) {
      return false;
    }
    to += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

// Where memory runs out, what runs scenarios dies before what reports them.
void offer_to_the_kernel() {
  constexpr long kMost = 1000;
  constexpr long kMore = 100;
  std::string path = "/proc/self/oom_score_adj";
  prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);  // else it belongs to root
  auto now = read_file(AT_FDCWD, path, 16);
  if (now) {
    long more = std::min(strtol(now->c_str(), nullptr, 10) + kMore, kMost);
    (void)write_file(AT_FDCWD, path, std::to_string(more));
  }
}

int run_body(const std::function<int(int socket)>& body, int socket) {
  try {
    return body(socket);
  } catch (const std::bad_alloc&) {
    return Worker::kOutOfMemory;
  }
}

// A shim that outlives its worker ends by itself, when it has cleaned up.
bool has_shim_for_a_child() {
  for (int pid : descendants_of(getpid())) {
    if (command_of(pid).ends_with("faultrig-shim serve")) {
      return true;
    }
  }
  return false;
}

}  // namespace

void adopt_orphans() { prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

void refuse_tracers() { prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

bool await_orphans(int milliseconds) {
  auto until = std::chrono::steady_clock::now() +
               std::chrono::milliseconds(milliseconds);
  constexpr timespec kNap{0, 5'000'000};
  do {
    while (waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    if (!has_children(getpid())) {
      return true;
    }
    nanosleep(&kNap, nullptr);
  } while (has_shim_for_a_child() && std::chrono::steady_clock::now() < until);
  bool gone = kill_descendants(getpid(), 1000);
  while (waitpid(-1, nullptr, WNOHANG) > 0) {
  }
  return gone;
}

Result<Worker> Worker::start(const std::function<int(int socket)>& body) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return system_error("make a socket for a worker", errno);
  }
  Fd ours(ends[0]);
  Fd theirs(ends[1]);
  pid_t pid = fork();
  if (pid < 0) {
    return system_error("fork a worker", errno);
  }
  if (pid == 0) {
    ours.reset();
    // Its shim cleans up after it, as after any other death.
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGHUP, SIG_IGN);
    adopt_orphans();
    offer_to_the_kernel();
    refuse_tracers();
    _exit(run_body(body, theirs.get()));
  }
  TRY_ASSIGN(Fd pidfd, open_pidfd(pid));
  return Worker(std::move(ours), std::move(pidfd), pid);
}

Worker::~Worker() {
  if (pid_ != 0 && pidfd_) {
    finish();
  }
}

void Worker::hang_up() {
  // Workers that were forked later hold a copy of our end.
  shutdown(socket_.get(), SHUT_RDWR);
  socket_.reset();
}

bool Worker::has_ended() const { return faultrig::has_ended(pidfd_.get()); }

bool Worker::ended(const Fd& or_this) const {
  pollfd waits[2] = {{pidfd_.get(), POLLIN, 0}, {or_this.get(), POLLIN, 0}};
  poll(waits, 2, -1);
  return waits[0].revents != 0;
}

void Worker::keep_going() { (void)continue_if_stopped(pid_); }

void Worker::kill() { (void)signal_pidfd(pidfd_.get(), SIGKILL); }

WaitStatus Worker::finish() {
  hang_up();
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pidfd_.reset();
  return WaitStatus(status);
}

Result<> send_text(int socket, const std::string& text) {
  auto size = static_cast<std::uint32_t>(text.size());
  std::string framed(reinterpret_cast<const char*>(&size), sizeof size);
  framed += text;
  std::size_t done = 0;
  while (done < framed.size()) {
    ssize_t put =
        send(socket, framed.data() + done, framed.size() - done, MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR) {
      continue;
    }
    if (put < 0) {
      return system_error("write to a worker", errno);
    }
    done += static_cast<std::size_t>(put);
  }
  return Ok{};
}

void await_text(int socket) {
  constexpr int kPatience = 500;  // milliseconds
  pollfd wait{socket, POLLIN, 0};
  while (poll(&wait, 1, kPatience) == 0) {
    keep_parent_going();
  }
}

Result<std::optional<std::string>> receive_text(int socket) {
  std::uint32_t size = 0;
  TRY_ASSIGN(bool more,
             read_exactly(socket, reinterpret_cast<char*>(&size), sizeof size));
  if (!more) {
    return std::optional<std::string>();
  }
  if (size > kLongestText) {
    return internal_error("a worker said too much");
  }
  std::string text(size, '\0');
  TRY_ASSIGN(more, read_exactly(socket, text.data(), size));
  return more ? std::optional(std::move(text)) : std::nullopt;
}

}  // namespace faultrig
