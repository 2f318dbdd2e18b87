// The kernel tells its sockets over netlink (sock_diag(7)), of one network
// namespace, whoever owns them: what a server has not accepted has inode 0,
// what it has accepted and not read stands in its receive queue. Who holds an
// inode is told by the links of /proc/PID/fd alone.
#include "harness/os/inet_sockets.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/os/living_thread.h"
#include "harness/os/socket_question.h"

namespace faultrig {

namespace {

constexpr std::uint32_t kListen = 1U << 10;  // TCP_LISTEN, <netinet/tcp.h>
constexpr std::uint32_t kAll = ~0U;
constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0,    0,
                                                  0, 0, 0, 0, 0xff, 0xff};

InetAddress address_from(int family, const __be32* words, __be16 port) {
  InetAddress address;
  address.port = ntohs(port);
  if (family == AF_INET6) {
    std::memcpy(address.bytes.data(), words, address.bytes.size());
    return address;
  }
  std::copy(kMapped.begin(), kMapped.end(), address.bytes.begin());
  std::memcpy(&address.bytes[kMapped.size()], words, sizeof *words);
  return address;
}

bool tells_only_v6(const nlmsghdr& message) {
  const auto* row = static_cast<const inet_diag_msg*>(NLMSG_DATA(&message));
  const auto* attribute = reinterpret_cast<const rtattr*>(row + 1);
  std::size_t left = message.nlmsg_len - NLMSG_LENGTH(sizeof *row);
  for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left)) {
    if (attribute->rta_type == INET_DIAG_SKV6ONLY) {
      return *static_cast<const std::uint8_t*>(RTA_DATA(attribute)) != 0;
    }
  }
  return false;
}

InetSocket socket_from(const inet_diag_msg& row) {
  InetSocket socket;
  socket.local =
      address_from(row.idiag_family, row.id.idiag_src, row.id.idiag_sport);
  socket.remote =
      address_from(row.idiag_family, row.id.idiag_dst, row.id.idiag_dport);
  socket.state = row.idiag_state;
  socket.inode = row.idiag_inode;
  socket.received = row.idiag_rqueue;
  socket.unacked = row.idiag_wqueue;
  return socket;
}

Result<> ask(int netlink, int family, std::uint32_t states) {
  struct {
    nlmsghdr header;
    inet_diag_req_v2 request;
  } message{};
  message.header.nlmsg_len = sizeof message;
  message.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  message.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  message.request.sdiag_family = static_cast<std::uint8_t>(family);
  message.request.sdiag_protocol = IPPROTO_TCP;
  message.request.idiag_states = states;
  if (send(netlink, &message, sizeof message, MSG_NOSIGNAL) < 0) {
    return system_error("ask the kernel for its sockets", errno);
  }
  return Ok{};
}

// True: that was the last message of the dump.
Result<bool> read_message(const nlmsghdr& message,
                          std::vector<InetSocket>& found) {
  if (message.nlmsg_type == NLMSG_DONE) {
    return true;
  }
  if (message.nlmsg_type == NLMSG_ERROR) {
    const auto& error = *static_cast<const nlmsgerr*>(NLMSG_DATA(&message));
    return system_error("read the kernel's sockets", -error.error);
  }
  if (message.nlmsg_len >= NLMSG_LENGTH(sizeof(inet_diag_msg))) {
    found.push_back(
        socket_from(*static_cast<const inet_diag_msg*>(NLMSG_DATA(&message))));
    found.back().only_v6 = tells_only_v6(message);
  }
  return false;
}

Result<> read_dump(int netlink, std::vector<InetSocket>& found) {
  constexpr std::size_t kDatagram = 64 << 10;
  alignas(nlmsghdr) static thread_local std::array<char, kDatagram> buffer;
  for (;;) {
    ssize_t got = recv(netlink, buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      return system_error("read the kernel's sockets", errno);
    }
    const auto* message = reinterpret_cast<const nlmsghdr*>(buffer.data());
    for (auto left = static_cast<std::size_t>(got); NLMSG_OK(message, left);
         message = NLMSG_NEXT(message, left)) {
      TRY_ASSIGN(bool last, read_message(*message, found));
      if (last) {
        return Ok{};
      }
    }
  }
}

// The inode of a link `socket:[123]`; 0 for any other.
std::uint64_t inode_of(int folder, const char* name) {
  constexpr std::string_view kPrefix = "socket:[";
  std::array<char, 64> text{};
  ssize_t size = readlinkat(folder, name, text.data(), text.size() - 1);
  if (size <= 0 || !std::string_view(text.data()).starts_with(kPrefix)) {
    return 0;
  }
  return std::strtoull(text.data() + kPrefix.size(), nullptr, 10);
}

// `Num: RefCount Protocol Flags Type St Inode Path`; the flag says that it
// accepts connections (__SO_ACCEPTCON in <linux/net.h>).
std::optional<std::pair<std::uint64_t, std::string>> unix_listener_in(
    const std::string& line) {
  constexpr unsigned long kAccepts = 1UL << 16;
  std::istringstream words(line);
  std::string word;
  std::string flags;
  std::string inode;
  std::string path;
  words >> word >> word >> word >> flags >> word >> word >> inode >> std::ws;
  std::getline(words, path);
  if (path.empty() || (strtoul(flags.c_str(), nullptr, 16) & kAccepts) == 0) {
    return std::nullopt;
  }
  return std::pair(strtoull(inode.c_str(), nullptr, 10), path);
}

void add_held(int pid, const std::set<std::uint64_t>& inodes,
              std::set<std::uint64_t>& held) {
  std::string path = living_thread(pid) + "/fd";
  std::unique_ptr<DIR, int (*)(DIR*)> folder(opendir(path.c_str()), closedir);
  if (folder == nullptr) {
    return;
  }
  while (held.size() < inodes.size()) {
    // A folder of our own is read by one thread.
    const dirent* entry =
        readdir(folder.get());  // NOLINT(concurrency-mt-unsafe)
    if (entry == nullptr) {
      return;
    }
    std::uint64_t inode = inode_of(dirfd(folder.get()), entry->d_name);
    if (inodes.contains(inode)) {
      held.insert(inode);
    }
  }
}

// False: this kernel does not tell what stands there, of eight bytes.
bool ask_tcp(int socket, tcp_info& told, std::size_t at) {
  socklen_t size = sizeof told;
  return getsockopt(socket, IPPROTO_TCP, TCP_INFO, &told, &size) == 0 &&
         size >= at + sizeof(std::uint64_t);
}

}  // namespace

bool InetAddress::is_v4() const {
  return std::equal(kMapped.begin(), kMapped.end(), bytes.begin());
}

bool InetAddress::is_any() const {
  auto start = bytes.begin() + (is_v4() ? kMapped.size() : 0);
  return std::all_of(start, bytes.end(), [](auto byte) { return byte == 0; });
}

std::string InetAddress::host() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  bool four = is_v4();
  inet_ntop(four ? AF_INET : AF_INET6,
            bytes.data() + (four ? kMapped.size() : 0), text.data(),
            text.size());
  return text.data();
}

std::string InetAddress::text() const {
  return is_v4() ? fmt::format("{}:{}", host(), port)
                 : fmt::format("[{}]:{}", host(), port);
}

InetAddress loopback_v4(int port) {
  in_addr_t word = htonl(INADDR_LOOPBACK);
  return address_from(AF_INET, &word, htons(static_cast<std::uint16_t>(port)));
}

InetAddress loopback_v6(int port) {
  InetAddress address;
  address.bytes.back() = 1;
  address.port = port;
  return address;
}

Result<InetSockets> InetSockets::open() {
  TRY_ASSIGN(Fd netlink, open_socket_diag());
  return InetSockets(std::move(netlink));
}

Result<std::vector<InetSocket>> InetSockets::dump(std::uint32_t states) {
  std::vector<InetSocket> found;
  for (int family : {AF_INET, AF_INET6}) {
    TRY(ask(netlink_.get(), family, states));
    TRY(read_dump(netlink_.get(), found));
  }
  return found;
}

Result<std::vector<InetSocket>> InetSockets::listening() {
  return dump(kListen);
}

Result<std::vector<InetSocket>> InetSockets::all() { return dump(kAll); }

// A listener is found where no connection is.
Result<std::optional<InetSocket>> InetSockets::find(const InetAddress& local,
                                                    const InetAddress& remote) {
  TRY_ASSIGN(auto row, ask_for_socket(netlink_, IPPROTO_TCP, local, remote));
  std::optional<InetSocket> found;
  if (row) {
    found = socket_from(*row);
  }
  bool is_it = found && found->local == local && found->remote == remote;
  return is_it ? found : std::nullopt;
}

Result<bool> InetSockets::is_held(const InetAddress& local,
                                  const InetAddress& remote) {
  auto found = find(local, remote);
  if (found && *found) {
    return (*found)->inode != 0;
  }
  TRY_ASSIGN(std::vector<InetSocket> sockets, all());
  return std::any_of(
      sockets.begin(), sockets.end(), [&](const InetSocket& one) {
        return one.inode != 0 && one.local == local && one.remote == remote;
      });
}

std::set<std::uint64_t> held_sockets(const std::vector<int>& pids,
                                     const std::set<std::uint64_t>& inodes) {
  std::set<std::uint64_t> held;
  for (int pid : pids) {
    add_held(pid, inodes, held);
  }
  return held;
}

std::set<std::string> unix_listeners(const std::vector<int>& pids) {
  constexpr std::size_t kMost = 16 << 20;
  const std::string table =
      read_file(AT_FDCWD, "/proc/self/net/unix", kMost).value_or("");
  std::map<std::uint64_t, std::string> places;
  std::set<std::uint64_t> inodes;
  for (std::string_view line : lines_of(table)) {
    if (auto listener = unix_listener_in(std::string(line))) {
      inodes.insert(listener->first);
      places.insert(std::move(*listener));
    }
  }
  std::set<std::string> found;
  for (std::uint64_t inode : held_sockets(pids, inodes)) {
    found.insert(places.at(inode));
  }
  return found;
}

std::uint64_t bytes_taken(int socket) {
  tcp_info told{};
  if (!ask_tcp(socket, told, offsetof(tcp_info, tcpi_bytes_acked))) {
    return 0;
  }
  // The SYN of who connects counts as one.
  return told.tcpi_bytes_acked == 0 ? 0 : told.tcpi_bytes_acked - 1;
}

std::uint64_t bytes_arrived(int socket) {
  tcp_info told{};
  bool tells = ask_tcp(socket, told, offsetof(tcp_info, tcpi_bytes_retrans));
  return tells && told.tcpi_bytes_retrans == 0 ? told.tcpi_bytes_sent
                                               : bytes_taken(socket);
}

}  // namespace faultrig
