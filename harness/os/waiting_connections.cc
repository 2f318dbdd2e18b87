// What has connected and was not accepted has no inode in /proc/TID/net/tcp
// (proc(5)), which shows the network namespace of that thread. An address
// stands there as the kernel's words of four bytes, each in hexadecimal digits
// as a number of this machine.
#include "harness/os/waiting_connections.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>

#include "harness/base/text.h"
#include "harness/base/whole_number.h"
#include "harness/os/inet_sockets.h"
#include "harness/os/socket_address.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostTable = 64 << 20;
constexpr std::size_t kWord = 8;  // digits

std::optional<std::uint32_t> hex(std::string_view digits) {
  return whole_number<std::uint32_t>(digits, 16);
}

// `0100007F:1F90`, or the same with four words.
std::optional<InetAddress> address_in(std::string_view text) {
  std::size_t colon = text.find(':');
  bool four = colon == kWord;
  if (!four && colon != 4 * kWord) {
    return std::nullopt;
  }
  InetAddress address = loopback_v4(0);
  std::size_t at = four ? address.bytes.size() - kWord / 2 : 0;
  for (std::size_t i = 0; i < colon; i += kWord, at += kWord / 2) {
    auto word = hex(text.substr(i, kWord));
    if (!word) {
      return std::nullopt;
    }
    std::memcpy(&address.bytes[at], &*word, sizeof *word);
  }
  auto port = hex(text.substr(colon + 1));
  address.port = static_cast<int>(port.value_or(0));
  return port ? std::optional(address) : std::nullopt;
}

// The words of a line: number, local, remote, state, queues, timer, retries,
// user, timeout, inode.
std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (std::size_t at = line.find_first_not_of(' '); at < line.size();
       at = line.find_first_not_of(' ', at)) {
    std::size_t end = std::min(line.find(' ', at), line.size());
    words.push_back(line.substr(at, end - at));
    at = end;
  }
  return words;
}

// Of a connection that waits there, its other side. One that its peer has
// closed (CLOSE_WAIT) waits too.
std::string waiting_in(std::string_view line, const InetAddress& listener) {
  constexpr std::size_t kInode = 9;
  std::vector<std::string_view> words = words_of(line);
  if (words.size() <= kInode || words[kInode] != "0" ||
      (words[3] != "01" && words[3] != "08")) {
    return "";
  }
  auto local = address_in(words[1]);
  auto remote = address_in(words[2]);
  bool there = local && remote && local->port == listener.port &&
               (listener.is_any() || listener.bytes == local->bytes);
  return there ? remote->text() : "";
}

}  // namespace

Result<std::vector<std::string>> waiting_connections(int tid,
                                                     const Fd& listener) {
  auto bound = inet_address_of(listener);
  if (!bound) {
    return unsupported_error("see who waits at a socket that is not of TCP");
  }
  bool six = !bound->is_v4();
  std::string table =
      "/proc/" + std::to_string(tid) + "/net/" + (six ? "tcp6" : "tcp");
  TRY_ASSIGN(std::string text, read_file(AT_FDCWD, table, kMostTable));
  std::vector<std::string> waiting;
  for (std::string_view line : lines_of(text)) {
    std::string peer = waiting_in(line, *bound);
    if (!peer.empty()) {
      waiting.push_back(std::move(peer));
    }
  }
  return waiting;
}

}  // namespace faultrig
