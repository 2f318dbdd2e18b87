// The only file that knows Boost.Process. Version 1.81's v2 has traps that
// shape it: descriptors between whitelisted ones leak into the child, so all of
// ours are O_CLOEXEC and the shim's socket travels as its stdin; a launch error
// leaves a zombie, so the program is checked first; exit_code() cannot tell
// exit 9 from SIGKILL, so it is not asked. The mask and the ignored signals of
// the parent are inherited: the shim resets them itself.
#include "harness/os/launcher.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <deque>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/process/v2/process.hpp>
#include <boost/process/v2/stdio.hpp>

#include "harness/base/units.h"
#include "harness/os/find_program.h"
#include "harness/os/notify.h"
#include "harness/os/shim_processes.h"

namespace faultrig {

namespace process = boost::process::v2;

namespace {

constexpr int kPatience = 50;  // milliseconds
// What a child that was killed at its exec, and then the shim, take to be gone.
constexpr std::chrono::seconds kToDie{2};
// Longer than that no machine is too busy to tell of an exec that succeeded.
constexpr std::chrono::seconds kForNews{60};

using Clock = std::chrono::steady_clock;

}  // namespace

struct Launcher::Shim {
  Shim() = default;
  Shim(const Shim&) = delete;
  Shim& operator=(const Shim&) = delete;
  // Boost would kill it: it is asked to end, and has cleaned up when it has.
  ~Shim() {
    socket.reset();
    boost::system::error_code failed;
    if (child != nullptr) {
      child->wait(failed);
    }
  }

  boost::asio::io_context context;
  std::unique_ptr<process::process> child;
  Fd socket;
  std::deque<Ended> ended;  // arrived while we waited for an answer
  std::vector<int> held;
  bool gone = false;

  // A workload may stop the shim that has just started it, before we hear that
  // it was. False: `enough` was, first.
  bool await_packet(const std::function<bool()>& enough) const {
    pollfd wait{socket.get(), POLLIN, 0};
    while (poll(&wait, 1, kPatience) == 0) {
      (void)continue_if_stopped(static_cast<int>(child->id()));
      if (enough()) {
        return false;
      }
    }
    return true;
  }

  // Is something below it another program? Then it is the shim that is late.
  bool exec_has_returned() const {
    int shim = static_cast<int>(child->id());
    std::vector<int> below = descendants_of(shim);
    return std::any_of(below.begin(), below.end(), [shim](int pid) {
      return program_of(pid) != program_of(shim);
    });
  }

  // The shim sleeps until an exec returns (vfork(2)): what keeps it, a mount
  // whose server is dead, a stop by a tracer, keeps the shim too. Its death
  // wakes it, but not in a sleep without signals: then the shim goes. What it
  // still says of this launch would be taken for the next one's: it is the
  // last.
  void end_launch() {
    int shim = static_cast<int>(child->id());
    auto until = Clock::now() + kToDie;
    bool answered = await_packet([shim, until] {
      (void)kill_descendants(shim, 0);
      return Clock::now() > until;
    });
    if (!answered) {
      kill(shim, SIGKILL);
    }
    gone = true;
  }

  Result<Packet> next_packet() {
    auto packet = receive_packet(socket.get());
    gone = gone || !packet || !*packet;
    if (packet && !*packet) {
      return internal_error("the shim is gone");
    }
    return packet ? Result<Packet>(std::move(**packet)) : packet.error();
  }

  Result<> send(const Message& message, const std::vector<int>& fds) {
    auto sent = send_packet(socket.get(), message, fds);
    gone = gone || (!sent && sent.error().os_errno == EPIPE);
    return sent;
  }
};

Launcher::Launcher(std::unique_ptr<Shim> shim) : shim_(std::move(shim)) {}
Launcher::Launcher(Launcher&&) noexcept = default;
Launcher& Launcher::operator=(Launcher&&) noexcept = default;

Launcher::~Launcher() = default;

Result<Launcher> Launcher::start(const std::filesystem::path& shim) {
  if (access(shim.c_str(), X_OK) != 0) {
    return system_error("start the shim " + shim.string(), errno);
  }
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    return system_error("make a socket for the shim", errno);
  }
  Fd ours(ends[0]);
  Fd theirs(ends[1]);
  auto made = std::make_unique<Shim>();
  try {
    process::process_stdio streams;
    streams.in = theirs.get();
    std::vector<std::string> arguments{"serve"};
    made->child = std::make_unique<process::process>(
        made->context.get_executor(), shim.string(), arguments, streams);
  } catch (const boost::system::system_error& failed) {
    return system_error("start the shim " + shim.string(),
                        failed.code().value());
  }
  made->socket = std::move(ours);
  return Launcher(std::move(made));
}

Result<> Launcher::own(const std::vector<std::string>& cgroups,
                       const std::vector<std::string>& folders) {
  return shim_->send(OwnOrder{cgroups, folders}, {});
}

Result<StartedProcess> Launcher::launch(const LaunchOrder& order,
                                        const std::vector<int>& fds,
                                        const LaunchPatience& patience) {
  if (shim_->gone) {
    return internal_error("the shim is gone");
  }
  TRY(shim_->send(order, fds));
  auto until = Clock::now() + patience.most;
  auto enough = [&] {
    auto late = Clock::now() - until;
    return patience.stopped() || late >= kForNews ||
           (late >= late.zero() && !shim_->exec_has_returned());
  };
  for (;;) {
    if (!shim_->await_packet(enough)) {
      shim_->end_launch();
      return patience.stopped()
                 ? internal_error("stopped")
                 : Error{ErrorKind::system,
                         "start " + order.argv[0] + ": its exec had not " +
                             "returned after " + format_duration(patience.most),
                         ETIMEDOUT};
    }
    TRY_ASSIGN(Packet packet, shim_->next_packet());
    if (auto* failed = std::get_if<LaunchFailed>(&packet.message)) {
      Error error =
          system_error(failed->step + " " + order.argv[0], failed->os_errno);
      error.what += path_hint(order.argv[0], failed->os_errno);
      error.what += failed->os_errno == ENOTEMPTY
                        ? " (the folder has content, which a disk would hide)"
                        : "";
      return error;
    }
    if (auto* ended = std::get_if<Ended>(&packet.message)) {
      shim_->ended.push_back(*ended);
      continue;
    }
    auto* started = std::get_if<Started>(&packet.message);
    if (started == nullptr || packet.fds.empty()) {
      return internal_error("the shim gave a strange answer");
    }
    return StartedProcess{started->pid, std::move(packet.fds[0]),
                          fds_of(*started, packet.fds), started->exec_ns};
  }
}

int Launcher::fd() const { return shim_->socket.get(); }

Result<std::optional<Ended>> Launcher::next_end() {
  if (!shim_->ended.empty()) {
    Ended first = shim_->ended.front();
    shim_->ended.pop_front();
    return std::optional(first);
  }
  pollfd wait{shim_->socket.get(), POLLIN, 0};
  if (poll(&wait, 1, 0) != 1) {
    return std::optional<Ended>();
  }
  TRY_ASSIGN(Packet packet, shim_->next_packet());
  if (auto* held = std::get_if<Held>(&packet.message)) {
    shim_->held.push_back(held->pid);
  }
  auto* ended = std::get_if<Ended>(&packet.message);
  return ended == nullptr ? std::optional<Ended>() : std::optional(*ended);
}

std::vector<int> Launcher::take_held() {
  return std::exchange(shim_->held, {});
}

Result<> Launcher::let_go(int pid) { return shim_->send(LetGo{pid}, {}); }

bool Launcher::gone() const { return shim_->gone; }

int Launcher::shim_pid() const { return static_cast<int>(shim_->child->id()); }

namespace {

Result<std::filesystem::path> find_beside_us(const std::string& name) {
  namespace fs = std::filesystem;
  std::error_code failed;
  fs::path self = fs::read_symlink("/proc/self/exe", failed);
  if (failed) {
    return system_error("read /proc/self/exe", failed.value());
  }
  for (const fs::path& candidate :
       {self.parent_path() / name,
        self.parent_path().parent_path() / "lib/faultrig" / name}) {
    if (fs::exists(candidate, failed)) {
      return candidate;
    }
  }
  return Error{ErrorKind::system, name + " is not beside " + self.string(), 0};
}

}  // namespace

Result<std::filesystem::path> find_shim() {
  return find_beside_us("faultrig-shim");
}

Result<std::filesystem::path> find_trace_reader() {
  return find_beside_us("faultrig-timeline");
}

}  // namespace faultrig
