#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/cli/command.h"

namespace faultrig {

// What is printed instead of running a command, and how to exit.
struct Answer {
  std::string text;
  bool to_stderr = false;
  int exit_code = 0;
};

// The command line, read.
struct CommandLine {
  std::unique_ptr<Command> command;
  std::string color = "auto";
  Answer answer;  // when there is no command
};

// Reads the arguments. Help and version are answers with exit code 0, mistakes
// answers with exit code 2.
CommandLine read_command_line(
    const std::vector<std::string>& arguments,
    const std::vector<CommandType>& types = command_types());

}  // namespace faultrig
