// Where a call names an address, it lies in the caller's memory as bind(2) has
// it. Where it names none, the socket is asked, on a copy of its descriptor
// (pidfd_getfd(2)). Whom accept(2) will give nobody can ask: what waits in its
// queue is told (waiting_connections.h).
#include "harness/run/call_peers.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/model/path_arguments.h"
#include "harness/os/accepting.h"
#include "harness/os/shim_processes.h"
#include "harness/os/socket_address.h"
#include "harness/os/waiting_connections.h"

namespace faultrig {

namespace {

using Texts = std::vector<std::string>;

constexpr std::uint64_t kMostAddress = 128;  // sockaddr_storage
constexpr std::uint64_t kMostMessages = 64;
constexpr std::uint64_t kMessage = 64;  // of struct mmsghdr
constexpr std::uint16_t kUnix = 1;      // AF_UNIX

// A sockaddr in the caller's memory.
struct Said {
  std::uint64_t at = 0;  // 0: the call names none
  std::uint64_t size = 0;
};

PeerNames unread(const std::string& what, const Error& error) {
  return {std::nullopt,
          what + (error.os_errno == 0 ? " (" + error.what + ")"
                                      : ": " + errno_name(error.os_errno))};
}

PeerNames just(const SocketAddress& address) {
  return {address.text.empty() ? Texts{} : Texts{address.text}, ""};
}

// The path of a unix(7) socket is relative to the caller's folder.
std::string whole(const std::string& text, int tid, std::string_view sockaddr) {
  std::uint16_t family = 0;
  std::memcpy(&family, sockaddr.data(),
              std::min(sockaddr.size(), sizeof family));
  bool path = !text.empty() && text.front() != '@' && text.front() != '/';
  std::string folder = family == kUnix && path ? folder_of(tid) : "";
  return folder.empty() ? text : folder + "/" + text;
}

PeerNames named(const Notification& call, const Said& said, bool as_inet) {
  auto bytes = sockaddr_at(call, said.at, said.size);
  if (!bytes) {
    return unread("read its address", bytes.error());
  }
  SocketAddress address =
      address_in(as_inet ? with_family_of_inet(*bytes) : *bytes);
  address.text = whole(address.text, call.tid, *bytes);
  return just(address);
}

Result<Said> said_in_message(int tid, std::uint64_t at) {
  Said said;
  TRY_ASSIGN(std::string head, read_memory(tid, at, 12));
  if (head.size() < 12) {
    return Said{};
  }
  std::uint32_t size = 0;
  std::memcpy(&said.at, head.data(), sizeof said.at);
  std::memcpy(&size, head.data() + sizeof said.at, sizeof size);
  said.size = size;
  return said;
}

// What the call says, once for each message of sendmmsg(2).
Result<std::vector<Said>> said_by(const Notification& call,
                                  std::string_view name) {
  if (name == "connect") {
    return std::vector<Said>{{call.args[1], call.args[2]}};
  }
  if (name == "sendto") {
    return std::vector<Said>{{call.args[4], call.args[5]}};
  }
  if (name == "sendmmsg" && call.args[2] > kMostMessages) {
    return unsupported_error("more than " + std::to_string(kMostMessages));
  }
  std::uint64_t messages = name == "sendmsg" ? 1 : 0;
  messages = name == "sendmmsg" ? call.args[2] : messages;
  std::vector<Said> all;
  for (std::uint64_t i = 0; i < messages; ++i) {
    TRY_ASSIGN(Said said,
               said_in_message(call.tid, call.args[1] + i * kMessage));
    all.push_back(said);
  }
  return all;
}

// getpeername(2) forgets a connection of TCP with its end; that there was one
// is kept. A name that is relative was so to a folder that nobody tells.
PeerNames connected_to(const Fd& socket) {
  SocketAddress peer = peer_address_of(socket);
  if (peer.text.empty() && had_connection(socket)) {
    return {std::nullopt, "ask its socket, whose connection is over"};
  }
  bool relative = !peer.text.empty() && peer.port == 0 &&
                  peer.text.front() != '/' && peer.text.front() != '@';
  if (relative) {
    return {std::nullopt,
            "know in which folder its peer '" + peer.text + "' was bound"};
  }
  return just(peer);
}

PeerNames waiting(const Fd& socket, int tid) {
  if (kind_of(socket).shares_port) {
    return {std::nullopt,
            "tell which of the listeners of its port it comes to"};
  }
  auto peers = waiting_connections(tid, socket);
  if (!peers) {
    return unread("see who has connected", peers.error());
  }
  if (peers->empty() && may_block(socket)) {
    return {std::nullopt, "see who will connect"};
  }
  return {*std::move(peers), ""};
}

PeerNames of_descriptor(const Notification& call, std::string_view name,
                        int number, int pid) {
  std::string target = descriptor_target(call.tid, number);
  if (!target.empty() && !target.starts_with("socket:")) {
    return {Texts{}, ""};
  }
  auto socket = copy_descriptor_of(call.tid, pid, number);
  if (!socket) {
    bool none = socket.error().os_errno == EBADF;
    return none ? PeerNames{Texts{}, ""}
                : unread("copy its socket", socket.error());
  }
  bool accepts = name == "accept" || name == "accept4";
  return accepts ? waiting(*socket, call.tid) : connected_to(*socket);
}

void add(PeerNames& all, const PeerNames& more) {
  if (!more.known) {
    all = more;
  } else if (all.known) {
    all.known->insert(all.known->end(), more.known->begin(), more.known->end());
  }
}

// Of sendfile(2) and its like either may be a socket.
PeerNames of_sockets(const Notification& call, std::string_view name, int pid) {
  PeerNames all{Texts{}, ""};
  for (int argument : fd_arguments(name)) {
    auto number =
        static_cast<int>(call.args[static_cast<std::size_t>(argument)]);
    add(all, of_descriptor(call, name, number, pid));
  }
  return all;
}

// What is sent on a connected stream goes to its peer, whatever the call names
// (tcp(7)). On a datagram socket of IPv4 an address without a family is one of
// IPv4, on one of IPv6 it is none.
PeerNames sent_to(const Notification& call, std::string_view name,
                  const Said& said, int pid) {
  auto socket =
      copy_descriptor_of(call.tid, pid, static_cast<int>(call.args[0]));
  if (!socket && socket.error().os_errno == EBADF) {
    return named(call, said, false);
  }
  if (!socket) {
    return unread("copy its socket", socket.error());
  }
  SocketKind kind = kind_of(*socket);
  bool connected = kind.stream && !peer_address_of(*socket).text.empty();
  auto family = read_memory(call.tid, said.at, 2);
  bool none = family && *family == std::string(2, '\0') && kind.inet6;
  return connected || none ? of_sockets(call, name, pid)
                           : named(call, said, kind.inet);
}

}  // namespace

Result<std::string> sockaddr_at(const Notification& call, std::uint64_t at,
                                std::uint64_t size) {
  return read_memory(call.tid, at, std::min(size, kMostAddress));
}

PeerNames peers_of(const Notification& call, std::string_view name, int pid) {
  static constexpr std::array<std::string_view, 3> kAlone{"bind", "listen",
                                                          "socket"};
  if (std::find(kAlone.begin(), kAlone.end(), name) != kAlone.end()) {
    return {Texts{}, ""};
  }
  auto said = said_by(call, name);
  if (!said) {
    return unread("read its messages", said.error());
  }
  if (said->empty()) {
    return of_sockets(call, name, pid);
  }
  PeerNames all{Texts{}, ""};
  for (const Said& one : *said) {
    add(all, one.at == 0 || one.size == 0 ? of_sockets(call, name, pid)
             : name == "connect"          ? named(call, one, false)
                                          : sent_to(call, name, one, pid));
  }
  return all;
}

}  // namespace faultrig
