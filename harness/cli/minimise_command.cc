// `faultrig minimise`: the smallest scenario that still comes to the same.
#include "harness/base/text.h"
#include "harness/campaign/minimise.h"
#include "harness/campaign/pool.h"
#include "harness/cli/printing.h"
#include "harness/cli/shared_options.h"
#include "harness/os/signals.h"

namespace faultrig {

namespace {

class MinimiseCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.rest("SCENARIO", selection_.paths, Arguments::Count::at_least_one,
                   "a scenario file");
  }

  std::string wrong() const override {
    return selection_.paths.size() > 1 ? "name one scenario at a time" : "";
  }

  int run(const Surroundings& surroundings) override;

 private:
  Selection selection_;
};

std::string text_of(const Minimised& made) {
  std::string out = "# comes to: " + for_one_line(made.comes_to) + "\n";
  if (!made.strace.empty()) {
    out += "# by strace alone: " + for_one_line(made.strace) + "\n";
  }
  return out + made.yaml;
}

int MinimiseCommand::run(const Surroundings& surroundings) {
  auto signals = take_ending_signals();
  if (!signals) {
    return tell(signals.error());
  }
  Chosen chosen = choose(selection_);
  if (chosen.exit_code != 0) {
    return chosen.exit_code;
  }
  if (chosen.entries.size() != 1) {
    return tell(usage_error("name one scenario, not a folder of several"));
  }
  MinimiseSource source(chosen.entries.front());
  Session::Options session{surroundings.environment, FAULTRIG_VERSION};
  Deed deed = minimise_deed();
  Pool pool(source, 1, [&](int socket) { return work(socket, session, deed); });
  auto signal = pool.run(*signals);
  if (!signal) {
    return tell(signal.error());
  }
  if (*signal != 0) {
    return tell_interrupted(*signal, pool.all_gone());
  }
  const Result<Minimised>& made = source.minimised();
  if (!made) {
    return tell(made.error());
  }
  return print(text_of(*made)) ? 0 : kTrouble;
}

}  // namespace

CommandType minimise_command() {
  return command_type<MinimiseCommand>(
      "minimise", "the smallest scenario that comes to the same",
      "faultrig minimise findings/1-swallowed-fsync.yaml > smallest.yaml");
}

}  // namespace faultrig
