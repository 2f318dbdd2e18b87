#include "harness/run/witness_door.h"

#include <poll.h>

#include <utility>

#include "harness/os/local_socket.h"

namespace faultrig {

Result<std::unique_ptr<WitnessDoor>> WitnessDoor::open(
    Loop& loop, const std::filesystem::path& path, DoorEvents events) {
  TRY_ASSIGN(Fd listener, listen_at(path.string()));
  return std::make_unique<WitnessDoor>(loop, std::move(listener),
                                       std::move(events));
}

WitnessDoor::WitnessDoor(Loop& loop, Fd listener, DoorEvents events)
    : loop_(loop), listener_(std::move(listener)), events_(std::move(events)) {
  loop_.watch(listener_.get(), POLLIN, [this](short) { accept_one(); });
}

WitnessDoor::~WitnessDoor() {
  loop_.unwatch(listener_.get());
  for (const auto& [number, visitor] : visitors_) {
    loop_.unwatch(visitor.connection.get());
  }
}

void WitnessDoor::accept_one() {
  auto connection = accept_at(listener_);
  if (!connection) {
    return;
  }
  if (!events_.welcome(peer_of(*connection))) {
    return;
  }
  int number = ++last_number_;
  int fd = connection->get();
  visitors_[number].connection = std::move(connection).value();
  loop_.watch(fd, POLLIN, [this, number](short) { on_message(number); });
}

void WitnessDoor::on_message(int number) {
  Visitor& visitor = visitors_.at(number);
  auto packet = receive_packet(visitor.connection.get());
  if (!packet || !*packet) {
    close_visitor(number);
    return;
  }
  take(number, visitor, std::move(**packet));
}

void WitnessDoor::take(int number, Visitor& visitor, Packet packet) {
  int socket = visitor.connection.get();
  if (auto* hello = std::get_if<Hello>(&packet.message)) {
    visitor.said_hello = true;
    WitnessOrders orders = events_.hello(number, *hello);
    (void)send_packet(socket, orders.order, orders.fds);
  } else if (auto* announce = std::get_if<Announce>(&packet.message)) {
    events_.announced(*announce);
    close_visitor(number);
  } else if (!visitor.said_hello) {
    close_visitor(number);
  } else if (auto* started = std::get_if<Started>(&packet.message)) {
    visitor.started = !packet.fds.empty();
    if (visitor.started) {
      Fd listener = packet.fds.size() > 1 ? std::move(packet.fds[1]) : Fd();
      events_.started(number, started->pid, std::move(packet.fds[0]),
                      std::move(listener));
    }
  } else if (auto* failed = std::get_if<LaunchFailed>(&packet.message)) {
    visitor.told_end = true;
    events_.failed(number, *failed);
  } else if (auto* ended = std::get_if<Ended>(&packet.message)) {
    if (visitor.started && !visitor.told_end) {
      visitor.told_end = true;
      events_.ended(number, *ended);
    }
  }
}

void WitnessDoor::close_visitor(int number) {
  auto found = visitors_.find(number);
  Visitor visitor = std::move(found->second);
  visitors_.erase(found);
  loop_.unwatch(visitor.connection.get());
  if (visitor.said_hello) {
    events_.gone(number, visitor.told_end);
  }
}

}  // namespace faultrig
