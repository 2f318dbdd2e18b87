// The wall clock is stepped while a run waits for its trigger and its deadline.
// That is done to a machine of its own alone, such as a guest of test-v2.
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>

#include "bench/torture/trial.h"

namespace faultrig::torture {

namespace {

constexpr long kHour = 3600;
constexpr long kYear = 8766 * kHour;

struct Step {
  const char* what;
  long seconds;
};

bool step_clock(long seconds) {
  timespec time{};
  clock_gettime(CLOCK_REALTIME, &time);
  time.tv_sec += seconds;
  return clock_settime(CLOCK_REALTIME, &time) == 0;
}

// Both last about a second, by whichever clock.
std::string waiting(Yard& yard) {
  std::string waits = "workload:\n  command: [" +
                      program_beside("torture_deeds") + ", waits]\n";
  yard.scenario("clock/trigger",
                waits +
                    "  deadline: 20s\ngolden: false\nfaults:\n  - signal: "
                    "{send: SIGUSR1, when: {after: 1s}}\nexpect:\n"
                    "  - command: {killed_by: SIGUSR1}\n");
  yard.scenario("clock/deadline",
                waits +
                    "  deadline: 1s\nexpect:\n  - command: {killed_by: "
                    "SIGQUIT}\n");
  return yard.folder("clock");
}

}  // namespace

void clock(bool /*brief*/) {
  std::string what = "the wall clock is stepped";
  if (getenv("FAULTRIG_OWN_MACHINE") == nullptr) {  // NOLINT: alone
    skipped(what, "a machine of its own, as ./dev test-v2 has");
    return;
  }
  Yard yard;
  std::string folder = waiting(yard);
  for (const Step& step :
       {Step{", one hour ahead", kHour}, Step{", one hour back", -kHour},
        Step{", twenty years ahead", 20 * kYear}}) {
    pid_t pid = yard.start({{"run", "-j", "2", folder}});
    double begin = now();
    while (yard.alive().size() < 6 && now() - begin < 20) {
      usleep(5000);  // faultrig, two workers, their shims, a workload
    }
    bool stepped = step_clock(step.seconds);
    Outcome outcome = yard.end_of(pid, 60);
    step_clock(-step.seconds);
    bool good = stepped && outcome.text() == "exited 0" &&
                outcome.verdict_of("trigger") == "ok" &&
                outcome.verdict_of("deadline") == "ok";
    row(what + step.what, stepped ? outcome.text() : "may not be stepped",
        good && yard.until_nobody(1) >= 0 && yard.litter().empty());
    if (!good) {
      std::fprintf(stderr, "%s\n", outcome.said.c_str());
    }
  }
}

}  // namespace faultrig::torture
