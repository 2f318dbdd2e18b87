#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/explain/seen.h"
#include "harness/model/explanation.h"

namespace faultrig {

// Without -v nothing tells the results of packages that a test prints from
// those of go. They stand above the package whose test that is. Says of which
// explanations that may be, and bounds how sure these are.
class PrintedResults {
 public:
  // A package, in the order of the log; `at` explanations were kept before.
  void note(std::size_t writer, const Seen& seen, std::size_t at);
  // Its explanation was kept.
  void keep(std::size_t writer, const Seen& seen);
  // At the end of the log.
  void doubt(std::vector<Explanation>& explanations) const;

 private:
  // What is known of the lines of one writer.
  struct Writer {
    std::set<std::string> roots;  // of packages whose results are go's
    std::size_t run_from = 0;     // the first explanation of this run
    bool printed = false;         // there was a package that shows its output
    std::int64_t result = 0;      // line of the last one
  };
  struct Kept {
    std::size_t writer = 0;
    std::string package;
    std::int64_t line = 0;  // of its result
    bool placed = false;    // its result stands where only go's can
    bool printed = false;   // a run ends behind it, and a test goes on
  };

  bool is_stranger(std::size_t at, const Explanation& one) const;

  // Lines of a log of several writers.
  struct Span {
    std::int64_t from = 0;
    std::int64_t to = 0;
  };

  bool is_within_prints(const Kept& kept) const;

  std::map<std::size_t, Writer> writers_;
  std::vector<Span> prints_;  // of packages without a prefix, up to the result
  std::vector<Kept> kept_;
  std::size_t above_prints_ = 0;
};

}  // namespace faultrig
