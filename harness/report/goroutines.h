#pragma once

#include <string>
#include <vector>

#include "harness/model/goroutine_look.h"

namespace faultrig {

// Which goroutines of a look are told, and how.
struct GoroutineView {
  bool internal = false;  // the runtime's own ones, and its frames, too
  bool grouped = false;   // equal ones once, the most first
};

// As Go's own dumps are written, so that what reads those reads this; of
// arguments nothing is known. What a program chose is safe to print.
std::string goroutines_text(const GoroutineLook& look,
                            const GoroutineView& view);
// A line for each thing that the text cannot say: stacks that are not whole,
// goroutines that are missing.
std::vector<std::string> goroutine_remarks(const GoroutineLook& look);

// For programs.
std::string goroutines_json(const GoroutineLook& look,
                            const GoroutineView& view);

}  // namespace faultrig
