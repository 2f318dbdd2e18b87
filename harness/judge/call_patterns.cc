#include "harness/judge/call_patterns.h"

#include <algorithm>
#include <utility>

#include "harness/base/text.h"
#include "harness/model/call_origin.h"
#include "harness/model/peer.h"
#include "harness/model/plan.h"
#include "harness/model/syscalls.h"

namespace faultrig {

namespace {

bool counts(const Params& params) {
  bool sequence = params.has("sequence");
  bool names = params.has("call") || params.has("error") ||
               params.has("path") || params.has("fd") || params.has("peer") ||
               origin_of(params).asks();
  return !sequence || names || params.has("count");
}

bool names_call(const CallPattern& pattern, const std::string& call) {
  return pattern.calls.empty() ||
         std::find(pattern.calls.begin(), pattern.calls.end(), call) !=
             pattern.calls.end();
}

// `socket`, or, of a call on two, `socket,file`.
bool is_on(const Observation& seen, std::string_view kind) {
  std::string list = "," + seen.fd + ",";
  return list.find("," + std::string(kind) + ",") != std::string::npos;
}

bool is_on_stdio_alone(const Observation& seen) {
  return seen.fd == "stdio" || seen.fd == "stdio,stdio";
}

}  // namespace

std::vector<CallPattern> patterns_asked(const Params& params) {
  std::vector<CallPattern> patterns;
  if (counts(params)) {
    CallPattern pattern;
    pattern.calls = params.get_or<std::vector<std::string>>("call", {});
    pattern.path = params.get_or<std::string>("path", "");
    pattern.fd = params.get_or<std::string>("fd", "");
    pattern.peer = params.get_or<std::string>("peer", "");
    pattern.origin = origin_of(params);
    if (const auto* error = params.find<std::int64_t>("error")) {
      pattern.error = static_cast<int>(*error);
    }
    patterns.push_back(std::move(pattern));
  }
  auto sequence = params.get_or<std::vector<CallPattern>>("sequence", {});
  patterns.insert(patterns.end(), sequence.begin(), sequence.end());
  return patterns;
}

std::string cannot_be(const CallPattern& pattern) {
  bool on_descriptors =
      pattern.calls.empty() ||
      std::any_of(pattern.calls.begin(), pattern.calls.end(),
                  [](const std::string& call) {
                    const Syscall* known = find_syscall(call);
                    return known != nullptr && known->fd_argument >= 0;
                  });
  if (pattern.fd.empty() || on_descriptors) {
    return "";
  }
  return "fd: " + pattern.fd + ", but " + pattern.calls.front() +
         " works on no descriptor";
}

CallFitter::CallFitter(CallPattern pattern, const Evidence& evidence)
    : pattern_(std::move(pattern)) {
  auto trace = evidence.trace();
  stdio_counts_ =
      pattern_.fd.empty() &&
      std::any_of(trace.begin(), trace.end(), [&](const Observation& seen) {
        return seen.fact == Fact::call_intercepted && seen.fault >= 0 &&
               is_on(seen, fd_kind_name(FdKind::stdio)) &&
               names_call(pattern_, seen.call);
      });
}

// What a shell redirected to a file has the file's path, and is on 0, 1 or 2.
bool CallFitter::is_left_out(const Observation& seen) const {
  return pattern_.fd.empty() && !pattern_.path.empty() && !stdio_counts_ &&
         is_on_stdio_alone(seen);
}

Fit CallFitter::fit(const Observation& seen) const {
  bool untold = seen.fact == Fact::calls_untold;
  if (seen.fact != Fact::call_intercepted && !untold) {
    return Fit::no;
  }
  if (untold && seen.call.empty()) {
    return Fit::perhaps;  // of an older faultrig
  }
  bool fd = pattern_.fd.empty() ? stdio_counts_ || !is_on_stdio_alone(seen)
                                : is_on(seen, pattern_.fd);
  bool fd_unknown =
      (seen.fd.empty() && !seen.unread.empty()) || is_left_out(seen);
  bool error = !pattern_.error || seen.error == *pattern_.error;
  auto origin = comes_from(pattern_.origin, seen.call, seen.stack.get());
  if ((!fd && !fd_unknown) || !error || !names_call(pattern_, seen.call) ||
      origin == false) {
    return Fit::no;
  }
  std::optional<bool> to =
      pattern_.peer.empty() ? true : has_peer(pattern_.peer, seen.peers);
  if (to == false) {
    return Fit::no;
  }
  fd = fd && origin.has_value() && to.has_value();
  if (pattern_.path.empty()) {
    return fd ? Fit::yes : Fit::perhaps;
  }
  bool fits = glob_match(pattern_.path, seen.path) ||
              std::any_of(seen.names.begin(), seen.names.end(),
                          [&](const std::string& name) {
                            return glob_match(pattern_.path, name);
                          });
  bool unknown = !seen.unread.empty() || (untold && seen.action == kAnyPath);
  return fits && fd ? Fit::yes : fits || unknown ? Fit::perhaps : Fit::no;
}

}  // namespace faultrig
