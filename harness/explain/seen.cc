#include "harness/explain/seen.h"

#include <algorithm>
#include <array>
#include <utility>

#include <re2/re2.h>

namespace faultrig {

namespace {

// syscall/zerrors_linux_amd64.go in Go's sources.
constexpr std::array<std::pair<std::string_view, std::string_view>, 40> kWords{
    {{"hangup", "SIGHUP"},
     {"interrupt", "SIGINT"},
     {"quit", "SIGQUIT"},
     {"illegal instruction", "SIGILL"},
     {"trace/breakpoint trap", "SIGTRAP"},
     {"aborted", "SIGABRT"},
     {"bus error", "SIGBUS"},
     {"floating point exception", "SIGFPE"},
     {"killed", "SIGKILL"},
     {"user defined signal 1", "SIGUSR1"},
     {"segmentation fault", "SIGSEGV"},
     {"user defined signal 2", "SIGUSR2"},
     {"broken pipe", "SIGPIPE"},
     {"alarm clock", "SIGALRM"},
     {"terminated", "SIGTERM"},
     {"stack fault", "SIGSTKFLT"},
     {"child exited", "SIGCHLD"},
     {"continued", "SIGCONT"},
     {"stopped (signal)", "SIGSTOP"},
     {"stopped", "SIGTSTP"},
     {"stopped (tty input)", "SIGTTIN"},
     {"stopped (tty output)", "SIGTTOU"},
     {"urgent I/O condition", "SIGURG"},
     {"CPU time limit exceeded", "SIGXCPU"},
     {"file size limit exceeded", "SIGXFSZ"},
     {"virtual timer expired", "SIGVTALRM"},
     {"profiling timer expired", "SIGPROF"},
     {"window changed", "SIGWINCH"},
     {"I/O possible", "SIGIO"},
     {"power failure", "SIGPWR"},
     {"bad system call", "SIGSYS"},
     // syscall/zerrors_darwin_arm64.go and those of the BSDs.
     {"abort trap", "SIGABRT"},
     {"EMT trap", "SIGEMT"},
     {"suspended (signal)", "SIGSTOP"},
     {"suspended", "SIGTSTP"},
     {"cputime limit exceeded", "SIGXCPU"},
     {"filesize limit exceeded", "SIGXFSZ"},
     {"information request", "SIGINFO"},
     {"window size changes", "SIGWINCH"},
     {"urgent I/O", "SIGURG"}}};

}  // namespace

bool Seen::is_green() const {
  if (verdict == "none") {
    // A binary by itself, or whatever else was started first.
    return (go ? *go : command ? *command : test) == "0";
  }
  return verdict == "ok" || verdict == "no_tests_to_run" ||
         verdict == "no_test_files";
}

std::optional<std::string> signal_of_go(std::string_view word) {
  const auto* found =
      std::find_if(kWords.begin(), kWords.end(),
                   [&](const auto& row) { return row.first == word; });
  return found == kWords.end() ? std::nullopt
                               : std::optional(std::string(found->second));
}

std::string binary_of(const std::string& package) {
  static const RE2 kVersion(R"(v\d+)");
  std::string path = package;
  std::string last = path.substr(path.rfind('/') + 1);
  if (RE2::FullMatch(last, kVersion) && last.size() < path.size()) {
    path.resize(path.size() - last.size() - 1);
    last = path.substr(path.rfind('/') + 1);
  }
  return last + ".test";
}

}  // namespace faultrig
