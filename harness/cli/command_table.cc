#include "harness/cli/command.h"

namespace faultrig {

#define COMMAND(name) CommandType name##_command();
#include "harness/cli/commands.def"
#undef COMMAND

const std::vector<CommandType>& command_types() {
  static const std::vector<CommandType> types{
#define COMMAND(name) name##_command(),
#include "harness/cli/commands.def"
#undef COMMAND
  };
  return types;
}

}  // namespace faultrig
