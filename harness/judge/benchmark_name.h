#pragma once

#include <string_view>

namespace faultrig {

// What another writer said behind the name of a benchmark, which `go test
// -bench` leaves without an end of line until the result is there:
// `panic: boom` of `BenchmarkX-2   \tpanic: boom`. The line as it is when it
// does not start with such a name, when nothing stands behind it, and when its
// result does. Takes any bytes; a part of `line`.
std::string_view behind_benchmark_name(std::string_view line);

}  // namespace faultrig
