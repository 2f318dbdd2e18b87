#include "harness/run/witness_door.h"

#include <poll.h>

#include <cerrno>
#include <utility>

#include "harness/os/local_socket.h"

namespace faultrig {

namespace {

std::string speaker(int pid) { return "process " + std::to_string(pid); }

}  // namespace

Result<std::unique_ptr<WitnessDoor>> WitnessDoor::open(
    Loop& loop, const std::filesystem::path& path, DoorEvents events) {
  TRY_ASSIGN(Fd listener, listen_at(path.string()));
  return std::make_unique<WitnessDoor>(loop, std::move(listener), path.string(),
                                       std::move(events));
}

WitnessDoor::WitnessDoor(Loop& loop, Fd listener, std::string path,
                         DoorEvents events)
    : loop_(loop),
      listener_(std::move(listener)),
      path_(std::move(path)),
      identity_(identity_of(path_)),
      events_(std::move(events)) {
  loop_.watch(listener_.get(), POLLIN, [this](short) { accept_one(); });
}

WitnessDoor::~WitnessDoor() {
  loop_.unwatch(listener_.get());
  for (const auto& [number, visitor] : visitors_) {
    loop_.unwatch(visitor.connection.get());
  }
}

bool WitnessDoor::in_place() const { return identity_of(path_) == identity_; }

void WitnessDoor::accept_one() {
  auto connection = accept_at(listener_);
  if (!connection) {
    int failed = connection.error().os_errno;
    if (failed != EAGAIN && failed != EINTR) {
      loop_.unwatch(listener_.get());
      events_.forged("no more witnesses are heard: " + connection.error().what);
    }
    return;
  }
  auto peer = peer_of(*connection);
  if (!peer) {
    events_.forged(
        "a process connected to the witnesses' socket and was gone before "
        "faultrig could look at it: " +
        peer.error().what);
    return;
  }
  int number = ++last_number_;
  std::string why = events_.refuse(number, *peer);
  auto signs = sign_packets(connection->get());
  why = why.empty() && !signs ? signs.error().what : why;
  if (!why.empty()) {
    events_.forged(why);
    return;
  }
  int fd = connection->get();
  Visitor& visitor = visitors_[number];
  visitor.connection = std::move(connection).value();
  visitor.peer = std::move(peer).value();
  loop_.watch(fd, POLLIN, [this, number](short) { on_message(number); });
}

void WitnessDoor::on_message(int number) {
  Visitor& visitor = visitors_.at(number);
  auto packet = receive_packet(visitor.connection.get());
  if (packet && !*packet) {
    close_visitor(number);
    return;
  }
  std::string who = speaker(visitor.peer.pid);
  if (!packet) {
    events_.forged(who + ": " + packet.error().what);
    close_visitor(number);
    return;
  }
  int sender = (*packet)->sender;
  if (sender != visitor.peer.pid) {
    events_.forged(speaker(sender) + " spoke over the connection of " + who);
    close_visitor(number);
    return;
  }
  if (!take(number, visitor, std::move(**packet))) {
    events_.forged(who + " said what no witness says, or not at that time");
    close_visitor(number);
  }
}

// False: not in its turn.
bool WitnessDoor::take(int number, Visitor& visitor, Packet packet) {
  switch (visitor.stage) {
    case Stage::connected:
      return take_first(number, visitor, packet);
    case Stage::greeted:
      if (auto* failed = std::get_if<LaunchFailed>(&packet.message)) {
        visitor.stage = Stage::told;
        events_.failed(number, *failed);
        return true;
      }
      return take_started(number, visitor, packet);
    case Stage::started:
      if (auto* ended = std::get_if<Ended>(&packet.message)) {
        visitor.stage = Stage::told;
        events_.ended(number, *ended);
        return true;
      }
      return take_held(number, visitor, packet);
    case Stage::told:
      return false;
  }
  return false;
}

bool WitnessDoor::take_first(int number, Visitor& visitor, Packet& packet) {
  int socket = visitor.connection.get();
  if (auto* hello = std::get_if<Hello>(&packet.message)) {
    visitor.stage = Stage::greeted;
    hello->pid = visitor.peer.pid;
    WitnessOrders orders = events_.hello(number, *hello);
    (void)send_packet(socket, orders.order, orders.fds);
    return true;
  }
  if (auto* announce = std::get_if<Announce>(&packet.message)) {
    visitor.stage = Stage::told;
    events_.announced(*announce);
    close_visitor(number);
    return true;
  }
  return false;
}

bool WitnessDoor::take_held(int number, Visitor& visitor, Packet& packet) {
  auto* held = std::get_if<Held>(&packet.message);
  if (held == nullptr || !events_.held(number)) {
    return false;
  }
  (void)send_packet(visitor.connection.get(), LetGo{held->pid});
  return true;
}

bool WitnessDoor::take_started(int number, Visitor& visitor, Packet& packet) {
  auto* started = std::get_if<Started>(&packet.message);
  if (started == nullptr || packet.fds.empty()) {
    return false;
  }
  visitor.stage = Stage::started;
  StartedFds fds = fds_of(*started, packet.fds);
  events_.started(number, *started, std::move(packet.fds[0]), std::move(fds));
  return true;
}

void WitnessDoor::close_visitor(int number) {
  auto found = visitors_.find(number);
  Visitor visitor = std::move(found->second);
  visitors_.erase(found);
  loop_.unwatch(visitor.connection.get());
  events_.gone(number, visitor.stage == Stage::told);
}

}  // namespace faultrig
