#pragma once

#include <string_view>

#include "harness/base/wait_status.h"
#include "harness/judge/go_output.h"

namespace faultrig {

// Does a program that a crash ended end like that, as the kernel tells?
bool is_of_a_crash(const WaitStatus& status);
// The same, as go tells: `exit status 2`.
bool is_of_a_crash(std::string_view go_said);

// Did the crash that a program printed end it? A panic that was recovered and
// logged looks the same, and so does one that another program printed.
enum class CrashFate { ended, lived, unknown };
struct CrashDoubt {
  CrashFate fate = CrashFate::ended;
  std::string_view why = {};  // unless it ended
};
// By what was printed alone, of a program that ended as a crash ends it.
CrashDoubt printed_doubt(const GoCrash& crash);

}  // namespace faultrig
