#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/run_details.h"
#include "harness/model/values.h"

namespace faultrig {

// In order of badness: the worst one wins.
enum class Verdict { pass, skipped, inconclusive, fail, error };

std::string_view verdict_name(Verdict verdict);
std::optional<Verdict> verdict_named(std::string_view name);
Verdict worse(Verdict a, Verdict b);
// Did it pass, or could it not run here?
bool is_good(Verdict verdict);

// The answer to one question put to the evidence.
struct Finding {
  Verdict verdict = Verdict::pass;
  std::string because;             // one line
  std::vector<std::size_t> cites;  // indices into the trace
  std::string expected;            // the clause, when one was asked
  Place place = {};                // of the clause or of the fault, if of one
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

// How often a fault took effect.
struct JudgedFault {
  std::string name;
  std::int64_t times = 0;
};

// Goroutines that stood at one place when something hung.
struct JudgedHang {
  std::string link;
  std::int64_t count = 0;
  std::string state;  // in Go's words: `sync.Mutex.Lock`
  // `shop.(*DB).Put (db.go:41) < ...`; empty: not known.
  std::string where;

  // `3 goroutines [sync.Mutex.Lock] in shop.(*DB).Put (db.go:41)`.
  std::string text() const;
};

// The last lines that a workload printed on each stream, and where the
// goroutines of what hung stood: the likeliest reasons first, not all.
struct LastSeen {
  std::string out;
  std::string err;
  std::vector<JudgedHang> hanging = {};
};

// Why a judgement stands in no other count. Empty: it does.
struct Apart {
  std::string not_run;  // why it was not; then the verdict is skipped
  std::string excused;  // why it is not red though it did not pass
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
  std::string evidence;             // folder, when kept
  int repeat = 0;                   // which of --repeat, from 1; 0 without
  std::vector<JudgedFault> faults;  // by FaultId
  LastSeen printed;                 // the lines unless it passed
  Apart apart;
  // When it was launched, since the epoch; 0: not known.
  std::chrono::nanoseconds started{0};
  // What a report shows beyond this; null where none asked for it.
  std::shared_ptr<const RunDetails> details;
};

// Was it run, did it not pass, and does nobody excuse it?
bool is_red(const Judgement& judgement);

// How many scenarios of an invocation came to each verdict.
struct Totals {
  std::array<std::size_t, 5> counts{};  // by Verdict
  std::size_t not_run = 0;              // beside those, as are
  std::size_t excused = 0;

  std::size_t of(Verdict verdict) const;
  std::size_t all() const;  // that were run, or could not be
};

Totals totals_of(std::span<const Judgement> judgements);

}  // namespace faultrig
