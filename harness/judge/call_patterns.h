#pragma once

#include <string>
#include <vector>

#include "harness/model/evidence.h"
#include "harness/model/values.h"

namespace faultrig {

// What a `calls` expectation asks after: the pattern that it counts, if it
// counts, then those of its sequence.
std::vector<CallPattern> patterns_asked(const Params& params);

// Can there be such calls? Nothing, or why not: `fd: file, but openat works on
// no descriptor`.
std::string cannot_be(const CallPattern& pattern);

// Does an observation fit a pattern: does it not, does it, or can nobody tell?
enum class Fit { no, yes, perhaps };

// Fits the calls of one run. Without `fd` a pattern means any descriptor but 0,
// 1 and 2, unless a fault acted on such a call on one of those.
class CallFitter {
 public:
  CallFitter(CallPattern pattern, const Evidence& evidence);
  // `seen` is a call, or a sum of calls.
  Fit fit(const Observation& seen) const;
  // Is it on 0, 1 or 2, and perhaps meant all the same, since a path is named?
  bool is_left_out(const Observation& seen) const;

 private:
  CallPattern pattern_;
  bool stdio_counts_ = false;
};

}  // namespace faultrig
