#include <algorithm>
#include <cerrno>
#include <chrono>
#include <memory>
#include <new>

#include "harness/cli/catalogue.h"
#include "harness/cli/commands.h"
#include "harness/cli/crew.h"
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

// The results that are in are told even when memory has run out: something is
// put by for that.
Result<int> run_crew(Crew& crew, const Fd& signals) {
  constexpr std::size_t kReserve = 1 << 20;
  std::unique_ptr<char[]> reserve(new char[kReserve]);
  try {
    return crew.run(signals);
  } catch (const std::bad_alloc&) {
    reserve.reset();
    return Error{ErrorKind::system, "out of memory", ENOMEM};
  }
}

}  // namespace

int run_command(const Options& given, const Surroundings& surroundings) {
  Options options = given;
  if (options.reports.empty()) {
    options.reports.push_back({"text", ""});
  }
  auto catalogue = read_catalogue(options);
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
  Output output(options, surroundings, widest_name(catalogue->entries));
  auto start = std::chrono::steady_clock::now();
  Crew crew(catalogue->entries, options, surroundings.environment,
            {[&](const Judgement& judgement) { output.result(judgement); },
             [&](const std::string& what) { output.progress(what); }});
  auto signal = run_crew(crew, *signals);
  auto finished = output.finish(std::chrono::steady_clock::now() - start);
  if (!signal) {
    return tell(signal.error());
  }
  if (*signal != 0) {
    complain(crew.all_gone() ? "faultrig: interrupted; cleaned up\n"
                             : "faultrig: interrupted; some of what was "
                               "started cannot be killed and lives on\n");
    return 128 + *signal;
  }
  int code = exit_code_of(output.judgements());
  if (!finished) {
    int trouble = tell(finished.error());
    return code == 0 ? trouble : code;
  }
  return code;
}

}  // namespace faultrig
