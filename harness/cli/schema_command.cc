#include "harness/cli/command.h"
#include "harness/cli/printing.h"
#include "harness/help/scenario_schema.h"
#include "harness/plan/planner.h"

namespace faultrig {

namespace {

class SchemaCommand : public Command {
 public:
  int run(const Surroundings&) override {
    print(scenario_schema(full_language()));
    return 0;
  }
};

}  // namespace

CommandType schema_command() {
  return command_type<SchemaCommand>("schema",
                                     "print the JSON Schema of a scenario",
                                     "faultrig schema > scenario.schema.json");
}

}  // namespace faultrig
