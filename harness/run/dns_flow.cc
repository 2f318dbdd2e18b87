// Nothing of the workload's is kept: a copy of its socket would hold its port
// when it has long closed its own. Where its resolver refuses, the socket is
// looked for again, and the kernel is made to refuse there: by a door that is
// shut while something is said by our hand, and open when the workload has the
// error and asks again. Its resolver could be asked to say so instead, but it
// may be up by now, and then it has got a question that nobody saw.
#include "harness/run/dns_flow.h"

#include <cerrno>
#include <vector>

#include "harness/base/names.h"
#include "harness/os/ahead_of_others.h"
#include "harness/os/datagram_socket.h"
#include "harness/os/network_counters.h"
#include "harness/os/notify.h"
#include "harness/os/shim_processes.h"
#include "harness/os/socket_cookie.h"
#include "harness/os/stream_socket.h"
#include "harness/os/udp_owners.h"
#include "harness/run/dns_message.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostMessage = 65535;
constexpr std::size_t kMostSettled = 64;

std::string id_of(const std::string& message) { return message.substr(0, 2); }

// A socket of this process, by the number that it had; it may have moved.
Fd socket_of(int pid, int number, std::uint64_t cookie) {
  auto process = open_pidfd(pid);
  if (!process || cookie == 0) {
    return Fd();
  }
  auto here = [&](int one) {
    auto copy = copy_descriptor(process->get(), one);
    return copy && cookie_of(*copy) == cookie ? std::move(*copy) : Fd();
  };
  Fd found = here(number);
  std::vector<int> all = found ? std::vector<int>() : open_descriptors(pid);
  for (auto one = all.begin(); !found && one != all.end(); ++one) {
    found = here(*one);
  }
  return found;
}

}  // namespace

std::string host_of_address(const std::string& address) {
  std::string host = address.substr(0, address.rfind(':'));
  return host.starts_with('[') ? host.substr(1, host.size() - 2) : host;
}

DnsFlow::DnsFlow(DnsBook& book, DnsDoor& door, Origin origin)
    : book_(book),
      door_(door),
      origin_(std::move(origin)),
      host_(host_of_address(origin_.asker.to)) {}

bool DnsFlow::is_its_own() const {
  auto owner = door().owner(origin_.bound);
  return !owner || *owner == 0 || *owner == origin_.cookie;
}

// A good answer that came from another address than was asked may have been
// taken for a stranger's. Who asks the same again did so.
void DnsFlow::asks(const DnsDoor::Came& came) {
  client_ = came.sender;
  auto settled = settled_.find(id_of(came.message));
  if (settled != settled_.end() && settled->second == came.message) {
    doubt("a good answer came from faultrig's address, not from " + host_ +
          ", and it asked the same again");
  }
}

void DnsFlow::tell(const std::string& message, const std::string& question) {
  std::int64_t sent = door().answer(message, client_);
  if (sent < 0) {
    doubt("an answer could not be sent: " +
          errno_name(static_cast<int>(-sent)));
  }
  bool settles = !question.empty() && is_good_dns_answer(message);
  if (settles && !door().is_at(host_) && settled_.size() < kMostSettled) {
    settled_[id_of(message)] = question;
  }
}

void DnsFlow::doubt(const std::string& why) {
  if (!std::exchange(doubted_, true)) {
    book_.doubt(origin_.asker, "a question to " + origin_.asker.to, why);
  }
}

int DnsFlow::open() {
  auto made = datagram_in(door_.network(), family_of(origin_.resolver));
  if (!made) {
    return made.error().os_errno;
  }
  int said = begin_connect(*made, origin_.resolver);
  if (said == 0) {
    ahead_ = std::move(*made);
  }
  return said;
}

int DnsFlow::send(const std::string& message) {
  std::int64_t sent = send_some(ahead_, message);
  if (sent < 0) {
    return static_cast<int>(-sent);
  }
  owed_[id_of(message)] = message;
  return 0;
}

// All that the resolver sends goes on: who asked knows its answer from what
// came late, came twice, or is a stranger's.
DnsFlow::Heard DnsFlow::receive() {
  std::string message;
  std::int64_t got = receive_some(ahead_, message, kMostMessage);
  if (got < 0) {
    return got == -ECONNREFUSED ? Heard::refusal : Heard::none;
  }
  auto owed = owed_.extract(id_of(message));
  tell(message, owed ? owed.mapped() : "");
  return owed && owed_.empty() ? Heard::last_answer : Heard::none;
}

std::size_t DnsFlow::close() {
  ahead_.reset();
  return std::exchange(owed_, {}).size();
}

void DnsFlow::refuse() {
  Fd socket = socket_of(origin_.asker.pid, origin_.number, origin_.cookie);
  bool gone = !socket && is_closed();
  if (!gone && !(socket && refuse_on(std::move(socket)))) {
    doubt("that its resolver refuses could not be passed on");
  }
}

bool DnsFlow::is_closed() const {
  auto owner = door().owner(origin_.bound);
  return owner && *owner != origin_.cookie;
}

// The kernel counts what it refuses: what the workload asked while the door was
// shut is among it.
bool DnsFlow::refuse_on(Fd socket) {
  auto before = refused_datagrams(door().network());
  if (!own_door_ && !make_own_door(socket)) {
    return false;
  }
  token_ = "faultrig " + std::to_string(origin_.cookie);
  bool done = say_to_shut_door(std::move(socket));
  auto after = refused_datagrams(own_door_->network());
  if (before && after && *after > *before + 1) {
    doubt("more was refused at once than its resolver has");
  }
  return done;
}

// Whom the refusal wakes may ask again at once.
bool DnsFlow::say_to_shut_door(Fd socket) {
  AheadOfOthers stay;
  // An error that waited there from before is told in its place.
  bool said = own_door_->shut() == 0 && (send_some(socket, token_) >= 0 ||
                                         send_some(socket, token_) >= 0);
  bool opened = own_door_->open_to(client_) == 0;
  socket.reset();  // its port is the workload's
  return opened && said;
}

bool DnsFlow::make_own_door(const Fd& socket) {
  auto network = network_space_of_socket(socket, origin_.asker.pid);
  if (!network) {
    return false;
  }
  auto made = DnsDoor::open(std::move(*network), host_);
  if (!made || (*made)->shut() != 0 || (*made)->lead_in(socket) != 0) {
    return false;
  }
  own_door_ = std::move(*made);
  return true;
}

bool DnsFlow::is_to_be_refused(const std::string& message) const {
  return message == token_ && !token_.empty();
}

}  // namespace faultrig
