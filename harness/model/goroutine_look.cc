// src/runtime/traceback.go, showfuncinfo and isExportedRuntime.
#include "harness/model/goroutine_look.h"

#include <algorithm>

namespace faultrig {

namespace {

bool is_capital(std::string_view name) {
  return !name.empty() && name.front() >= 'A' && name.front() <= 'Z';
}

// `Gosched`, `(*Func).Entry`; not `gopark`, `(*mheap).alloc`.
bool is_exported(std::string_view name) {
  std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) {
    return is_capital(name);
  }
  std::string_view receiver = name.substr(0, dot);
  if (receiver.starts_with("(*") && receiver.ends_with(")")) {
    receiver = receiver.substr(2, receiver.size() - 3);
  }
  return is_capital(name.substr(dot + 1)) && is_capital(receiver);
}

}  // namespace

bool is_shown_in_dumps(std::string_view function) {
  constexpr std::string_view kRuntime = "runtime.";
  if (function == "runtime.gopanic" || function == "runtime.runFinalizers" ||
      function == "runtime.runCleanups") {
    return true;
  }
  return function.find('.') != std::string_view::npos &&
         (!function.starts_with(kRuntime) ||
          is_exported(function.substr(kRuntime.size())));
}

std::vector<GoFrame> shown_frames(const GoStack& stack) {
  std::vector<GoFrame> out;
  std::copy_if(
      stack.frames.begin(), stack.frames.end(), std::back_inserter(out),
      [](const GoFrame& frame) { return is_shown_in_dumps(frame.function); });
  return out;
}

}  // namespace faultrig
