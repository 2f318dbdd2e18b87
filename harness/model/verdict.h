#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faultrig {

// In order of badness: the worst one wins.
enum class Verdict { pass, skipped, inconclusive, fail, error };

std::string_view verdict_name(Verdict verdict);
std::optional<Verdict> verdict_named(std::string_view name);
Verdict worse(Verdict a, Verdict b);

// The answer to one question put to the evidence.
struct Finding {
  Verdict verdict = Verdict::pass;
  std::string because;             // one line
  std::vector<std::size_t> cites;  // indices into the trace
  std::string expected;            // the clause, when one was asked
};

// How a link of the chain ended.
struct JudgedEnd {
  std::string link;
  std::string program;
  std::string how;         // exited, killed, never_started, hung (at the
                           // deadline) or stopped, both by us
  std::string status;      // `exited 2`; empty: never started
  std::string our_signal;  // the last with which we ended it; empty: none
};

// What became of one scenario.
struct Judgement {
  std::string scenario;  // name
  std::string file;
  Verdict verdict = Verdict::pass;
  std::vector<Finding> findings;  // those that decided it; all, when it passed
  std::string observed;           // the exit chain on one line
  std::vector<JudgedEnd> ends;    // the same as data
  bool asked = true;              // did the scenario expect anything?
  std::chrono::nanoseconds took{0};
  std::string evidence;  // folder, when kept
  int repeat = 0;        // which of --repeat, from 1; 0 without
};

// How many scenarios of an invocation came to each verdict.
struct Totals {
  std::array<std::size_t, 5> counts{};  // by Verdict

  std::size_t of(Verdict verdict) const;
  std::size_t all() const;
};

Totals totals_of(std::span<const Judgement> judgements);

}  // namespace faultrig
