// The kernel's word comes first: a socket is connected to the resolver that its
// caller meant, which finds its route and its own address, and then to us,
// which leaves that address alone (udp(7) takes another only where it has
// none). What cannot be reached stays so, and programs that connect only to
// learn their own address (RFC 6724, as Go's resolver does on port 53) learn
// the true one.
#include "harness/run/dns_relay.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/os/datagram_socket.h"
#include "harness/os/notify.h"
#include "harness/os/shim_processes.h"
#include "harness/os/socket_address.h"
#include "harness/os/socket_cookie.h"
#include "harness/os/stream_socket.h"
#include "harness/run/call_peers.h"
#include "harness/run/dns_message.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostOpen = 4096;
constexpr int kMostAtOnce = 64;  // then others have their turn
constexpr std::size_t kMostMessage = 65535;
constexpr std::size_t kMostAnswered = 64;
constexpr std::size_t kMostOwn = 1024;

}  // namespace

DnsRelay::DnsRelay(Loop& loop, DnsBook& book)
    : loop_(loop), book_(book), crowd_(loop) {}

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
// be us. A connection that is opened by its first bytes goes past us with all
// that follows.
void DnsRelay::doubt_datagram(const AskedConnect& asked) {
  auto sent =
      read_memory(asked.call.tid, asked.call.args[1],
                  std::min<std::size_t>(asked.call.args[2], kMostMessage));
  if (!sent) {
    return;
  }
  std::optional<FaultId> fault;
  if (!opens_connection(asked.call.args[3])) {
    fault = book_.would_meet(*sent, {asked.to, asked.pid});
  } else if (begins_dns_stream(*sent)) {
    fault = book_.at(asked.to);
  }
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
  socket.reset();  // its own may be closed next, and its port be free
  bool there = asked.answer(said);
  return {there ? ConnectFate::What::taken : ConnectFate::What::gone};
}

int DnsRelay::lead_in(const AskedConnect& asked, const Fd& socket,
                      std::string resolver) {
  auto door = door_for(asked, socket);
  if (!door) {
    return door.error().os_errno;
  }
  int said = (*door)->lead_in(socket);
  if (said != 0) {
    return said;
  }
  InetAddress bound = inet_address_of(socket).value_or(InetAddress{});
  FlowPtr& known = flows_[{*door, bound}];
  if (known) {
    (void)close(known);
  }
  known = std::make_shared<DnsFlow>(
      book_, **door,
      DnsFlow::Origin{{asked.to, asked.pid},
                      static_cast<int>(asked.call.args[0]),
                      cookie_of(socket),
                      bound,
                      std::move(resolver)});
  return 0;
}

// One whose resolver has an address of IPv4 has one itself, of whatever family
// it is.
Result<DnsDoor*> DnsRelay::door_for(const AskedConnect& asked,
                                    const Fd& socket) {
  TRY_ASSIGN(Network network, network_space_of_socket(socket, asked.call.tid));
  std::string host = host_of_address(asked.to);
  if (!is_loopback(host)) {
    host = asked.to.starts_with('[') ? "::1" : "127.0.0.1";
  }
  Doors& doors = doors_[{network.inode, host}];
  for (const auto& door : doors) {
    if (!has_another(*door, socket)) {
      return door.get();
    }
  }
  TRY_ASSIGN(auto made, DnsDoor::open(std::move(network), host));
  DnsDoor* door = made.get();
  TRY(crowd_.watch(door->fd(), POLLIN,
                   [this, door](short) { (void)look_at(*door, nullptr); }));
  doors.push_back(std::move(made));
  return door;
}

// Is another socket led there that has the same address (SO_REUSEPORT)?
bool DnsRelay::has_another(const DnsDoor& door, const Fd& socket) const {
  InetAddress bound = inet_address_of(socket).value_or(InetAddress{});
  auto known = flows_.find({&door, bound});
  if (known == flows_.end() || known->second->cookie() == cookie_of(socket)) {
    return false;
  }
  auto owner = door.owner(bound);
  return !owner || *owner == known->second->cookie();
}

// False: no more has come. `own`: whose own door it is, if it is one's.
bool DnsRelay::look_at(DnsDoor& door, const FlowPtr& own) {
  int left = kMostAtOnce;
  for (auto came = door.next(); came; came = door.next()) {
    if (FlowPtr flow = own ? own : flow_from(door, came->sender)) {
      hear(flow, std::move(*came));
    }
    if (--left == 0) {
      break;
    }
  }
  look_for_lost(door);
  return left == 0;
}

DnsRelay::FlowPtr DnsRelay::flow_from(const DnsDoor& door,
                                      std::string_view sender) const {
  auto known =
      flows_.find({&door, inet_address_in(sender).value_or(InetAddress{})});
  return known == flows_.end() ? nullptr : known->second;
}

// What was meant to be refused, and came when its door was open again, is said
// once more. What strangers send is dropped, also where one has got the address
// that a socket of the workload's had.
void DnsRelay::hear(const FlowPtr& flow, DnsDoor::Came came) {
  if (flow->is_to_be_refused(came.message)) {
    refuse(flow);
  } else if (flow->is_its_own()) {
    flow->asks(came);
    ask(flow, std::move(came.message));
  }
}

void DnsRelay::look_for_lost(const DnsDoor& door) {
  if (door.has_lost() && lost_.insert(&door).second) {
    book_.doubt({}, "a question",
                "more came at once than faultrig had room for, and some were "
                "lost");
  }
}

// Bounded: strangers may go on.
void DnsRelay::last_look() {
  constexpr int kMostTurns = 10000;
  auto look_to_the_end = [this](DnsDoor& door, const FlowPtr& own) {
    for (int turn = 0; turn < kMostTurns && look_at(door, own); ++turn) {
    }
  };
  for (const auto& [place, doors] : doors_) {
    for (const auto& door : doors) {
      look_to_the_end(*door, nullptr);
    }
  }
  for (const FlowPtr& flow : std::deque(own_)) {
    look_to_the_end(*flow->own_door(), flow);
  }
}

void DnsRelay::ask(const FlowPtr& flow, std::string message) {
  DnsFate fate = book_.meet(message, flow->asker());
  if (fate.what == DnsFate::What::answered) {
    flow->tell(fate.answer, message);
  }
  if (fate.what != DnsFate::What::passed) {
    book_.done(fate);
    return;
  }
  if (fate.late == std::chrono::nanoseconds(0)) {
    forward(flow, message);
    return;
  }
  loop_.after(fate.late, [this, fate, weak = std::weak_ptr<DnsFlow>(flow),
                          message = std::move(message)] {
    if (FlowPtr one = weak.lock()) {
      book_.done(fate);
      forward(one, message);
    }
  });
}

void DnsRelay::forward(const FlowPtr& flow, const std::string& message) {
  flow->use(++uses_);
  int error = flow->is_open() ? 0 : open(flow);
  error = error == 0 ? flow->send(message) : error;
  if (error == ECONNREFUSED) {  // an earlier one was
    refuse(flow);
    error = flow->send(message);
  }
  if (error != 0) {
    flow->doubt("it could not be passed on: " + errno_name(error));
  }
}

int DnsRelay::open(const FlowPtr& flow) {
  int error = flow->open();
  if (error == EMFILE || error == ENFILE) {
    close_oldest(0);
    error = flow->open();
  }
  if (error != 0) {
    return error;
  }
  Result<> watched = crowd_.watch(
      flow->fd(), POLLIN, [this, weak = std::weak_ptr<DnsFlow>(flow)](short) {
        FlowPtr one = weak.lock();
        auto heard = one ? one->receive() : DnsFlow::Heard::none;
        if (heard == DnsFlow::Heard::refusal) {
          refuse(one);
        } else if (heard == DnsFlow::Heard::last_answer) {
          keep_answered(one);
        }
      });
  if (!watched) {
    (void)flow->close();
    return watched.error().os_errno;
  }
  open_.insert(flow);
  close_oldest(kMostOpen);
  return 0;
}

void DnsRelay::refuse(const FlowPtr& flow) {
  DnsDoor* before = flow->own_door();
  flow->refuse();
  DnsDoor* door = flow->own_door();
  if (before != nullptr || door == nullptr) {
    return;
  }
  close_own(kMostOwn);
  Result<> watched = crowd_.watch(door->fd(), POLLIN,
                                  [this, weak = std::weak_ptr(flow)](short) {
                                    if (FlowPtr one = weak.lock()) {
                                      (void)look_at(*one->own_door(), one);
                                    }
                                  });
  if (watched) {
    own_.push_back(flow);
  } else {
    flow->doubt("what it asks is not heard: " + watched.error().what);
  }
}

// Those whose sockets have been closed; else the oldest, where there are more.
void DnsRelay::close_own(std::size_t most) {
  if (own_.size() < most) {
    return;
  }
  auto closed = std::find_if(own_.begin(), own_.end(), [](const FlowPtr& one) {
    return one->is_closed();
  });
  if (closed == own_.end()) {
    closed = own_.begin();
    (*closed)->doubt(
        "what it asks is not heard: too many were refused at once");
  }
  crowd_.unwatch((*closed)->own_door()->fd());
  (*closed)->close_own_door();
  own_.erase(closed);
}

// One that has all its answers may get another one, until many more have come.
void DnsRelay::keep_answered(const FlowPtr& flow) {
  answered_.push_back(flow);
  while (answered_.size() > kMostAnswered) {
    FlowPtr oldest = answered_.front().lock();
    answered_.pop_front();
    if (oldest && !oldest->is_owed()) {
      (void)close(oldest);
    }
  }
}

// Gives how many answers are lost by that.
std::size_t DnsRelay::close(const FlowPtr& flow) {
  if (open_.erase(flow) == 0) {
    return 0;
  }
  crowd_.unwatch(flow->fd());
  return flow->close();
}

// An answer that it still waits for is lost.
void DnsRelay::close_oldest(std::size_t most) {
  if (open_.size() <= most) {
    return;
  }
  FlowPtr oldest = *std::min_element(
      open_.begin(), open_.end(),
      [](const FlowPtr& a, const FlowPtr& b) { return a->used() < b->used(); });
  if (close(oldest) > 0) {
    oldest->doubt("its answer was lost: too many wait for theirs at once");
  }
}

}  // namespace faultrig
