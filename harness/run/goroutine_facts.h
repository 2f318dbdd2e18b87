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

// The facts of one look, the most goroutines at one place first.
std::vector<Observation> goroutine_facts(const GoroutineLook& look);

}  // namespace faultrig
