#include <algorithm>
#include <chrono>
#include <utility>

#include "harness/base/units.h"
#include "harness/campaign/pool.h"
#include "harness/campaign/run_source.h"
#include "harness/campaign/scenario_task.h"
#include "harness/cli/printing.h"
#include "harness/cli/shared_options.h"
#include "harness/os/signals.h"

namespace faultrig {

namespace {

constexpr std::size_t kWidestName = 40;

std::size_t widest_name(const std::vector<Entry>& entries) {
  std::size_t width = 12;
  for (const Entry& entry : entries) {
    width = std::max(width, entry.plan.scenario.name.size());
  }
  return std::min(width, kWidestName);
}

class RunCommand : public Command {
 public:
  void declare(Arguments& arguments) override;
  int run(const Surroundings& surroundings) override;

 private:
  int run_these(const std::vector<Entry>& entries,
                const Surroundings& surroundings);

  Selection selection_;
  int jobs_ = 1;
  RunSource::Options often_;
  std::vector<ReportTarget> reports_;
  std::string evidence_;
  std::size_t keep_output_ = Session::Options().keep_output;
};

void RunCommand::declare(Arguments& arguments) {
  declare_selection(arguments, selection_);
  declare_strict(arguments, selection_);
  declare_jobs(arguments, jobs_);
  arguments.number("--repeat", often_.repeat, {1, 1000000}, "run each N times");
  arguments.number("--seed", selection_.seed,
                   "what `chance` draws from (default: 1)");
  arguments.number_or("FAULTRIG_SLOW", "--slow", selection_.slow, {1, 1000},
                      "deadlines are N times longer, as for an emulator");
  arguments.flag("--stop-early", often_.stop_early,
                 "stop at the first that does not pass");
  declare_reports(arguments, reports_, "; may repeat");
  arguments.word("--evidence", evidence_, "keep each run's evidence below DIR");
  arguments.size(
      "--keep-output", "16MiB",
      [this](Bytes size) {
        keep_output_ = size.count;
        return true;
      },
      "bytes of each stream kept (default: 16MiB)");
}

int RunCommand::run(const Surroundings& surroundings) {
  Chosen chosen = choose(selection_);
  if (chosen.exit_code != 0) {
    return chosen.exit_code;
  }
  if (chosen.entries.empty()) {
    complain("faultrig: " + nothing_matches(selection_) + "\n");
    return kUsage;
  }
  return run_these(chosen.entries, surroundings);
}

int RunCommand::run_these(const std::vector<Entry>& entries,
                          const Surroundings& surroundings) {
  auto signals = take_ending_signals();
  if (!signals) {
    return tell(signals.error());
  }
  Output output(
      reports_,
      {{wants_color(surroundings), widest_name(entries)}, selection_.seed},
      surroundings);
  auto start = std::chrono::steady_clock::now();
  RunSource source(entries, often_, output);
  Session::Options session{surroundings.environment, FAULTRIG_VERSION,
                           keep_output_};
  Deed deed = scenario_deed(entries, evidence_);
  Pool pool(source, jobs_,
            [&](int socket) { return work(socket, session, deed); });
  auto signal = pool.run(*signals);
  auto finished = output.finish(std::chrono::steady_clock::now() - start);
  if (!signal) {
    return tell(signal.error());
  }
  if (*signal != 0) {
    return tell_interrupted(*signal, pool.all_gone());
  }
  int code = exit_code_of(output.judgements());
  if (!finished) {
    int trouble = tell(finished.error());
    return code == 0 ? trouble : code;
  }
  return code;
}

}  // namespace

CommandType run_command() {
  return command_type<RunCommand>(
      "run", "run scenarios, tell what happened",
      "faultrig run scenarios/memory -j 2 --evidence /tmp/evidence");
}

}  // namespace faultrig
