#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "harness/base/fd.h"
#include "harness/cli/commands.h"
#include "harness/cli/options.h"

namespace {

using faultrig::Options;
using faultrig::Surroundings;

struct Command {
  const char* name;
  int (*run)(const Options&, const Surroundings&);
};

constexpr Command kCommands[] = {
    {"run", faultrig::run_command},
    {"check", faultrig::check_command},
    {"plan", faultrig::plan_command},
    {"judge", faultrig::judge_command},
    {"explain", faultrig::explain_command},
    {"atlas", faultrig::atlas_command},
    {"list", faultrig::list_command},
    {"witness", faultrig::witness_command},
    {"doctor", faultrig::doctor_command},
    {"schema", faultrig::schema_command},
};

bool is_set(const char* name) {
  const char* value = getenv(name);  // NOLINT(concurrency-mt-unsafe)
  return value != nullptr && *value != '\0';
}

Surroundings look_around() {
  Surroundings out;
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

int run(const Command& command, const Options& options) {
  try {
    return command.run(options, look_around());
  } catch (const std::bad_alloc&) {
    faultrig::complain("faultrig: out of memory\n");
    return faultrig::kTrouble;
  }
}

}  // namespace

int main(int argc, char** argv) {
  faultrig::hold_standard_numbers();
  survive_file_limit();
  std::vector<std::string> arguments(argv + 1, argv + argc);
  faultrig::CommandLine line = faultrig::read_command_line(arguments);
  if (!line.options) {
    if (line.answer.to_stderr) {
      faultrig::complain(line.answer.text);
    } else {
      faultrig::print(line.answer.text);
    }
    return line.answer.exit_code;
  }
  for (const Command& command : kCommands) {
    if (line.options->command == command.name) {
      return run(command, *line.options);
    }
  }
  return 2;
}
