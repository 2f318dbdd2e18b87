#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace faultrig {

// Stands in a text where strace left something out: `"pani"...`.
inline constexpr char kLeftOut = '\x01';

// A line of a file that is replayed.
struct ReplayLine {
  std::string file;       // its name, where there are several
  std::int64_t line = 0;  // from 1; 0: none
  std::string text;       // as it stands there, cut
};

// How often a scenario was run, and how often that came to the same failure.
struct ReplayTries {
  int times = 0;  // 0: not tried
  int same = 0;
  std::vector<std::string> differed;  // what was otherwise, each once
  std::string cannot;                 // why it could not be tried
};

// A fault that may have been what went wrong.
struct ReplayCandidate {
  std::string what;   // `openat of /etc/hostname fails with EMFILE`
  std::string fault;  // in YAML, as one of the list `faults`
  int score = 0;
  std::vector<std::string> because;  // each adds to the score, or takes from it
  std::vector<ReplayLine> rests_on;
  std::string error;     // by its name, `EMFILE`; empty: none, or not told
  std::string words;     // as which the file says it, for error_line
  std::string name;      // of its scenario, for a file
  std::string yaml;      // the scenario
  std::string scenario;  // the file it was written to; empty: none
  ReplayTries tries;
};

// The injector of a fault, by which a scenario may be called: `fds`.
std::string injector_of(const std::string& fault);

// How a failure looks from outside, which is what has to come again.
struct ReplayFailure {
  std::string exited;      // `3`; empty: it was killed, or that is not told
  std::string killed_by;   // `SIGKILL`
  std::string error_line;  // what it printed last of its error, with kLeftOut
  bool panics = false;     // that line is of a panic or a fatal error
  std::string top;         // the function at its top: `main.main`
  bool unknown = false;    // how it ended is not told: a trace that was cut

  // Is there anything by which a failure is known to be the same?
  bool tells() const { return !unknown || !error_line.empty(); }

  // `exited 3`, `was killed by SIGKILL`, `failed`.
  std::string ended() const;
};

// What is run.
struct ReplayWorkload {
  std::string dir;                    // absolute
  std::vector<std::string> command;   // empty: a go test
  std::vector<std::string> packages;  // of go test
  std::string run;                    // its -run
  std::vector<std::string> flags;     // of go test, others
};

// What a strace output or a log came to.
struct Replayed {
  std::string file;
  std::string kind;  // `strace output`, `log`
  std::int64_t lines = 0;
  std::int64_t unread = 0;  // lines of a strace output that nobody could read
  std::int64_t processes = 0;
  std::int64_t noise = 0;  // failing calls that say nothing
  ReplayFailure failure;
  ReplayWorkload workload;
  std::vector<std::string> notes;           // what limits what is said here
  std::vector<ReplayCandidate> candidates;  // the likeliest first
  int dropped = 0;                          // of which no scenario can be made
  std::string smallest;  // the scenario that --minimise left; empty: none
};

}  // namespace faultrig
