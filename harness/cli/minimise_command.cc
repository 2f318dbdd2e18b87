// `faultrig minimise`: the smallest scenario that still comes to the same.
#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/campaign/minimise.h"
#include "harness/campaign/pool.h"
#include "harness/cli/printing.h"
#include "harness/cli/progress_line.h"
#include "harness/cli/shared_options.h"
#include "harness/os/scratch.h"
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

std::string progress_of(const MinimiseSource& source) {
  auto now = source.so_far();
  return now ? fmt::format("{} candidates tried, {} lines left",
                           now->candidates, lines_of(now->yaml).size())
             : "does it come to the same each time?";
}

// What was found until a signal came is worth having.
void tell_so_far(const MinimiseSource& source) {
  auto now = source.so_far();
  if (now) {
    print(fmt::format("# the smallest so far, {} candidates tried\n",
                      now->candidates) +
          text_of(*now));
  }
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
  auto folder = make_scratch(owner_name());
  if (!folder) {
    return tell(folder.error());
  }
  MinimiseSource source(chosen.entries.front(), folder->path() / "notes");
  ProgressLine<Minimised> progress(surroundings);
  Session::Options session{surroundings.environment, FAULTRIG_VERSION};
  Deed deed = minimise_deed();
  Pool pool(source, 1, [&](int socket) { return work(socket, session, deed); });
  pool.each_second([&] { progress.progress(progress_of(source)); });
  auto signal = pool.run(*signals);
  progress.clear();
  if (!signal) {
    return tell(signal.error());
  }
  if (*signal != 0) {
    tell_so_far(source);
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
