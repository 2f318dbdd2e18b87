#pragma once

#include <string>
#include <vector>

#include "harness/inject/run.h"
#include "harness/model/goroutine_look.h"
#include "harness/run/program_stacks.h"
#include "harness/run/recorder.h"

namespace faultrig {

// Tells where the goroutines of these processes stand, those of their children
// where they are no Go programs themselves; nothing where none is. `when`: of
// the look, for people.
void tell_goroutines(Recorder& recorder, ProgramStacks& programs,
                     const std::vector<LiveProcess>& processes,
                     const std::string& when);

// A look at one Go program, or why there is none.
struct ProcessLook {
  Link link = Link::command;
  int pid = 0;
  Result<GoroutineLook> look;
};

// At these processes, and at those of their children that are Go programs; of
// those that are none nothing.
std::vector<ProcessLook> look_at_all(const std::vector<LiveProcess>& processes,
                                     ProgramStacks& programs);

// The facts of one look, the most goroutines at one place first.
std::vector<Observation> goroutine_facts(const GoroutineLook& look);

}  // namespace faultrig
