#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "harness/model/verdict.h"

namespace faultrig {

// How often a scenario that was repeated came to the same end.
struct Tally {
  struct Row {
    std::size_t times = 0;
    std::string observed;  // without the name of the link, if it is one
    Verdict verdict = Verdict::pass;
    int first = 0;         // of the repetitions that ended so
    std::string evidence;  // of that one, if it is kept
    std::shared_ptr<const RunDetails> details;  // of that one, if known
  };
  std::string scenario;
  std::size_t of = 0;
  std::vector<Row> rows;  // the most frequent first

  // Did it pass, and not pass, with nothing changed in between?
  bool flaky() const;
  // What differs first between the most frequent pass and the most frequent of
  // the rest: an observation that one of them has and the other has not. Empty
  // where it is not flaky, or too little is known of the two.
  std::string difference() const;
};

// One for each scenario that ran more than once by --repeat, in their order.
std::vector<Tally> tallies_of(std::span<const Judgement> judgements);

// `15 of 100 killed by SIGTERM`, a line each, below the scenario's name; empty
// for none.
std::string tally_text(const std::vector<Tally>& tallies);

}  // namespace faultrig
