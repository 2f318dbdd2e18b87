// testing writes `%-*s\t`, the name with blanks to a common width, before a
// benchmark is measured, and the result and the end of the line afterwards
// (processBench in testing/benchmark.go). With -v both come afterwards, by two
// calls. Whatever is printed in between, by the benchmark, the runtime, or go
// about a process that is gone, stands behind the name.
#include "harness/judge/benchmark_name.h"

#include <algorithm>

namespace faultrig {

namespace {

constexpr std::string_view kStart = "Benchmark";

// As isBenchmarkName of cmd/internal/test2json: `Benchmark`, `BenchmarkX`, but
// not `Benchmarking`.
bool starts_a_name(std::string_view line) {
  if (!line.starts_with(kStart)) {
    return false;
  }
  char next = line.size() > kStart.size() ? line[kStart.size()] : '\0';
  return next < 'a' || next > 'z';
}

// `       1000\t       123 ns/op`.
bool is_result(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  std::size_t digits = text.find_first_not_of("0123456789");
  return digits != 0 && digits != text.npos && text[digits] == '\t';
}

}  // namespace

std::string_view behind_benchmark_name(std::string_view line) {
  if (!starts_a_name(line)) {
    return line;
  }
  std::size_t name = std::min(line.find_first_of(" \t"), line.size());
  std::size_t tab = std::min(line.find_first_not_of(' ', name), line.size());
  if (tab == line.size() || line[tab] != '\t') {
    return line;
  }
  std::string_view rest = line.substr(tab + 1);
  return rest.empty() || is_result(rest) ? line : rest;
}

}  // namespace faultrig
