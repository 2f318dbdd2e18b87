#include "harness/judge/go_names.h"

#include <algorithm>
#include <array>

namespace faultrig {

namespace {

struct StateClass {
  std::string_view state;  // a prefix of what Go prints
  std::string_view name;
};

// From 1.20 on the runtime tells the kinds of waiting apart, one by one.
constexpr std::array<StateClass, 12> kStates{{
    {"sync.Mutex.", "mutex"},
    {"sync.RWMutex.", "mutex"},
    {"sync.WaitGroup.", "waitgroup"},
    {"sync.Cond.", "cond"},
    {"chan receive", "chan receive"},
    {"chan send", "chan send"},
    {"select", "select"},
    {"IO wait", "io"},
    {"syscall", "syscall"},
    {"sleep", "sleep"},
    {"running", "running"},
    {"runnable", "runnable"},
}};

constexpr std::array<StateClass, 6> kWaiters{{
    {"sync.(*Mutex).", "mutex"},
    {"sync.(*RWMutex).", "mutex"},
    {"internal/sync.(*Mutex).", "mutex"},
    {"sync.(*WaitGroup).", "waitgroup"},
    {"sync.(*Cond).", "cond"},
    {"internal/poll.runtime_pollWait", "io"},
}};

// How deep below the top the function that waits can stand.
constexpr std::size_t kTopFrames = 6;

constexpr std::array<std::string_view, 6> kMachinery{
    "runtime.", "internal/runtime/", "runtime/debug.", "internal/sync.",
    "sync.",    "testing.tRunner"};

template <std::size_t N>
std::string_view find_class(const std::array<StateClass, N>& table,
                            std::string_view text) {
  for (const StateClass& row : table) {
    if (text.starts_with(row.state)) {
      return row.name;
    }
  }
  return {};
}

// Without `[...]`, however nested.
std::string without_types(std::string_view function) {
  std::string plain;
  int depth = 0;
  for (char letter : function) {
    depth += letter == '[' ? 1 : 0;
    if (depth == 0) {
      plain += letter;
    }
    depth -= letter == ']' && depth > 0 ? 1 : 0;
  }
  return plain;
}

}  // namespace

std::string_view state_class(std::string_view state,
                             const std::vector<Frame>& frames) {
  std::string_view by_state = find_class(kStates, state);
  if (!by_state.empty()) {
    return by_state;
  }
  if (!state.starts_with("semacquire") && !state.starts_with("waiting")) {
    return "runtime";
  }
  for (std::size_t i = 0; i < std::min(kTopFrames, frames.size()); ++i) {
    std::string_view by_frame = find_class(kWaiters, frames[i].function);
    if (!by_frame.empty()) {
      return by_frame;
    }
  }
  return "runtime";
}

bool is_machinery(std::string_view function) {
  return function == "panic" ||
         std::any_of(kMachinery.begin(), kMachinery.end(),
                     [&](std::string_view prefix) {
                       return function.starts_with(prefix);
                     });
}

bool names_function(std::string_view function, std::string_view wanted) {
  std::string full = without_types(function);
  std::string end = without_types(wanted);
  if (end.empty() || !full.ends_with(end)) {
    return false;
  }
  std::size_t before = full.size() - end.size();
  return before == 0 || full[before - 1] == '.' || full[before - 1] == '/';
}

}  // namespace faultrig
