// One server a worker. It is small, has one thread and no past, so starting a
// child costs what vfork(2) costs, however large faultrig has grown. It is the
// subreaper of everything it starts (PR_SET_CHILD_SUBREAPER in prctl(2)), so a
// workload that double-forks still belongs to it; and it is the guard: when
// faultrig is gone, for whatever reason, the socket closes, and nothing that
// was started lives on.
#include "harness/shim/server.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "harness/os/shim_cleanup.h"
#include "harness/os/shim_folders.h"
#include "harness/os/shim_hold.h"
#include "harness/os/shim_launch.h"
#include "harness/os/shim_processes.h"
#include "harness/os/shim_signals.h"
#include "harness/os/shim_wire.h"

namespace faultrig {

namespace {

constexpr int kHighNumber = 60;
constexpr int kCleanupMilliseconds = 10'000;

void clear_stdio() {
  Fd null(open("/dev/null", O_RDWR | O_CLOEXEC));
  for (int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    dup2(null.get(), number);
  }
}

// The signal that told of it has been read: an end that is not fetched now is
// lost.
pid_t wait_for_any(int& status) {
  constexpr int kMostTries = 1000;
  pid_t pid = -1;
  for (int tries = 0; tries < kMostTries; ++tries) {
    pid = waitpid(-1, &status, WNOHANG);
    if (pid >= 0 || errno == ECHILD) {
      break;
    }
  }
  return pid;
}

class Server {
 public:
  Server(Fd socket, Fd signals)
      : socket_(std::move(socket)), signals_(std::move(signals)) {}

  void serve() {
    bool open = true;
    while (open) {
      pollfd waits[2] = {{socket_.get(), POLLIN, 0},
                         {signals_.get(), POLLIN, 0}};
      if (poll(waits, 2, -1) < 0) {
        continue;
      }
      if ((waits[1].revents & POLLIN) != 0) {
        reap();
      }
      if (waits[0].revents != 0) {
        open = take_order();
      }
    }
  }

  void clean_up() {
    // By descent first, once: that waits for no lock of the cgroups, which
    // another program on the machine may hold for seconds.
    kill_descendants(getpid(), 0);
    // Freezers come last in the list: a faultrig that was killed while it
    // killed may have left them frozen, and the frozen do not die.
    for (auto group = owned_.cgroups.rbegin(); group != owned_.cgroups.rend();
         ++group) {
      kill_cgroup(*group, kCleanupMilliseconds);
    }
    kill_descendants(getpid(), kCleanupMilliseconds);
    while (waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    for (const std::string& group : owned_.cgroups) {
      remove_cgroup(group);
    }
    for (const std::string& folder : owned_.folders) {
      (void)remove_folder(folder);
    }
  }

 private:
  bool take_order() {
    auto packet = receive_packet(socket_.get());
    if (!packet) {
      return packet.error().kind == ErrorKind::internal;
    }
    if (!*packet) {
      return false;
    }
    if (auto* order = std::get_if<LaunchOrder>(&(*packet)->message)) {
      launch(std::move(*order), std::move((*packet)->fds));
    } else if (auto* owned = std::get_if<OwnOrder>(&(*packet)->message)) {
      owned_ = std::move(*owned);
    } else if (auto* go = std::get_if<LetGo>(&(*packet)->message)) {
      let_go(go->pid);
    }
    return true;
  }

  // Our own 0, 1 and 2 become the child's while it is started.
  static bool set_stdio(const std::string& input, const std::vector<Fd>& fds) {
    const char* path = input.empty() ? "/dev/null" : input.c_str();
    Fd in(open(path, O_RDONLY | O_CLOEXEC));
    return fds.size() >= 2 && in && dup2(in.get(), STDIN_FILENO) >= 0 &&
           dup2(fds[0].get(), STDOUT_FILENO) >= 0 &&
           dup2(fds[1].get(), STDERR_FILENO) >= 0;
  }

  void launch(LaunchOrder order, std::vector<Fd> fds) {
    std::vector<Fd> high;
    for (Fd& fd : fds) {
      auto moved = duplicate(fd.get(), kHighNumber);
      if (!moved) {
        tell(LaunchFailed{"pass descriptors", moved.error().os_errno});
        return;
      }
      high.push_back(std::move(moved).value());
    }
    fds.clear();
    if (!set_stdio(order.input, high)) {
      tell(LaunchFailed{"open the standard streams", errno});
      clear_stdio();
      return;
    }
    ChildOrder child{std::move(order.argv), std::move(order.env),
                     std::move(order.steps), 0};
    child.closed_before = socket_.get();
    child.hold = order.hold;
    auto launched = launch_child(child, high);
    clear_stdio();
    if (auto* failed = std::get_if<LaunchError>(&launched)) {
      tell(LaunchFailed{failed->step, failed->os_errno});
      return;
    }
    auto& started = std::get<Child>(launched);
    children_.push_back(started.pid);
    tell(started_as(started), passed_with(started));
    started.listener.reset();
    started.disk.clear();
    started.network.clear();
    if (order.hold && (started.held || await_hold(started.pid))) {
      tell(Held{started.pid});
    }
  }

  void reap() {
    signalfd_siginfo seen{};
    while (read(signals_.get(), &seen, sizeof seen) == sizeof seen) {
    }
    Ended ended;
    pid_t pid = 0;
    while ((pid = wait_for_any(ended.status)) > 0) {
      auto known = std::find(children_.begin(), children_.end(), pid);
      if (known == children_.end() || WIFSTOPPED(ended.status)) {
        continue;  // an orphan that we adopted, or a child that never execed
      }
      children_.erase(known);
      ended.pid = pid;
      ended.at_ns = monotonic_ns();
      tell(ended);
    }
  }

  // What cannot be told would be waited for in vain: the end of the socket is
  // told instead. A peer that is gone shows in the same way.
  void tell(const Message& message, const std::vector<int>& fds = {}) {
    if (!send_packet(socket_.get(), message, fds)) {
      shutdown(socket_.get(), SHUT_RDWR);
    }
  }

  Fd socket_;
  Fd signals_;
  OwnOrder owned_;
  std::vector<int> children_;
};

}  // namespace

int serve(int socket) {
  // Boost.Process 1.81 leaks what its parent was handed without O_CLOEXEC and
  // that stands below its own pipe; a workload would inherit it from here.
  syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, 0U);
  setsid();
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  // A workload of the same user could take our socket and speak in our name
  // (pidfd_getfd(2), ptrace(2)).
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  // A workload can stop us. Were faultrig to die meanwhile, nobody would be
  // left to let us clean up.
  prctl(PR_SET_PDEATHSIG, SIGCONT, 0, 0, 0);
  auto high_socket = duplicate(socket, kHighNumber);
  auto signals = take_all_signals();
  if (!high_socket || !signals) {
    return 1;
  }
  auto high_signals = duplicate(signals->get(), kHighNumber);
  if (!high_signals) {
    return 1;
  }
  signals->reset();
  clear_stdio();
  if (socket > STDERR_FILENO) {
    close(socket);
  }
  Server server(std::move(high_socket).value(),
                std::move(high_signals).value());
  server.serve();
  server.clean_up();
  return 0;
}

}  // namespace faultrig
