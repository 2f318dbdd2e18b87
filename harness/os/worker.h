#pragma once

#include <functional>
#include <optional>
#include <string>

#include "harness/base/fd.h"
#include "harness/base/result.h"
#include "harness/base/wait_status.h"

namespace faultrig {

// A process of our own that does jobs: forked early, while faultrig is small
// and has one thread.
class Worker {
 public:
  // Forks. In the child, calls `body` with its end of the socket and exits with
  // what it gives; `body` must return when the socket's peer has closed. The
  // child ignores SIGINT (a Ctrl-C reaches the whole group; the parent decides)
  // and leaves by _exit.
  static Result<Worker> start(const std::function<int(int socket)>& body);
  Worker(Worker&&) noexcept = default;
  Worker& operator=(Worker&&) noexcept = default;
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  // Closes the socket and waits for the child.
  ~Worker();

  int fd() const { return socket_.get(); }
  // Closes the socket: the child is to end by itself.
  void hang_up();
  // Waits until the child has ended, or `or_this` is readable. True: it ended.
  bool ended(const Fd& or_this) const;
  // SIGKILL, for the impatient; its shim cleans up after it.
  void kill();
  // Waits for the end of the child; the socket is closed first.
  WaitStatus finish();

 private:
  Worker(Fd socket, Fd pidfd, int pid)
      : socket_(std::move(socket)), pidfd_(std::move(pidfd)), pid_(pid) {}
  Fd socket_;
  Fd pidfd_;
  int pid_ = 0;
};

// One datagram of text over a worker's socket, of any size up to 8 MiB.
Result<> send_text(int socket, const std::string& text);
// Blocks for the next; nothing when the peer has closed.
Result<std::optional<std::string>> receive_text(int socket);

}  // namespace faultrig
