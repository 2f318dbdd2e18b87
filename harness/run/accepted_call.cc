// That a call of accept(2) was made says little: a Go program makes one more
// for each that it gets, which says EAGAIN. So it is made here, on a copy of
// the caller's socket, and the connection given to the caller (SECCOMP_ADDFD in
// seccomp_unotify(2)). What may block is not made: a worker has one thread.
#include "harness/run/accepted_call.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "harness/os/accepting.h"
#include "harness/os/shim_processes.h"
#include "harness/os/short_move.h"

namespace faultrig {

namespace {

// Where the caller wants the address of the other side. Tried before: what has
// been accepted cannot be put back.
struct PeerPlace {
  std::uint64_t address = 0;
  std::uint64_t size_address = 0;
  std::uint32_t room = 0;
};

std::optional<PeerPlace> peer_place(const Notification& call) {
  PeerPlace place{call.args[1], call.args[2], 0};
  if (place.address == 0) {
    return place;
  }
  auto size = read_memory(call.tid, place.size_address, sizeof place.room);
  if (!size || size->size() != sizeof place.room) {
    return std::nullopt;
  }
  std::memcpy(&place.room, size->data(), sizeof place.room);
  std::size_t most = std::min<std::size_t>(place.room, kLargestAddress);
  bool sound =
      can_be_written(call.tid, place.size_address, sizeof place.room) &&
      can_be_written(call.tid, place.address, most);
  return sound ? std::optional(place) : std::nullopt;
}

// As move_addr_to_user() in the kernel: what fits, and how much there was.
bool put_peer(int tid, const PeerPlace& place, const std::string& peer) {
  if (place.address == 0) {
    return true;
  }
  auto whole = static_cast<std::uint32_t>(peer.size());
  std::string size(sizeof whole, '\0');
  std::memcpy(size.data(), &whole, size.size());
  std::string fits = peer.substr(0, place.room);
  return (fits.empty() || write_memory(tid, place.address, fits)) &&
         write_memory(tid, place.size_address, size);
}

}  // namespace

std::optional<AcceptAnswer> make_accept(const Notifier& notifier,
                                        const Notification& call,
                                        std::string_view name, int pid) {
  auto place = peer_place(call);
  if (!place) {
    return std::nullopt;
  }
  auto copy = copy_descriptor_of(call.tid, pid, static_cast<int>(call.args[0]));
  if (!copy || !notifier.still_waiting(call.id) || may_block(*copy)) {
    return std::nullopt;
  }
  int flags = name == "accept4" ? static_cast<int>(call.args[3]) : 0;
  Taken taken = take_connection(*copy, flags);
  // The kernel lets the connection go that it cannot tell the caller of.
  if (taken.connection && !put_peer(call.tid, *place, taken.peer)) {
    return AcceptAnswer{Fd(), EFAULT};
  }
  return AcceptAnswer{std::move(taken.connection), taken.error,
                      closes_on_exec(flags)};
}

}  // namespace faultrig
