#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"

namespace faultrig {

// What is compared of runs: only what was measured to be the same in run after
// run of one program. In the order of their names.
enum class FeatureKind {
  block,    // `sync.(*Mutex).Lock`, at the program's function that called it
  call,     // the name of a system call that the program made
  crash,    // the first line of a panic or a fatal error, at the function
  created,  // a function that made a goroutine which is there at the end
  error,    // `openat ENOENT /etc/shop.conf`, at the program's function
  exit,     // how a link of the exit chain ended, at the link
  span,     // `PlaceOrder error`, at its service
  test,     // pass, fail or skip, at the test
  wait      // what a goroutine waits for at the end, at the function
};
inline constexpr std::size_t kFeatureKinds = 9;
// `block`, `call`, ...
std::string_view feature_kind_name(FeatureKind kind);

// One thing that a run showed. Both texts are on one line, without tabs, and
// safe to print.
struct Feature {
  FeatureKind kind = FeatureKind::exit;
  std::string what;
  std::string site;  // where; may be empty

  auto operator<=>(const Feature&) const = default;  // NOLINT: clang 14
  // `block sync.(*Mutex).Lock in shop.record`.
  std::string text() const;
};
// With texts made fit for it: no control characters; of each run of three
// digits or more `#` is left, unless it is a name of something in a program.
Feature feature(FeatureKind kind, std::string_view what, std::string_view site);

// What one run showed, and which kinds nobody could see in it, with why.
struct RunFeatures {
  std::set<Feature> seen;
  std::map<FeatureKind, std::string> unseen;
};

// What some runs of one program showed.
struct Snapshot {
  std::string faultrig;  // the version that made it
  std::string go;        // of the tests; empty: none
  std::string of;        // what was run, for people
  int runs = 0;
  std::map<FeatureKind, std::string> unseen;  // in one of the runs at least
  std::map<Feature, bool> lines;  // true: each run showed it; false: some did
};
// At least one run.
Snapshot snapshot_of(const std::vector<RunFeatures>& runs);

// As it is kept in git: the same for the same snapshot, a line for each
// feature, in order.
std::string snapshot_text(const Snapshot& snapshot);

// Reads it again, of anybody's making: 256 KiB at most, UTF-8 without control
// characters. Usage: it is none, or is of another format; the text begins with
// the line, `12: ...`.
Result<Snapshot> parse_snapshot(std::string_view text);
inline constexpr std::size_t kMostSnapshot = 256 << 10;

// Where Params of the expectation `snapshot` have the text of its file. Absent:
// it was not there to be read.
inline constexpr std::string_view kSnapshotText = "(text)";
// Its name in kept evidence; `number`: which of what the scenario expects.
std::string kept_snapshot(std::size_t number);

// One side beside the other.
struct Compared {
  std::vector<Feature> common;  // in all runs of both
  std::vector<Feature> fresh;   // in all runs of the second, in none of the
                                // first
  std::vector<Feature> gone;    // the other way round
  std::set<FeatureKind> kinds;  // that were compared
  // What was seen on one side only, and so not compared.
  std::map<FeatureKind, std::string> unseen;

  bool same() const { return fresh.empty() && gone.empty(); }
  // common / (common + new + gone) in thousandths; 1000 only where they are the
  // same.
  int score() const;
};
Compared compare_snapshots(const Snapshot& base, const Snapshot& candidate);

// `1.000`, `0.818`.
std::string score_text(int thousandths);

}  // namespace faultrig
