#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "harness/base/fd.h"
#include "harness/cli/command_line.h"
#include "harness/cli/printing.h"

namespace {

using faultrig::Command;
using faultrig::CommandLine;
using faultrig::Surroundings;

bool is_set(const char* name) {
  const char* value = getenv(name);  // NOLINT(concurrency-mt-unsafe)
  return value != nullptr && *value != '\0';
}

Surroundings look_around(const std::string& color) {
  Surroundings out;
  out.color = color;
  out.stdout_is_terminal = isatty(STDOUT_FILENO) != 0;
  out.stderr_is_terminal = isatty(STDERR_FILENO) != 0;
  out.no_color = is_set("NO_COLOR");
  out.in_ci = is_set("CI");
  for (char** entry = environ; *entry != nullptr; ++entry) {
    out.environment.emplace_back(*entry);
  }
  return out;
}

// Under RLIMIT_FSIZE a write too much ends us without a word: told of, it only
// fails (EFBIG in write(2)). A handler, for it does not outlive an exec.
void survive_file_limit() {
  if (signal(SIGXFSZ, [](int) {}) == SIG_IGN) {
    (void)signal(SIGXFSZ, SIG_IGN);
  }
}

int run(Command& command, const Surroundings& surroundings) {
  try {
    return command.run(surroundings);
  } catch (const std::bad_alloc&) {
    faultrig::complain("faultrig: out of memory\n");
    return faultrig::kTrouble;
  }
}

}  // namespace

int main(int argc, char** argv) {
  faultrig::hold_standard_numbers();
  survive_file_limit();
  CommandLine line = faultrig::read_command_line({argv + 1, argv + argc});
  if (line.command) {
    return run(*line.command, look_around(line.color));
  }
  if (line.answer.to_stderr) {
    faultrig::complain(line.answer.text);
  } else {
    faultrig::print(line.answer.text);
  }
  return line.answer.exit_code;
}
