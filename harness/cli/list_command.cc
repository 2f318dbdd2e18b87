#include <algorithm>

#include "harness/base/text.h"
#include "harness/cli/printing.h"
#include "harness/cli/shared_options.h"
#include "harness/model/scenario_sweep.h"

namespace faultrig {

namespace {

class ListCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    declare_selection(arguments, selection_);
  }

  int run(const Surroundings&) override {
    Chosen chosen = choose(selection_);
    std::size_t width = 0;
    for (const Entry& entry : chosen.entries) {
      width = std::max(width, entry.plan.scenario.name.size());
    }
    for (const Entry& entry : chosen.entries) {
      const Scenario& scenario = entry.plan.scenario;
      std::string name = for_one_line(scenario.name);
      name.resize(std::max(width, name.size()), ' ');
      name += "  " + for_one_line(join(scenario.tags, ", "));
      if (scenario.sweep) {
        name += " (sweep over ";
        name += over_name(scenario.sweep->over);
        name += ")";
      }
      name += "\n";
      print(name);
    }
    return chosen.exit_code;
  }

 private:
  Selection selection_;
};

}  // namespace

CommandType list_command() {
  return command_type<ListCommand>("list", "list scenarios with their tags",
                                   "faultrig list --tag workshop");
}

}  // namespace faultrig
