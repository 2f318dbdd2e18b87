#pragma once

#include "harness/base/result.h"
#include "harness/model/goroutine_look.h"
#include "harness/run/program_stacks.h"

namespace faultrig {

// The goroutines of a process that goes on meanwhile, whatever it was started
// by. What was decoded of its program stays in `programs`. Usage: there is no
// such process. Unsupported: it is no Go program, or why it cannot be read.
Result<GoroutineLook> look_at_goroutines(int pid, ProgramStacks& programs);

}  // namespace faultrig
