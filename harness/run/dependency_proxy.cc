// A connection is led through us from its first byte on, whether a fault is
// active yet or not: a pool holds what it has opened. The server is asked
// first, so that whom it refuses is refused. A loopback handshake is complete
// when connect(2) returns, so that a socket that blocks blocks nobody here; and
// its own address tells which of those that we accept it is.
#include "harness/run/dependency_proxy.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>

#include "harness/base/names.h"
#include "harness/os/shim_processes.h"
#include "harness/os/socket_address.h"

namespace faultrig {

namespace {

// Its caller cannot do anything else while we wait for its server.
constexpr std::chrono::milliseconds kPatience{500};
constexpr std::chrono::milliseconds kAgain{5};
constexpr std::size_t kMostAddress = 128;  // sockaddr_storage

bool is_unix(const std::string& address) {
  return address.find('/') != std::string::npos || address.starts_with('@');
}

// What the caller means, as we have to say it.
Result<MeantName> sockaddr_of(const AskedConnect& asked) {
  if (is_unix(asked.to)) {
    return unix_sockaddr(asked.call.tid, asked.to);
  }
  TRY_ASSIGN(
      std::string read,
      read_memory(asked.call.tid, asked.call.args[1],
                  std::min<std::size_t>(asked.call.args[2], kMostAddress)));
  return MeantName{std::move(read), Fd(), 0};
}

}  // namespace

DependencyProxy::DependencyProxy(Loop& loop, DependencyBook book,
                                 DnsBook& names)
    : loop_(loop), crowd_(loop), book_(std::move(book)), names_(names) {}

DependencyProxy::~DependencyProxy() {
  for (auto& [place, door] : doors_) {
    loop_.unwatch(door.listener.get());
  }
  for (const WaitingPtr& waiting : waiting_) {
    waiting->over = true;
  }
}

ConnectFate DependencyProxy::take(AskedConnect asked) {
  DependencyUse use{asked.to, asked.pid, book_.at(asked.to)};
  use.names = names_.at(asked.to) ? &names_ : nullptr;
  bool none = use.faults.empty() && use.names == nullptr;
  if (none || asked.name != "connect") {
    return {};
  }
  auto socket = copy_descriptor_of(asked.call.tid, asked.pid,
                                   static_cast<int>(asked.call.args[0]));
  if (!socket) {
    if (socket.error().os_errno != EBADF) {
      asked.doubt(fault_of(use),
                  "its socket could not be copied: " + socket.error().what);
    }
    return {};
  }
  if (!asked.still_waits() || !is_unconnected_stream(*socket)) {
    return {};
  }
  if (auto fault = book_.next(use, DependencyMode::refuse)) {
    return refuse(asked, use, *fault);
  }
  auto limit = book_.next(use, DependencyMode::connections);
  if (limit && is_full(*limit)) {
    return refuse(asked, use, *limit);
  }
  FaultId first = fault_of(use);
  Result<> begun = begin(asked, std::move(use), std::move(*socket));
  if (!begun) {
    asked.doubt(first, begun.error().what);
    return {};
  }
  return {ConnectFate::What::taken};
}

// The first that is about it, of either kind.
FaultId DependencyProxy::fault_of(const DependencyUse& use) const {
  return use.faults.empty() ? names_.at(use.to).value_or(kNoFault)
                            : book_[use.faults.front()].fault;
}

ConnectFate DependencyProxy::refuse(const AskedConnect& asked,
                                    DependencyUse& use, std::size_t fault) {
  if (!asked.answer(ECONNREFUSED)) {
    return {ConnectFate::What::gone};
  }
  const Dependency& what = book_[fault];
  std::string open = what.mode == DependencyMode::connections
                         ? ", for " + std::to_string(what.number) + " were open"
                         : "";
  book_.meet(use, fault, "connect to " + use.to + " was refused" + open);
  return {ConnectFate::What::refused, what.fault};
}

// Who has closed is asked for only where it matters: each time the kernel is.
bool DependencyProxy::is_full(std::size_t fault) const {
  std::vector<const ProxiedStream*> its;
  for (const auto& [number, stream] : streams_) {
    const std::vector<std::size_t>& faults = stream->use().faults;
    if (std::find(faults.begin(), faults.end(), fault) != faults.end()) {
      its.push_back(stream.get());
    }
  }
  std::int64_t most = book_[fault].number;
  return std::ssize(its) >= most &&
         std::count_if(its.begin(), its.end(), [](const ProxiedStream* one) {
           return one->is_open();
         }) >= most;
}

// A fault that needs no server lets the caller in at once.
bool DependencyProxy::stands_alone(const DependencyUse& use) const {
  return std::any_of(use.faults.begin(), use.faults.end(),
                     [&](std::size_t fault) {
                       return book_[fault].stands_alone() &&
                              book_.next(use, book_[fault].mode) == fault;
                     });
}

Result<> DependencyProxy::begin(AskedConnect& asked, DependencyUse use,
                                Fd socket) {
  auto waiting = std::make_shared<Waiting>();
  TRY_ASSIGN(waiting->network, network_space_of_socket(socket, asked.call.tid));
  TRY_ASSIGN(MeantName name, sockaddr_of(asked));
  TRY_ASSIGN(Fd server, stream_in(waiting->network, family_of(name.sockaddr)));
  bool alone = stands_alone(use);
  int error =
      name.error != 0 ? name.error : begin_connect(server, name.sockaddr);
  if (error == EAGAIN && !alone && is_blocking(socket)) {
    if (!has_patience(socket)) {
      return system_error("wait for room at " + use.to + " for a time", EAGAIN);
    }
    waiting->asked = std::move(asked);
    await_room(waiting);
    return Ok{};
  }
  waiting->socket = std::move(socket);
  waiting->asked = std::move(asked);
  waiting->stream = std::make_shared<ProxiedStream>(
      crowd_, loop_, book_, std::move(use), std::move(server));
  waiting->number = ++last_stream_;
  streams_[waiting->number] = waiting->stream;
  waiting->stream->on_end(
      [this, number = waiting->number] { streams_.erase(number); });
  waiting_.push_back(waiting);
  await(waiting, error, alone);
  return Ok{};
}

// The queue of what listens there is full: a kernel makes a caller that blocks
// wait until it is not (unix(7)).
void DependencyProxy::await_room(const WaitingPtr& waiting) {
  waiting_.push_back(waiting);
  loop_.after(kAgain, [this, weak = std::weak_ptr<Waiting>(waiting)] {
    auto one = weak.lock();
    if (!one || one->over) {
      return;
    }
    one->over = true;
    waiting_.remove(one);
    if (!one->asked.still_waits()) {
      return;
    }
    auto let_run = one->asked.let_run;
    if (take(std::move(one->asked)).what == ConnectFate::What::left) {
      let_run();
    }
  });
}

// Never within take(): what has to be told of the call is told first.
void DependencyProxy::await(const WaitingPtr& waiting, int error, bool alone) {
  auto settle_it = [this, weak = std::weak_ptr<Waiting>(waiting)](int how) {
    if (auto one = weak.lock(); one && !one->over) {
      settle(*one, how);
    }
  };
  if (error == EINPROGRESS) {
    waiting->stream->await_server(alone ? [](int) {}
                                        : std::function<void(int)>(settle_it));
  } else {
    waiting->stream->server_settled(error);
  }
  if (error != EINPROGRESS || alone) {
    int how = alone ? 0 : error;
    loop_.after(std::chrono::nanoseconds(0),
                [settle_it, how] { settle_it(how); });
    return;
  }
  loop_.after(kPatience, [this, weak = std::weak_ptr<Waiting>(waiting)] {
    if (auto one = weak.lock(); one && !one->over) {
      pass_by(*one, "its server had not answered after half a second");
    }
  });
}

// The server's side stands, or failed, or is not asked for.
void DependencyProxy::settle(Waiting& waiting, int error) {
  waiting.over = true;
  DependencyUse& use = waiting.stream->use();
  auto fault = book_.next(use, DependencyMode::refuse);
  if (fault) {
    refuse(waiting.asked, use, *fault);
    drop(waiting);
    return;
  }
  bool led = error == 0 && waiting.asked.still_waits();
  int said = led ? lead_in(waiting) : error;
  bool stands = led && (said == 0 || said == EINPROGRESS);
  if (led && !stands) {
    pass_by(waiting, "its socket could not be led through faultrig: " +
                         errno_name(said));
    return;
  }
  bool there = waiting.asked.answer(said);
  if (!stands || !there) {
    drop(waiting);
  }
  waiting_.remove_if([](const WaitingPtr& one) { return one->over; });
}

void DependencyProxy::drop(Waiting& waiting) {
  streams_.erase(waiting.number);
  waiting_.remove_if([](const WaitingPtr& one) { return one->over; });
}

void DependencyProxy::pass_by(Waiting& waiting, const std::string& why) {
  waiting.over = true;
  waiting.asked.doubt(fault_of(waiting.stream->use()), why);
  waiting.asked.let_run();
  drop(waiting);
}

// Connects the caller's socket to us; gives what connect(2) said.
int DependencyProxy::lead_in(Waiting& waiting) {
  auto door = door_for(waiting.network, domain_of(waiting.socket));
  if (!door) {
    return door.error().os_errno;
  }
  take_in(**door, nullptr);
  int said = connect_to(waiting.socket, (*door)->listener);
  if (said != 0 && said != EINPROGRESS) {
    return said;
  }
  bool named = !is_unix(waiting.asked.to);
  if (named) {
    (*door)->expected[address_of(waiting.socket).text] = waiting.stream;
  }
  waiting.socket.reset();
  take_in(**door, named ? nullptr : waiting.stream);
  return said;
}

// Where there is no loopback of IPv6, that of IPv4 does.
Result<DependencyProxy::Door*> DependencyProxy::door_for(const Network& network,
                                                         int family) {
  auto known = doors_.find({network.inode, family});
  if (known != doors_.end()) {
    return &known->second;
  }
  auto listener = listen_on_loopback(network, family);
  if (!listener && is_ipv6(family)) {
    return door_for(network, ipv4_family());
  }
  if (!listener) {
    return listener.error();
  }
  Door& door = doors_[{network.inode, family}];
  door.listener = std::move(*listener);
  if (auto sockets = within(network, &InetSockets::open)) {
    door.sockets = std::make_shared<InetSockets>(std::move(*sockets));
  }
  loop_.watch(door.listener.get(), POLLIN,
              [this, &door](short) { take_in(door, nullptr); });
  return &door;
}

// Strangers are shown the door. `next`: whoever comes first, from an address
// that has no name.
void DependencyProxy::take_in(Door& door, StreamPtr next) {
  while (Fd client = next_connection(door.listener)) {
    auto expected = door.expected.find(peer_address_of(client).text);
    if (expected != door.expected.end()) {
      StreamPtr stream = std::move(expected->second);
      door.expected.erase(expected);
      stream->attach(std::move(client), door.sockets);
    } else if (next && is_from_us(client)) {
      std::exchange(next, nullptr)->attach(std::move(client), door.sockets);
    }
  }
}

void DependencyProxy::select(FaultId fault, bool active) {
  book_.select(fault, active);
  auto all = streams_;
  for (const auto& [number, stream] : all) {
    for (std::size_t index : stream->use().faults) {
      if (active && book_.belongs(index, fault)) {
        stream->begin(index);
      }
    }
    stream->pump();
  }
}

}  // namespace faultrig
