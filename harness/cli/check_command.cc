#include "harness/cli/printing.h"
#include "harness/cli/shared_options.h"

namespace faultrig {

namespace {

class CheckCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    declare_selection(arguments, selection_);
    declare_strict(arguments, selection_);
  }

  int run(const Surroundings&) override {
    Chosen chosen = choose(selection_);
    if (chosen.exit_code == 0) {
      std::size_t count = chosen.entries.size();
      print(std::to_string(count) + (count == 1 ? " scenario" : " scenarios") +
            ", no complaints\n");
    }
    return chosen.exit_code;
  }

 private:
  Selection selection_;
};

}  // namespace

CommandType check_command() {
  return command_type<CheckCommand>("check",
                                    "validate scenarios; nothing is run",
                                    "faultrig check scenarios");
}

}  // namespace faultrig
