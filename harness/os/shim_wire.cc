// Numbers travel in the machine's own byte order: both ends are the same
// machine. Every read is checked against the end of the message, because the
// workload may write to the socket too.
#include "harness/os/shim_wire.h"

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <tuple>
#include <type_traits>

namespace faultrig {

namespace {

constexpr std::size_t kInlineLimit = std::size_t{96} * 1024;
constexpr std::size_t kMessageLimit = std::size_t{8} * 1024 * 1024;
constexpr char kInline = 'i';
constexpr char kInMemfd = 'm';

template <typename T>
concept Number = std::is_arithmetic_v<T>;

struct Writer {
  std::string out;
  template <Number T>
  void operator()(T number) {
    out.append(reinterpret_cast<const char*>(&number), sizeof number);
  }
  void operator()(const std::string& text) {
    (*this)(static_cast<std::uint32_t>(text.size()));
    out += text;
  }
};

struct Reader {
  std::string_view in;
  bool bad = false;
  template <Number T>
  void operator()(T& number) {
    if (in.size() < sizeof number) {
      bad = true;
      return;
    }
    std::memcpy(&number, in.data(), sizeof number);
    in.remove_prefix(sizeof number);
  }
  // Any byte may come; a bool may hold two of them.
  void operator()(bool& flag) {
    std::uint8_t byte = 0;
    (*this)(byte);
    flag = byte != 0;
  }
  void operator()(std::string& text) {
    std::uint32_t size = 0;
    (*this)(size);
    if (bad || in.size() < size) {
      bad = true;
      return;
    }
    text.assign(in.substr(0, size));
    in.remove_prefix(size);
  }
};

// The fields of each message, in order: the one list that both directions use.
auto fields(JoinCgroup& m) { return std::tie(m.slot); }
auto fields(SetRlimit& m) { return std::tie(m.resource, m.soft, m.hard); }
auto fields(EnterFolder& m) { return std::tie(m.path); }
auto fields(NoexecFolder& m) { return std::tie(m.path); }
auto fields(OwnNetwork&) { return std::tie(); }
auto fields(EnterNetwork& m) { return std::tie(m.slot); }
auto fields(MountDisk& m) {
  return std::tie(m.path, m.size, m.inodes, m.own_user, m.over_content);
}
auto fields(EnterDisk& m) { return std::tie(m.mounts, m.users); }
auto fields(MountImage& m) { return std::tie(m.path, m.device, m.type); }
auto fields(OwnPids&) { return std::tie(); }
auto fields(OwnUser&) { return std::tie(); }
auto fields(RuleNetwork& m) {
  return std::tie(m.routes, m.routes6, m.rules, m.filtered);
}
auto fields(InstallFilter& m) {
  return std::tie(m.program, m.listener, m.no_new_privs, m.stops_exec);
}
auto fields(LaunchOrder& m) {
  return std::tie(m.argv, m.env, m.steps, m.input, m.hold);
}
auto fields(StepOrder& m) {
  return std::tie(m.steps, m.witness_slots, m.restore, m.hold, m.words);
}
auto fields(OwnOrder& m) { return std::tie(m.cgroups, m.folders); }
auto fields(Hello& m) { return std::tie(m.pid, m.program); }
auto fields(Announce& m) { return std::tie(m.fault, m.pid); }
auto fields(Started& m) {
  return std::tie(m.pid, m.exec_ns, m.listens, m.network);
}
auto fields(Held& m) { return std::tie(m.pid); }
auto fields(LetGo& m) { return std::tie(m.pid); }
auto fields(LaunchFailed& m) { return std::tie(m.step, m.os_errno); }
auto fields(Ended& m) {
  return std::tie(m.pid, m.status, m.listened, m.last_word, m.stays, m.at_ns);
}

template <typename T>
void put(Writer& writer, const T& value);
template <typename T>
void take(Reader& reader, T& value);

template <typename T>
void put_list(Writer& writer, const std::vector<T>& list) {
  writer(static_cast<std::uint32_t>(list.size()));
  for (const T& item : list) {
    put(writer, item);
  }
}

template <typename T>
void take_list(Reader& reader, std::vector<T>& list) {
  std::uint32_t size = 0;
  reader(size);
  for (std::uint32_t i = 0; i < size && !reader.bad; ++i) {
    take(reader, list.emplace_back());
  }
}

template <typename T>
struct IsList : std::false_type {};
template <typename T>
struct IsList<std::vector<T>> : std::true_type {};

template <typename T>
struct IsVariant : std::false_type {};
template <typename... T>
struct IsVariant<std::variant<T...>> : std::true_type {};

// Makes `value` hold its alternative number `index`; false if there is none.
template <std::size_t I = 0, typename... T>
bool choose(std::variant<T...>& value, std::size_t index) {
  if constexpr (I < sizeof...(T)) {
    if (index == I) {
      value.template emplace<I>();
      return true;
    }
    return choose<I + 1>(value, index);
  } else {
    return false;
  }
}

template <typename T>
void put(Writer& writer, const T& value) {
  if constexpr (Number<T> || std::is_same_v<T, std::string>) {
    writer(value);
  } else if constexpr (IsList<T>::value) {
    put_list(writer, value);
  } else if constexpr (IsVariant<T>::value) {
    writer(static_cast<std::uint8_t>(value.index()));
    std::visit([&](const auto& held) { put(writer, held); }, value);
  } else {
    std::apply([&](const auto&... field) { (put(writer, field), ...); },
               fields(const_cast<T&>(value)));
  }
}

template <typename T>
void take(Reader& reader, T& value) {
  if constexpr (Number<T> || std::is_same_v<T, std::string>) {
    reader(value);
  } else if constexpr (IsList<T>::value) {
    take_list(reader, value);
  } else if constexpr (IsVariant<T>::value) {
    std::uint8_t index = 0;
    reader(index);
    reader.bad = reader.bad || !choose(value, index);
    if (!reader.bad) {
      std::visit([&](auto& held) { take(reader, held); }, value);
    }
  } else {
    std::apply([&](auto&... field) { (take(reader, field), ...); },
               fields(value));
  }
}

Result<Fd> memfd_with(const std::string& bytes) {
  Fd file(memfd_create("faultrig-message", MFD_CLOEXEC));
  if (!file) {
    return system_error("make a memfd", errno);
  }
  std::size_t done = 0;
  while (done < bytes.size()) {
    ssize_t put = write(file.get(), bytes.data() + done, bytes.size() - done);
    if (put < 0) {
      return system_error("write a memfd", errno);
    }
    done += static_cast<std::size_t>(put);
  }
  return file;
}

Result<std::string> content_of_memfd(int file) {
  struct stat status {};
  if (fstat(file, &status) != 0 ||
      static_cast<std::size_t>(status.st_size) > kMessageLimit) {
    return internal_error("a message is too large");
  }
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  ssize_t got = pread(file, bytes.data(), bytes.size(), 0);
  if (got != static_cast<ssize_t>(bytes.size())) {
    return internal_error("a message is cut short");
  }
  return bytes;
}

Result<> send_bytes(int socket, std::string& bytes,
                    const std::vector<int>& fds) {
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * kMaxPassedFds)];
  iovec part{bytes.data(), bytes.size()};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  if (!fds.empty()) {
    std::memset(control, 0, sizeof control);
    header.msg_control = control;
    header.msg_controllen = CMSG_SPACE(sizeof(int) * fds.size());
    cmsghdr* rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int) * fds.size());
    std::memcpy(CMSG_DATA(rights), fds.data(), sizeof(int) * fds.size());
  }
  while (sendmsg(socket, &header, MSG_NOSIGNAL) < 0) {
    if (errno != EINTR) {
      return system_error("send a message", errno);
    }
  }
  return Ok{};
}

std::vector<Fd> passed_fds(msghdr& header) {
  std::vector<Fd> fds;
  for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr;
       part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) {
      continue;
    }
    std::size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int number = -1;
      std::memcpy(&number, CMSG_DATA(part) + i * sizeof(int), sizeof number);
      fds.emplace_back(number);
    }
  }
  return fds;
}

int sender_of(msghdr& header) {
  ucred creds{};
  for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr;
       part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_CREDENTIALS &&
        part->cmsg_len == CMSG_LEN(sizeof creds)) {
      std::memcpy(&creds, CMSG_DATA(part), sizeof creds);
    }
  }
  return creds.pid;
}

}  // namespace

std::string encode(const Message& message) {
  Writer writer;
  put(writer, message);
  return std::move(writer.out);
}

std::optional<Message> decode(std::string_view bytes) {
  Reader reader{bytes};
  Message message;
  take(reader, message);
  if (reader.bad || !reader.in.empty()) {
    return std::nullopt;
  }
  return message;
}

StartedFds fds_of(const Started& started, std::vector<Fd>& fds) {
  StartedFds out;
  std::size_t at = 1;
  if (started.listens && at < fds.size()) {
    out.listener = std::move(fds[at++]);
  }
  // A number from a stranger may be any.
  std::size_t network =
      std::min(static_cast<std::size_t>(std::max(started.network, 0)),
               fds.size() - std::min(at, fds.size()));
  for (; at < fds.size(); ++at) {
    std::vector<Fd>& of = at + network < fds.size() ? out.disk : out.network;
    of.push_back(std::move(fds[at]));
  }
  return out;
}

Result<> send_packet(int socket, const Message& message,
                     const std::vector<int>& fds) {
  std::string bytes = kInline + encode(message);
  if (bytes.size() <= kInlineLimit) {
    return send_bytes(socket, bytes, fds);
  }
  TRY_ASSIGN(Fd file, memfd_with(bytes.substr(1)));
  std::vector<int> all = fds;
  all.push_back(file.get());
  std::string marker(1, kInMemfd);
  return send_bytes(socket, marker, all);
}

Result<> sign_packets(int socket) {
  int on = 1;
  if (setsockopt(socket, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) != 0) {
    return system_error("sign messages", errno);
  }
  return Ok{};
}

Result<std::optional<Packet>> receive_packet(int socket) {
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * kMaxPassedFds) +
                                CMSG_SPACE(sizeof(ucred))];
  std::string bytes(kInlineLimit, '\0');
  iovec part{bytes.data(), bytes.size()};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control;
  header.msg_controllen = sizeof control;
  ssize_t got = 0;
  while ((got = recvmsg(socket, &header, MSG_CMSG_CLOEXEC)) < 0) {
    if (errno == ECONNRESET) {
      return std::optional<Packet>();
    }
    if (errno != EINTR) {
      return system_error("receive a message", errno);
    }
  }
  if (got == 0) {
    return std::optional<Packet>();
  }
  std::vector<Fd> fds = passed_fds(header);
  bytes.resize(static_cast<std::size_t>(got));
  if (bytes[0] == kInMemfd && !fds.empty()) {
    TRY_ASSIGN(std::string content, content_of_memfd(fds.back().get()));
    fds.pop_back();
    bytes = kInline + content;
  }
  auto message = decode(std::string_view(bytes).substr(1));
  if (bytes[0] != kInline || !message) {
    return internal_error("a message of the shim is malformed");
  }
  return std::optional<Packet>(
      Packet{std::move(*message), std::move(fds), sender_of(header)});
}

}  // namespace faultrig
