#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/cause.h"

namespace faultrig {

// A line that shows a cause.
struct Quote {
  std::int64_t line = 0;  // from 1; 0: a fact of evidence
  std::string text;
  std::string speaker;  // who said it, as far as that shows: `go`, `process`
};

// A cause that was recognised. It belongs to the table of causes.
struct Named {
  const Cause* cause = nullptr;
  Sure sure = Sure::certain;
};

// A cause that was recognised, and why it is not told, or not as certain.
struct Weighed {
  Named named;
  std::vector<Quote> quotes;              // what speaks for it
  std::vector<std::string_view> against;  // lasting text
};

// What is known about the end of one package, or of what is no package.
struct Explanation {
  std::string where;    // folder of evidence, if there are several
  std::string package;  // import path, or a program; empty: go itself
  std::string verdict;  // go's word, see sight_section()
  std::string test;     // how the binary ended, as far as known
  std::vector<std::string>
      tests;                  // that failed, or ran; of a test its subtests
  std::vector<Named> causes;  // usually one; none: nothing matched
  std::vector<const Cause*> among;        // what else it may have been
  std::vector<std::string_view> against;  // of the causes; lasting text
  std::vector<Weighed> outranked;         // matched, and a higher rank did, too
  std::vector<Quote> quotes;
};

// Of a whole log or of evidence.
struct Explained {
  std::vector<Explanation> explanations;  // of what was not clean
  std::size_t packages = 0;               // results seen
  std::size_t untold = 0;                 // explanations beyond those kept
  bool of_a_log = false;                  // else of evidence
  std::int64_t lines = 0;                 // of the log
  std::optional<Quote> trouble;           // something else that failed there

  // Was a cause found for any of them?
  bool found() const;
};

}  // namespace faultrig
