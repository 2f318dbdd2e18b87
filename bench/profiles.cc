// What Go's own profiles and execution traces cost the tests of which they are
// taken: the test binary does that itself, so all of it is in the time of the
// processor that the test says, but for the writing at its end. Of perf it is
// what the kernel does in the test's own time.
#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "bench/bench.h"
#include "tests/source_dir.h"

namespace faultrig::bench {

namespace {

constexpr int kRounds = 5;

double once(Session& session, const std::string& test,
            const std::string& observe) {
  Plan plan =
      plan_of("workload:\n  go_test: {dir: '" + source_dir() +
              "/bench/go_loop', packages: ., run: ^" + test +
              "$, mode: binary}\n" + observe + "expect: [test: {exited: 0}]\n");
  return std::strtod(run_once(session, plan).c_str(), nullptr);
}

void compare(Session& session, const std::string& test,
             const std::string& observer, const std::string& what) {
  std::vector<double> ratios;
  for (int i = 0; i < kRounds; ++i) {
    double bare = once(session, test, "");
    ratios.push_back(once(session, test, "observe: [" + observer + "]\n") /
                     bare);
  }
  auto [least, most] = std::minmax_element(ratios.begin(), ratios.end());
  row(test + ", its " + what,
      ratio_text(median(ratios)) + " (" + ratio_text(*least) + " to " +
          ratio_text(*most) + ")",
      "");
}

}  // namespace

void profiles() {
  Session session = open_session(true);
  for (const char* test :
       {"TestComputes", "TestAllocates", "TestContends", "TestHandsOver"}) {
    for (const char* kind : {"cpu", "heap", "block", "mutex", "perf"}) {
      compare(session, test, "profile: " + std::string(kind),
              "profile of " + std::string(kind));
    }
    compare(session, test, "timeline: {}", "execution trace");
  }
}

}  // namespace faultrig::bench
