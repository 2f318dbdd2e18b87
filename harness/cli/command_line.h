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

// What a command declares, for what is made of that.
struct OptionPage {
  std::vector<std::string> names;  // `-j`, `--jobs`; none: it has no name
  std::string value;               // what is shown in its place: `PATH`
  std::string help;
  bool takes_value = false;
  std::vector<std::string> words;  // that a shell offers for its value
};
struct CommandPage {
  std::string name;
  std::string summary;
  std::string example;
  std::vector<OptionPage> options;
};
std::vector<CommandPage> command_pages(
    const std::vector<CommandType>& types = command_types());

// Reads the arguments. Help and version are answers with exit code 0, mistakes
// answers with exit code 2.
CommandLine read_command_line(
    const std::vector<std::string>& arguments,
    const std::vector<CommandType>& types = command_types());

}  // namespace faultrig
