#include "harness/replay/traced_call.h"

#include <algorithm>
#include <string>

#include "harness/model/syscalls.h"
#include "harness/replay/call_words.h"

namespace faultrig {

namespace {

// The path that a call names, relative to the folder of a descriptor if to one.
std::string named_path(const Syscall& call,
                       const std::vector<std::string_view>& arguments,
                       const TracedProcess& process) {
  auto at = static_cast<std::size_t>(call.path_argument);
  auto path = at < arguments.size() ? quoted_text(arguments[at]) : std::nullopt;
  if (!path || path->empty() || path->front() == '/' ||
      call.dirfd_argument < 0) {
    return path.value_or("");
  }
  ShownFd folder =
      shown_fd(arguments[static_cast<std::size_t>(call.dirfd_argument)]);
  auto known = process.fds->find(folder.number.value_or(-1));
  std::string above(folder.number ? folder.shown : "");
  if (above.empty() && known != process.fds->end()) {
    above = known->second.path;
  }
  return above.empty() ? *path : above + "/" + *path;
}

// What a call is on, if on a descriptor.
MadeCall made_on_fd(std::string_view argument, const TracedProcess& process) {
  MadeCall out;
  ShownFd fd = shown_fd(argument);
  if (!fd.number) {
    return out;
  }
  auto known = process.fds->find(*fd.number);
  TracedFd what = known == process.fds->end() ? TracedFd() : known->second;
  what.path = fd.shown.starts_with("/") ? std::string(fd.shown) : what.path;
  bool socket = what.socket || fd.shown.starts_with("socket:") ||
                fd.shown.starts_with("TCP") || fd.shown.starts_with("UDP") ||
                fd.shown.starts_with("UNIX");
  if (*fd.number <= 2) {
    out.place.kind = CallPlace::Kind::stdio;
  } else if (socket) {
    out.place.kind = CallPlace::Kind::socket;
  } else if (!what.path.empty()) {
    out.path = what.path;
    out.place = {CallPlace::Kind::path, path_glob(what.path)};
  }
  return out;
}

}  // namespace

MadeCall traced_call(std::string_view name,
                     const std::vector<std::string_view>& arguments,
                     const TracedProcess& process) {
  MadeCall out;
  const Syscall* call = find_syscall(name);
  if (name == "connect" || name == "bind") {
    std::string to = arguments.size() > 1 ? shown_peer(arguments[1]) : "";
    out.place = {name == "bind" ? CallPlace::Kind::socket
                 : to.empty()   ? CallPlace::Kind::none
                                : CallPlace::Kind::peer,
                 to};
  } else if (call != nullptr) {
    bool names = call->path_argument >= 0;
    out.path = names ? named_path(*call, arguments, process) : "";
    auto fd = static_cast<std::size_t>(std::max(call->fd_argument, 0));
    if (!out.path.empty()) {
      out.place = {CallPlace::Kind::path, path_glob(out.path)};
    } else if (call->fd_argument >= 0 && fd < arguments.size()) {
      out = made_on_fd(arguments[fd], process);
    }
  }
  out.call = name;
  out.program = process.program;
  out.highest = process.highest;
  return out;
}

}  // namespace faultrig
