#include <algorithm>
#include <chrono>

#include "harness/base/units.h"
#include "harness/campaign/catalogue.h"
#include "harness/campaign/pool.h"
#include "harness/campaign/run_source.h"
#include "harness/campaign/scenario_task.h"
#include "harness/cli/commands.h"
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

Session::Options session_options(const Options& options,
                                 const std::vector<std::string>& environment) {
  Session::Options out;
  out.environment = environment;
  out.version = FAULTRIG_VERSION;
  out.keep_output = parse_bytes(options.keep_output)->count;
  return out;
}

}  // namespace

int run_command(const Options& options, const Surroundings& surroundings) {
  auto catalogue = read_catalogue(options.selection);
  if (!catalogue) {
    return tell(catalogue.error());
  }
  if (catalogue->wrong > 0) {
    complain(catalogue->complaints);
    return kUsage;
  }
  if (catalogue->entries.empty()) {
    complain("faultrig: no scenario matches\n");
    return kUsage;
  }
  auto signals = take_ending_signals();
  if (!signals) {
    return tell(signals.error());
  }
  Output output(options.reports,
                {{wants_color(options.color, surroundings),
                  widest_name(catalogue->entries)},
                 options.selection.seed},
                surroundings);
  auto start = std::chrono::steady_clock::now();
  RunSource source(catalogue->entries, {options.repeat, options.stop_early},
                   output);
  Deed deed = scenario_deed(catalogue->entries, options.evidence);
  Pool pool(source, options.jobs, [&](int socket) {
    return work(socket, session_options(options, surroundings.environment),
                deed);
  });
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

}  // namespace faultrig
