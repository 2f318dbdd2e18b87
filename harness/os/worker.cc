#include "harness/os/worker.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>

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

}  // namespace

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
    _exit(body(theirs.get()));
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

bool Worker::ended(const Fd& or_this) const {
  pollfd waits[2] = {{pidfd_.get(), POLLIN, 0}, {or_this.get(), POLLIN, 0}};
  poll(waits, 2, -1);
  return waits[0].revents != 0;
}

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
