#include "harness/cli/arguments.h"
#include "harness/cli/command.h"
#include "harness/cli/printing.h"
#include "harness/help/scenario_schema.h"
#include "harness/plan/planner.h"
#include "harness/report/report_schema.h"

namespace faultrig {

namespace {

class SchemaCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.rest("OF", of_, Arguments::Count::any,
                   "scenario (default) or report, that of --report json");
  }

  std::string wrong() const override {
    bool known = of_.empty() || of_[0] == "scenario" || of_[0] == "report";
    return known && of_.size() < 2 ? "" : "expected scenario or report";
  }

  int run(const Surroundings&) override {
    bool of_report = !of_.empty() && of_[0] == "report";
    print(of_report ? std::string(report_schema())
                    : scenario_schema(full_language()));
    return 0;
  }

 private:
  std::vector<std::string> of_;
};

}  // namespace

CommandType schema_command() {
  return command_type<SchemaCommand>(
      "schema", "print the JSON Schema of a scenario or of a report",
      "faultrig schema > scenario.schema.json");
}

}  // namespace faultrig
