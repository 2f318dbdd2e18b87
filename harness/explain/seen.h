#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/explain/log_line.h"
#include "harness/model/cause.h"

namespace faultrig {

// May what looks like go's result of a package be the print of a test?
enum class Trust {
  full,     // no: it stands last of all
  if_akin,  // if it is of no module whose results are trusted
  none      // yes: it stands where a test speaks
};

// Does it stand behind go's last word on another run?
enum class Opening {
  goes_on,     // no
  begins_run,  // yes, and somebody says that the next one begins
  unannounced  // yes; perhaps a test of it has printed all of that
};

// Where a result stands.
struct ResultPlace {
  Trust trust = Trust::full;
  Opening opening = Opening::goes_on;
};

// What is known of the beginning of its tests?
enum class Begun {
  unknown,
  told_later,  // some have ended, so they had begun
  announced    // each is announced: -v, or events of -json
};

// What is known of one package of a run, or of what stands around packages:
// from a log, from evidence, or both. It is what Sight asks about.
struct Seen {
  std::string package;  // import path; empty for what belongs to none
  // go's word: ok, fail, build_failed, setup_failed, no_test_files,
  // no_tests_to_run, none.
  std::string verdict = "none";
  // How the binary ended: `255`, `SIGKILL`, `never_started`, `unknown`.
  std::string test = "unknown";
  std::string finished = "none";  // the testing package's last word
  std::vector<std::string> failed_tests;
  std::vector<std::string> unfinished_tests;
  Begun begun = Begun::unknown;
  bool cached = false;

  // The crash that ended the process: its words, and the functions on the
  // stack of the goroutine that crashed, the innermost first; the last is
  // `created by ...`, where that is known.
  std::vector<LogLine> crash;
  std::vector<std::string> frames;
  // Whose crash it is: `test`; `child`, another program's; `tool`, of the
  // compiler and its kin; `program`, where no package is told of; `unknown`.
  std::string owner = "unknown";
  Sure crash_sure = Sure::certain;  // how sure it is that it ended the process

  std::vector<LogLine> said;     // what go itself printed
  std::vector<LogLine> built;    // what compiler, linker and vet printed
  std::vector<LogLine> printed;  // what the package's process printed
  std::vector<LogLine> ending;   // of that, behind the last word of testing
  std::vector<LogLine> failing;  // of that, what failed tests printed
  std::vector<LogLine> around;   // what CI, docker, shell, make, kernel printed
  // go's line on the package; of what belongs to none only the number of the
  // last one.
  LogLine result;
  std::int64_t last_word = 0;  // line of the testing package's last word

  bool summed_up = false;  // read from the summary of a driver of tests
  bool retried = false;    // what failed passed in a later run
  bool hearsay = false;    // `test` is read from what may be the test's print
  bool guessed = false;    // `built` may be another package's
  ResultPlace place;       // may `result` be a test's print?
  bool witnessed = false;  // a witness told how the binary ended
  bool lone = false;       // no other package tells why go failed (evidence)

  // Evidence only.
  std::optional<std::string> go;       // how go ended
  std::optional<std::string> command;  // how a plain command ended
  std::string argv;                    // the command line
  std::string why;                     // why it never started
  bool watched = false;                // a witness read what it said
  std::optional<bool> oom;
  std::optional<bool> leftovers;

  // Did go, or the kernel, call it good?
  bool is_green() const;
};

// `killed` -> SIGKILL, as os/exec names signals; nothing for another word.
std::optional<std::string> signal_of_go(std::string_view word);

// The name that go gives to the test binary of a package
// (load.DefaultExecName in cmd/go).
std::string binary_of(const std::string& package);

}  // namespace faultrig
