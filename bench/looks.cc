// What a look at goroutines takes, and what looks cost the program that they
// are at: it is never stopped, but shares its processors with who looks.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "bench/bench.h"
#include "harness/run/process_goroutines.h"

namespace faultrig::bench {

namespace {

constexpr int kLooks = 9;
constexpr int kRounds = 7;

std::size_t seen(int pid, ProgramStacks& programs) {
  auto look = look_at_goroutines(pid, programs);
  return look ? look->goroutines.size() : 0;
}

// With so many parked, and two that are at work.
void time_looks(const std::string& parked) {
  Running program({beside_us("bench_goloop"), "sum", "1000000000000", parked});
  int pid = program.pid();
  ProgramStacks programs;
  std::size_t wanted = std::strtoul(parked.c_str(), nullptr, 10);
  while (seen(pid, programs) < wanted) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  std::vector<double> times;
  times.reserve(kLooks);
  ProgramStacks fresh;
  double first = time_of([&] { seen(pid, fresh); });
  for (int i = 0; i < kLooks; ++i) {
    times.push_back(time_of([&] { seen(pid, programs); }));
  }
  char text[32];
  (void)std::snprintf(text, sizeof text, "%.1f ms", median(times));
  row("a look at " + parked + " goroutines", text, "");
  (void)std::snprintf(text, sizeof text, "%.1f ms", first);
  row("the first one, which decodes the program", text, "");
}

double once(Session& session, const std::string& parked,
            const std::string& observe) {
  Plan plan = plan_of("workload:\n  command: [" + beside_us("bench_goloop") +
                      ", sum, '600000000', '" + parked + "']\n" + observe +
                      "expect: [command: {exited: 0}]\n");
  return std::strtod(run_once(session, plan).c_str(), nullptr);
}

void compare(const std::string& parked, const std::string& every) {
  Session session = open_session(true);
  std::vector<double> ratios;
  for (int i = 0; i < kRounds; ++i) {
    double bare = once(session, parked, "");
    double watched = once(session, parked,
                          "observe: [goroutines: {every: " + every + "}]\n");
    ratios.push_back(watched / bare);
  }
  row("work beside " + parked + " goroutines, a look each " + every,
      ratio_text(median(ratios)), "");
}

}  // namespace

void looks() {
  for (const char* parked : {"1000", "100000"}) {
    time_looks(parked);
    compare(parked, "100ms");
  }
}

}  // namespace faultrig::bench
