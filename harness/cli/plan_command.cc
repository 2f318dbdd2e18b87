#include "harness/cli/printing.h"
#include "harness/cli/shared_options.h"
#include "harness/report/plan_text.h"
#include "harness/store/secrets.h"

namespace faultrig {

namespace {

class PlanCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.rest("PATH", selection_.paths, Arguments::Count::at_least_one,
                   "a scenario file");
  }

  int run(const Surroundings& surroundings) override {
    Chosen chosen = choose(selection_);
    for (const Entry& entry : chosen.entries) {
      Mask mask(entry.plan.scenario.workload, surroundings.environment,
                entry.yaml);
      print(mask.text(plan_text(entry.plan)));
    }
    return chosen.exit_code;
  }

 private:
  Selection selection_;
};

}  // namespace

CommandType plan_command() {
  return command_type<PlanCommand>(
      "plan", "show what a run would do; nothing is done",
      "faultrig plan scenarios/memory/killed_by_oom.yaml");
}

}  // namespace faultrig
