#include "harness/cli/arguments.h"
#include "harness/cli/completion.h"
#include "harness/cli/printing.h"

namespace faultrig {

namespace {

class CompletionCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.rest("SHELL", shell_, Arguments::Count::at_least_one,
                   "bash, zsh or fish; or man, for the manual page");
  }

  std::string wrong() const override {
    bool known =
        shell_.size() == 1 &&
        (shell_[0] == "man" || !completion_text(shell_[0], {}).empty() ||
         shell_[0] == "fish");
    return known ? "" : "expected bash, zsh, fish or man";
  }

  int run(const Surroundings&) override {
    std::vector<CommandPage> pages = command_pages();
    bool told = print(shell_[0] == "man" ? manual_text(pages)
                                         : completion_text(shell_[0], pages));
    return told ? 0 : kTrouble;
  }

 private:
  std::vector<std::string> shell_;
};

}  // namespace

CommandType completion_command() {
  return command_type<CompletionCommand>(
      "completion", "print completions for a shell, or the manual page",
      "source <(faultrig completion bash)");
}

}  // namespace faultrig
