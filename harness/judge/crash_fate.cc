// Exit code 2 is the runtime's, and it raises these signals (GOTRACEBACK=crash,
// faults in C). It prints its dump last.
#include "harness/judge/crash_fate.h"

#include <algorithm>
#include <array>
#include <csignal>

namespace faultrig {

bool is_of_a_crash(const WaitStatus& status) {
  static constexpr std::array<int, 7> kSignals{
      SIGABRT, SIGQUIT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
  return status.exited() ? status.exit_code() == 2
                         : std::find(kSignals.begin(), kSignals.end(),
                                     status.signal()) != kSignals.end();
}

bool is_of_a_crash(std::string_view go_said) {
  return go_said == "exit status 2" || go_said.starts_with("signal: ");
}

CrashDoubt printed_doubt(const GoCrash& crash) {
  if (crash.by_program) {
    return {CrashFate::lived, "the program printed its stack itself"};
  }
  if (!crash.last) {
    return {CrashFate::unknown, "more was printed behind it"};
  }
  // Where all goroutines are gone, a fatal error has none to dump.
  if (crash.kind == CrashKind::panic && crash.first == crash.end) {
    return {CrashFate::unknown, "no goroutine was dumped with it"};
  }
  return {};
}

}  // namespace faultrig
