#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/judge/go_names.h"

namespace faultrig {

// One goroutine of a dump.
struct Goroutine {
  std::int64_t id = 0;
  std::string state;             // Go's own word, without its notes
  std::string_view state_class;  // see state_class()
  int minutes = 0;               // how long it has waited, as printed
  bool locked = false;           // to its thread
  std::vector<Frame> frames;     // the innermost first
  std::string created_by;        // function; empty for the first goroutine
};

enum class CrashKind { panic, fatal, signal };

// Why a Go program gave up.
struct GoCrash {
  CrashKind kind = CrashKind::panic;
  // What stands behind `panic: ` or `fatal error: `, with its further lines
  // (nested panics, `[signal SIGSEGV: ...]`, the limit of a stack), or
  // `SIGQUIT: quit` and its lines.
  std::string text;
  // The goroutines dumped for it: [first, end) of GoOutput::goroutines. The
  // one that crashed comes first.
  std::size_t first = 0;
  std::size_t end = 0;
  // Did the program say nothing more behind the dump, as far as can be told?
  // Else it lived on, or another wrote there.
  bool last = true;
  // What go said of the program right behind it: `exit status 2`, `signal:
  // aborted`; empty: nothing.
  std::string ended;
  // By its frames the program itself printed this (runtime/debug.Stack), and
  // the runtime did not.
  bool by_program = false;

  // The first line as Go printed it, `panic: ` included.
  std::string headline() const;
};

struct GoOutput {
  std::vector<GoCrash> crashes;
  std::vector<Goroutine> goroutines;
};

// What Go programs of 1.19 to 1.26 said in `text` when they crashed. Takes any
// bytes; linear in time; what it keeps is bounded (a dump of over 100,000
// goroutines is cut).
GoOutput parse_go_output(std::string_view text);

// The function that crashed or waits: the first that is not machinery;
// nullptr if there is none.
const Frame* top_frame(const Goroutine& goroutine);

}  // namespace faultrig
