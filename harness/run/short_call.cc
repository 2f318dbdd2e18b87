// What the kernel does in one go is several steps here. So all that can fail is
// tried before the bytes are taken: the caller's memory is read, and written
// with what is there, its descriptor copied, and only then is anything moved.
#include "harness/run/short_call.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "harness/model/syscalls.h"
#include "harness/os/shim_processes.h"
#include "harness/os/short_move.h"

namespace faultrig {

namespace {

// Where recvfrom(2) puts the sender.
struct SenderPlace {
  std::uint64_t address = 0;
  std::uint64_t size_address = 0;
  std::uint32_t room = 0;
};

std::optional<SenderPlace> sender_place(const Notification& call) {
  SenderPlace place{call.args[4], call.args[5], 0};
  if (place.address == 0) {
    return place;
  }
  auto size = read_memory(call.tid, place.size_address, sizeof place.room);
  if (!size || size->size() != sizeof place.room) {
    return std::nullopt;
  }
  std::memcpy(&place.room, size->data(), sizeof place.room);
  bool sound = place.room <= 0x7fffffff &&
               can_be_written(call.tid, place.size_address, sizeof place.room);
  place.room = std::min<std::uint32_t>(place.room, kLargestAddress);
  return sound && can_be_written(call.tid, place.address, place.room)
             ? std::optional(place)
             : std::nullopt;
}

// As move_addr_to_user() in the kernel: what fits, and how much there was.
bool put_sender(int tid, const SenderPlace& place, const Moved& moved) {
  if (place.address == 0) {
    return true;
  }
  std::string fits = moved.address.substr(0, place.room);
  std::string size(sizeof moved.address_size, '\0');
  std::memcpy(size.data(), &moved.address_size, size.size());
  return (fits.empty() || write_memory(tid, place.address, fits)) &&
         write_memory(tid, place.size_address, size);
}

std::optional<ShortMove> move_of(const Notification& call,
                                 const MovingCall& moving, std::uint64_t most) {
  ShortMove move;
  move.writes = moving.writes;
  if (moving.has_offset) {
    move.offset = static_cast<std::int64_t>(call.args[3]);
  }
  if (moving.on_sockets) {
    move.flags = static_cast<int>(call.args[3]);
  }
  if (!move.writes) {
    move.bytes.resize(most);
    return can_be_written(call.tid, call.args[1], most) ? std::optional(move)
                                                        : std::nullopt;
  }
  auto bytes = read_memory(call.tid, call.args[1], most);
  bool to_somebody = moving.on_sockets && call.args[4] != 0;
  if (!bytes || bytes->size() != most || to_somebody) {
    return std::nullopt;
  }
  move.bytes = std::move(*bytes);
  return move;
}

}  // namespace

std::optional<ShortAnswer> make_short(const Notifier& notifier,
                                      const Notification& call,
                                      std::string_view name, int pid,
                                      std::uint64_t most) {
  const MovingCall* moving = moving_call(name);
  if (moving == nullptr || call.args[2] <= most || most > kMostBytesMoved) {
    return std::nullopt;
  }
  auto move = move_of(call, *moving, most);
  std::optional<SenderPlace> sender = SenderPlace{};
  if (moving->on_sockets && !moving->writes) {
    sender = sender_place(call);
  }
  auto copy = copy_descriptor_of(call.tid, pid, static_cast<int>(call.args[0]));
  if (!move || !sender || !copy || !notifier.still_waiting(call.id)) {
    return std::nullopt;
  }
  auto moved = move_less(call.tid, *copy, *move);
  if (!moved) {
    return std::nullopt;
  }
  if (moved->result < 0) {
    return ShortAnswer{0, static_cast<int>(-moved->result), false};
  }
  bool put = (moved->bytes.empty() ||
              write_memory(call.tid, call.args[1], moved->bytes)) &&
             put_sender(call.tid, *sender, *moved);
  return put ? ShortAnswer{moved->result, 0, moved->cut}
             : ShortAnswer{0, EFAULT, false};
}

}  // namespace faultrig
