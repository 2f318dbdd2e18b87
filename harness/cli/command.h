#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace faultrig {

class Arguments;

// What decides how we print, read once at the start.
struct Surroundings {
  bool stdout_is_terminal = false;
  bool stderr_is_terminal = false;
  bool no_color = false;                 // NO_COLOR is set and not empty
  bool in_ci = false;                    // CI is set and not empty
  std::string color = "auto";            // --color: auto, always or never
  std::vector<std::string> environment;  // NAME=value
};

// One thing that faultrig is asked to do: its options become its members, then
// it is run, once.
class Command {
 public:
  virtual ~Command() = default;
  virtual void declare(Arguments&) {}
  // What is wrong with all of them together, once they are read; empty:
  // nothing.
  virtual std::string wrong() const { return ""; }
  // Gives the exit code of the program.
  virtual int run(const Surroundings& surroundings) = 0;
};

struct CommandType {
  std::string_view name;
  std::string_view summary;
  std::string_view example;
  std::unique_ptr<Command> (*make)();
};

// All of commands.def.
const std::vector<CommandType>& command_types();

// The row of a command that needs nothing to be made.
template <typename Made>
CommandType command_type(std::string_view name, std::string_view summary,
                         std::string_view example) {
  return {name, summary, example, []() -> std::unique_ptr<Command> {
            return std::make_unique<Made>();
          }};
}

}  // namespace faultrig
