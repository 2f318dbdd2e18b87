// What it takes to receive spans, as who sends them feels it: batches one after
// the other, each answered before the next, beside a receiver within the sender
// that drops them.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "bench/bench.h"
#include "tests/source_dir.h"

namespace faultrig::bench {

namespace {

constexpr int kRounds = 7;

// Nanoseconds for each span.
double once(Session& session, const std::string& observe) {
  Plan plan = plan_of("workload:\n  go_test: {dir: '" + source_dir() +
                      "/bench/go_loop', packages: ., run: ^TestExports$, mode: "
                      "binary}\n" +
                      observe + "expect: [test: {exited: 0}]\n");
  return std::strtod(run_once(session, plan).c_str(), nullptr);
}

}  // namespace

void spans() {
  Session session = open_session(true);
  std::vector<double> taken;
  std::vector<double> ratios;
  for (int i = 0; i < kRounds; ++i) {
    double dropped = once(session, "");
    taken.push_back(once(session, "observe: [spans: {wait: 1s}]\n"));
    ratios.push_back(taken.back() / dropped);
  }
  auto [least, most] = std::minmax_element(ratios.begin(), ratios.end());
  char text[64];
  (void)std::snprintf(text, sizeof text, "%.0f", 1e9 / median(taken));
  row("spans a second, in batches of 512", text, "");
  row("over a receiver in the sender that drops them",
      ratio_text(median(ratios)) + " (" + ratio_text(*least) + " to " +
          ratio_text(*most) + ")",
      "");
}

}  // namespace faultrig::bench
