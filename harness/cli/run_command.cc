#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <utility>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/campaign/pool.h"
#include "harness/campaign/run_source.h"
#include "harness/campaign/scenario_task.h"
#include "harness/cli/printing.h"
#include "harness/cli/run_choice.h"
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

// Of a pool that ended; empty: it came to its end.
std::string why_cut_short(const Result<int>& signal) {
  if (!signal) {
    return signal.error().what;
  }
  return *signal == 0 ? "" : "interrupted by " + signal_name(*signal);
}

// A name in --quarantine that has a mistake excuses nothing, unseen.
void warn_of_unknown(const Excuses& excuses,
                     const std::vector<std::string>& names) {
  for (const std::string& name : excuses.unknown(names)) {
    complain("faultrig: --quarantine: no scenario is called " +
             for_one_line(name) + "\n");
  }
}

class RunCommand : public Command {
 public:
  void declare(Arguments& arguments) override;
  std::string wrong() const override {
    std::string clash = clash_of(reports_);
    return clash.empty() ? choice_.wrong() : clash;
  }
  int run(const Surroundings& surroundings) override;

 private:
  int run_these(const std::vector<Entry>& entries, const Excuses& excuses,
                const Surroundings& surroundings);

  Selection selection_;
  int jobs_ = 1;
  RunSource::Options often_;
  RunChoice choice_;
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
  choice_.declare(arguments);
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
  std::vector<std::string> names;
  std::vector<std::filesystem::path> files;
  for (const Entry& entry : chosen.entries) {
    names.push_back(entry.plan.scenario.name);
    files.push_back(entry.plan.scenario.file);
  }
  auto spared = spare("a scenario", files, reports_);
  spared =
      spared ? spare("what excuses", choice_.excusing(), reports_) : spared;
  if (!spared) {
    return tell(spared.error());
  }
  auto left =
      choice_.choose(std::move(chosen.entries), surroundings.environment);
  auto excuses = left ? choice_.excuses() : Result<Excuses>(left.error());
  if (excuses) {
    warn_of_unknown(*excuses, names);
  }
  return excuses ? run_these(*left, *excuses, surroundings)
                 : tell(excuses.error());
}

int RunCommand::run_these(const std::vector<Entry>& entries,
                          const Excuses& excuses,
                          const Surroundings& surroundings) {
  auto signals = take_ending_signals();
  if (!signals) {
    return tell(signals.error());
  }
  TextStyle text{wants_color(surroundings), widest_name(entries)};
  ReportStyle style = style_of_now(text, selection_.seed);
  style.shard = choice_.shard();
  style.chosen = choice_.chosen();
  Output output(reports_, style, surroundings);
  auto start = std::chrono::steady_clock::now();
  often_.stop = choice_.budget().from(start);
  often_.environment = surroundings.environment;
  ExcusedSink sink(excuses, output);
  RunSource source(entries, often_, sink);
  auto rest = [&source](const std::string& why) { return source.not_run(why); };
  if (auto ready = output.start(rest); !ready) {
    return tell(ready.error());
  }
  Session::Options session{surroundings.environment, FAULTRIG_VERSION,
                           keep_output_};
  Deed deed = with_sweeps(
      entries, scenario_deed(entries, {evidence_, wants_details(reports_) ||
                                                      often_.repeat > 1}));
  Pool pool(source, jobs_,
            [&](int socket) { return work(socket, session, deed); });
  output.watch([&source] { return source.standing(); });
  pool.each_second([&output] { output.tick(); });
  auto signal = pool.run(*signals);
  std::string cut_short = why_cut_short(signal);
  auto finished = output.finish(
      std::chrono::steady_clock::now() - start,
      cut_short.empty() ? source.stopped() : cut_short, cut_short);
  if (!signal) {
    return tell(signal.error());
  }
  if (*signal != 0) {
    return tell_interrupted(*signal, pool.all_gone());
  }
  std::vector<Judgement> all = output.judgements();
  std::vector<Judgement> left = source.not_run(source.stopped());
  all.insert(all.end(), left.begin(), left.end());
  int code = exit_code_of(all);
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
