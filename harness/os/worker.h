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
  // and leaves by _exit, with kOutOfMemory if memory runs out. It is the first
  // of us that the kernel kills where memory is capped, and refuses tracers.
  static constexpr int kOutOfMemory = 112;
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
  // Has the child ended? It is still to be waited for.
  bool has_ended() const;
  // Waits until the child has ended, or `or_this` is readable. True: it ended.
  bool ended(const Fd& or_this) const;
  // Continues the child if somebody has stopped it alone.
  void keep_going();
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

// Makes us the parent of what our workers and their shims leave behind
// (PR_SET_CHILD_SUBREAPER in prctl(2)), so that await_orphans() finds it.
void adopt_orphans();
// From now on no process of the same user may trace this one, take descriptors
// of it (pidfd_getfd(2)) or write its memory (PR_SET_DUMPABLE in prctl(2)): a
// workload could speak in our name. Lasts until exec; root may still.
void refuse_tracers();
// Waits until no child is left, at most so many milliseconds, then kills what
// still descends from us; for when no worker lives. A shim whose worker was
// killed removes what it owns meanwhile. False: somebody survived.
bool await_orphans(int milliseconds);

// One datagram of text over a worker's socket, of any size up to 8 MiB.
Result<> send_text(int socket, const std::string& text);
// Waits until something can be received. A parent that a workload has stopped
// sends nothing: it is continued.
void await_text(int socket);
// Blocks for the next; nothing when the peer has closed.
Result<std::optional<std::string>> receive_text(int socket);

}  // namespace faultrig
