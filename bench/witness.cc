// What one package more costs under `go test -exec 'faultrig witness --'`.
#include <cstdio>

#include "bench/bench.h"
#include "harness/os/scratch.h"
#include "tests/source_dir.h"

namespace faultrig::bench {

namespace {

constexpr int kPairs = 300;

void compare(const std::string& what, const std::vector<std::string>& program,
             const std::vector<std::string>& options) {
  std::vector<std::string> watched{beside_us("faultrig"), "witness"};
  watched.insert(watched.end(), options.begin(), options.end());
  watched.emplace_back("--");
  watched.insert(watched.end(), program.begin(), program.end());
  std::vector<double> more;
  std::vector<double> ratios;
  for (int i = 0; i < kPairs; ++i) {
    double base = time_of([&] { spawn(program, false); });
    double ours = time_of([&] { spawn(watched, false); });
    more.push_back(ours - base);
    ratios.push_back(ours / base);
  }
  char text[32];
  std::snprintf(text, sizeof text, "+%.2f ms", median(more));
  row(what, text, "< 5 ms");
  row(what + ", as a ratio", ratio_text(median(ratios)), "");
}

}  // namespace

void witness() {
  TempDir place = make_scratch(owner_name() + ".bench").value();
  std::string binary = (place.path() / "passes.test").string();
  spawn({"sh", "-c",
         "cd " + source_dir() + "/go_fixtures && go test -c -o " + binary +
             " ./passes"},
        false);
  std::vector<std::string> test{binary, "-test.paniconexit0",
                                "-test.timeout=10m0s"};
  std::string out = (place.path() / "out").string();
  std::string junit = (place.path() / "junit.xml").string();
  compare("a Go test that passes, under witness", test, {});
  compare("the same with --out and --junit", test,
          {"--out", out, "--junit", junit});
  compare("a program that does nothing, under witness",
          {beside_us("bench_nop")}, {});
}

}  // namespace faultrig::bench
