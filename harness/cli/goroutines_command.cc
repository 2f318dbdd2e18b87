// What Go prints of a program only when it dies of SIGQUIT, of one that goes
// on.
#include <string>

#include "harness/base/text.h"
#include "harness/base/whole_number.h"
#include "harness/cli/arguments.h"
#include "harness/cli/command.h"
#include "harness/cli/printing.h"
#include "harness/report/goroutines.h"
#include "harness/run/process_goroutines.h"

namespace faultrig {

namespace {

class GoroutinesCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.read(
        "PID", [this](const std::string& text) { return take(text); },
        "the process, as this machine or container numbers it");
    arguments.flag("--group", view_.grouped,
                   "equal goroutines once, with how many they are");
    arguments.flag("--all", view_.internal,
                   "the runtime's own goroutines and functions, too");
    arguments.flag("--json", json_, "for programs");
  }

  std::string wrong() const override { return pid_ == 0 ? "whose? PID" : ""; }

  int run(const Surroundings&) override {
    ProgramStacks programs;
    auto look = look_at_goroutines(pid_, programs);
    if (!look) {
      (void)tell(look.error());
      return look.error().kind == ErrorKind::unsupported ? kNothingRan
                                                         : kTrouble;
    }
    for (const std::string& remark : goroutine_remarks(*look)) {
      complain("faultrig: " + for_one_line(remark) + "\n");
    }
    return print(json_ ? goroutines_json(*look, view_)
                       : goroutines_text(*look, view_))
               ? 0
               : kTrouble;
  }

 private:
  std::string take(const std::string& text) {
    pid_ = whole_number<int>(text).value_or(0);
    return pid_ > 0 ? ""
                    : "'" + for_one_line(text) + "' is no number of a process";
  }

  int pid_ = 0;
  bool json_ = false;
  GoroutineView view_;
};

}  // namespace

CommandType goroutines_command() {
  return command_type<GoroutinesCommand>(
      "goroutines", "the goroutines of a Go program that runs, from outside",
      "faultrig goroutines --group $(pidof server)\n"
      "Exit codes: 0, 3 there is no such process, 77 its memory may not be "
      "read, or it is no Go program that faultrig knows.");
}

}  // namespace faultrig
