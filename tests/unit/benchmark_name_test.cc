#include "harness/judge/benchmark_name.h"

#include <string>

#include <gtest/gtest.h>

namespace faultrig {
namespace {

TEST(BehindBenchmarkName, IsWhatAnotherWriterSaid) {
  for (const char* name :
       {"BenchmarkX-2   \t", "BenchmarkX   \t", "BenchmarkX\t",
        "Benchmark-2 \t", "BenchmarkX/sub=1/2_(a)-16 \t", "Benchmark_x\t",
        "Benchmark\xc3\x9c-2 \t"}) {
    for (const char* said :
         {"panic: boom", "fatal error: x", "SIGQUIT: quit", "signal: killed",
          "ok  \ta\t0.1s", "--- FAIL: BenchmarkX-2", "\tpanic: nested",
          "2026/01/02 10:11:12 a log", "3 of 5", "100"}) {
      EXPECT_EQ(behind_benchmark_name(std::string(name) + said), said) << name;
    }
  }
}

TEST(BehindBenchmarkName, LeavesAResultToItsBenchmark) {
  for (const char* line :
       {"BenchmarkX-2   \t    1000\t       123 ns/op",
        "BenchmarkX-2   \t1000000000\t         0.2500 ns/op",
        "BenchmarkX     \t       0\t               NaN ns/op",
        "BenchmarkX-2   \t", "BenchmarkX-2   ", "BenchmarkX", "Benchmark",
        "BenchmarkX-2"}) {
    EXPECT_EQ(behind_benchmark_name(line), line);
  }
}

TEST(BehindBenchmarkName, LeavesALineThatHasNone) {
  for (const char* line :
       {"", "\t", "panic: boom", "Benchmark panic: boom",
        "BenchmarkX-2 panic: boom", "BenchmarkX-2 said\tpanic: boom",
        "Benchmarking\tpanic: boom", "Benchmarks   \tpanic: boom",
        "a BenchmarkX-2   \tpanic: boom", " BenchmarkX-2   \tpanic: boom"}) {
    EXPECT_EQ(behind_benchmark_name(line), line);
  }
}

}  // namespace
}  // namespace faultrig
