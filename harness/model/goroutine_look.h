#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/go_stack.h"

namespace faultrig {

// A goroutine as a look from outside found it.
struct SeenGoroutine {
  std::uint64_t id = 0;
  // Go's own word, as its dumps have it: `chan receive`, `IO wait`, `running`.
  std::string state;
  // At least so long, where the runtime noted it: it does at garbage
  // collections.
  std::optional<std::chrono::nanoseconds> waited;
  bool locked = false;    // to its thread
  bool internal = false;  // the runtime's own: no dump of Go's has it
  // Never null. `unknown` says why there may be more frames, or none.
  GoStackPtr stack;
  std::optional<GoFrame> created_by;  // and where; nothing: Go does not say
  std::uint64_t created_in = 0;       // which goroutine; 0: not known
  // It ran on whenever it was read: state and stack are not of one instant.
  bool torn = false;
};

// All goroutines of a program, in the order of their ids, which was not stopped
// for it: each was read for itself, one after the other.
struct GoroutineLook {
  std::string go;  // the version that built the program; empty: not told
  std::vector<SeenGoroutine> goroutines;
  std::size_t unread = 0;    // that could not be read
  std::size_t left_out = 0;  // for there were too many
};

// Does a dump of Go's show this function of a stack? It leaves out most of the
// runtime's own.
bool is_shown_in_dumps(std::string_view function);
// The frames that a dump shows.
std::vector<GoFrame> shown_frames(const GoStack& stack);

}  // namespace faultrig
