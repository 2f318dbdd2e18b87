// The kernel's word comes first: a socket is connected to the resolver that its
// caller meant, which finds its route and its own address, and then to us,
// which leaves that address alone (udp(7) takes another only where it has
// none). What cannot be reached stays so, and programs that connect only to
// learn their own address (RFC 6724, as Go's resolver does on port 53) learn
// the true one. Where a resolver refuses (ICMP, ECONNREFUSED), the caller's
// socket is given back to it, and asks once more by our hand: the kernel then
// says so itself.
#include "harness/run/dns_relay.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/os/notify.h"
#include "harness/os/shim_processes.h"
#include "harness/os/socket_address.h"
#include "harness/os/stream_socket.h"
#include "harness/run/call_peers.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostOpen = 4096;
constexpr int kMostAtOnce = 64;  // then others have their turn
constexpr std::size_t kMostMessage = 65535;
constexpr std::size_t kMostDatagram = 4096;  // of a question

}  // namespace

DnsRelay::DnsRelay(Loop& loop, DnsBook& book)
    : loop_(loop), book_(book), crowd_(loop) {}

DnsRelay::~DnsRelay() {
  for (auto& [place, door] : doors_) {
    crowd_.unwatch(door.socket.get());
  }
  for (const FlowPtr& flow : open_) {
    close_ahead(*flow);
  }
}

ConnectFate DnsRelay::take(const AskedConnect& asked) {
  if (book_.empty()) {
    return {};
  }
  const std::vector<std::string>& services = name_services();
  if (std::find(services.begin(), services.end(), asked.to) != services.end()) {
    return shut_out(asked);
  }
  auto fault = book_.at(asked.to);
  if (!fault) {
    return {};
  }
  if (asked.name != "connect") {
    doubt_datagram(asked);
    return {};
  }
  auto socket = copy_descriptor_of(asked.call.tid, asked.pid,
                                   static_cast<int>(asked.call.args[0]));
  if (!socket) {
    if (socket.error().os_errno != EBADF) {
      asked.doubt(*fault,
                  "its socket could not be copied: " + socket.error().what);
    }
    return {};
  }
  if (!asked.still_waits() || !is_udp(*socket)) {
    return {};
  }
  return lead(asked, std::move(*socket));
}

// Who is told that it is not there asks the resolver itself.
ConnectFate DnsRelay::shut_out(const AskedConnect& asked) {
  std::string seen =
      "/proc/" + std::to_string(asked.call.tid) + "/root" + asked.to;
  std::error_code none;
  if (!std::filesystem::is_socket(seen, none)) {
    return {};
  }
  if (!asked.answer(ECONNREFUSED)) {
    return {ConnectFate::What::gone};
  }
  return {ConnectFate::What::refused, book_.any()};
}

// An answer to a socket that is not connected shows who sent it, and that would
// be us.
void DnsRelay::doubt_datagram(const AskedConnect& asked) {
  auto sent =
      read_memory(asked.call.tid, asked.call.args[1],
                  std::min<std::size_t>(asked.call.args[2], kMostDatagram));
  auto fault =
      sent ? book_.would_meet(*sent, {asked.to, asked.pid}) : std::nullopt;
  if (fault && told_.emplace(asked.pid, *fault).second) {
    asked.doubt(*fault, "a question was sent without connect(2)");
  }
}

ConnectFate DnsRelay::lead(const AskedConnect& asked, Fd socket) {
  auto sockaddr =
      sockaddr_at(asked.call, asked.call.args[1], asked.call.args[2]);
  if (!sockaddr) {
    asked.doubt(*book_.at(asked.to), sockaddr.error().what);
    return {};
  }
  int said = begin_connect(socket, *sockaddr);
  if (said == 0) {
    int led = lead_in(asked, socket, *sockaddr);
    if (led != 0) {
      (void)begin_connect(socket, *sockaddr);
      asked.doubt(
          *book_.at(asked.to),
          "its socket could not be led through faultrig: " + errno_name(led));
    }
  }
  bool there = asked.answer(said);
  return {there ? ConnectFate::What::taken : ConnectFate::What::gone};
}

int DnsRelay::lead_in(const AskedConnect& asked, Fd& socket,
                      std::string resolver) {
  auto door = door_for(asked);
  if (!door) {
    return door.error().os_errno;
  }
  int said = connect_to(socket, (*door)->socket);
  if (said != 0) {
    return said;
  }
  auto flow = std::make_shared<Flow>();
  flow->asker = {asked.to, asked.pid};
  flow->door = *door;
  flow->resolver = std::move(resolver);
  std::string bound = address_of(socket).text;
  flow->socket = std::move(socket);
  flow->used = ++uses_;
  FlowPtr& known = flows_[{*door, bound}];
  if (known) {
    close_ahead(*known);
    open_.erase(known);
  }
  known = flow;
  open_.insert(flow);
  close_oldest(kMostOpen);
  return 0;
}

// One whose resolver has an address of IPv4 has one itself, of whatever family
// it is.
Result<DnsRelay::Door*> DnsRelay::door_for(const AskedConnect& asked) {
  TRY_ASSIGN(Network network, network_space_of(asked.pid));
  int family = asked.to.starts_with('[') ? ipv6_family() : ipv4_family();
  auto key = std::pair(network.inode, family);
  auto known = doors_.find(key);
  if (known != doors_.end()) {
    return &known->second;
  }
  TRY_ASSIGN(Fd socket, datagram_on_loopback(network, family));
  Door& door = doors_[key];
  door.socket = std::move(socket);
  door.network = std::move(network);
  door.family = family;
  TRY(crowd_.watch(door.socket.get(), POLLIN,
                   [this, &door](short) { on_door(door); }));
  return &door;
}

// What strangers send is dropped.
void DnsRelay::on_door(Door& door) {
  std::string message;
  std::string sender;
  for (int i = 0;
       i < kMostAtOnce && receive_from(door.socket, message, sender) >= 0;
       ++i) {
    auto known = flows_.find({&door, address_in(sender).text});
    if (known != flows_.end()) {
      FlowPtr flow = known->second;
      flow->client = sender;
      ask(flow, std::move(message));
    }
  }
}

void DnsRelay::ask(const FlowPtr& flow, std::string message) {
  DnsFate fate = book_.meet(message, flow->asker);
  if (fate.what == DnsFate::What::answered) {
    (void)send_to(flow->door->socket, fate.answer, flow->client);
    flow->socket.reset();
  }
  if (fate.what != DnsFate::What::passed) {
    return;
  }
  if (fate.late == std::chrono::nanoseconds(0)) {
    forward(flow, message);
    return;
  }
  loop_.after(fate.late, [this, weak = std::weak_ptr<Flow>(flow),
                          message = std::move(message)] {
    if (FlowPtr one = weak.lock()) {
      forward(one, message);
    }
  });
}

void DnsRelay::forward(const FlowPtr& flow, const std::string& message) {
  flow->used = ++uses_;
  flow->asked = message;
  if (!flow->ahead && !reach_ahead(flow)) {
    return;
  }
  std::int64_t sent = send_some(flow->ahead, message);
  if (sent == -ECONNREFUSED) {
    refuse(*flow);
  }
  flow->owed += sent >= 0 ? 1 : 0;
}

bool DnsRelay::reach_ahead(const FlowPtr& flow) {
  int family = family_of(flow->resolver);
  auto ahead = datagram_in(flow->door->network, family);
  if (!ahead) {  // there are no more descriptors
    close_oldest(0);
    ahead = datagram_in(flow->door->network, family);
  }
  if (!ahead || begin_connect(*ahead, flow->resolver) != 0) {
    return false;
  }
  flow->ahead = std::move(*ahead);
  Result<> watched =
      crowd_.watch(flow->ahead.get(), POLLIN,
                   [this, weak = std::weak_ptr<Flow>(flow)](short) {
                     if (FlowPtr one = weak.lock()) {
                       on_answer(one);
                     }
                   });
  if (!watched) {
    flow->ahead.reset();
    return false;
  }
  open_.insert(flow);
  close_oldest(kMostOpen);
  return true;
}

// With the last answer that is owed nothing of the flow is open any more.
void DnsRelay::on_answer(const FlowPtr& flow) {
  std::string message;
  std::int64_t got = receive_some(flow->ahead, message, kMostMessage);
  if (got == -ECONNREFUSED) {
    refuse(*flow);
  }
  if (got < 0) {
    return;
  }
  flow->socket.reset();
  (void)send_to(flow->door->socket, message, flow->client);
  if (--flow->owed <= 0) {
    close_ahead(*flow);
    open_.erase(flow);
  }
}

// Its next message goes where it is then connected to: past us, to a resolver
// that is not there.
void DnsRelay::refuse(Flow& flow) {
  close_ahead(flow);
  if (flow.socket && begin_connect(flow.socket, flow.resolver) == 0) {
    (void)send_some(flow.socket, flow.asked);
  }
  flow.socket.reset();
}

void DnsRelay::close_ahead(Flow& flow) {
  if (flow.ahead) {
    crowd_.unwatch(flow.ahead.get());
    flow.ahead.reset();
  }
  flow.owed = 0;
}

// A question that it waits for is asked again, as any that was lost.
void DnsRelay::close_oldest(std::size_t most) {
  if (open_.size() <= most) {
    return;
  }
  auto oldest = std::min_element(
      open_.begin(), open_.end(),
      [](const FlowPtr& a, const FlowPtr& b) { return a->used < b->used; });
  (*oldest)->socket.reset();
  close_ahead(**oldest);
  open_.erase(oldest);
}

}  // namespace faultrig
