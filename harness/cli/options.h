#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/base/units.h"
#include "harness/campaign/catalogue.h"

namespace faultrig {

// `--report FORMAT[:FILE]`; no file: stdout.
struct ReportTarget {
  std::string format;
  std::string file;
};

// What `witness` is asked for.
struct WitnessOptions {
  std::string out;    // --out DIR; empty: keep nothing
  std::string junit;  // --junit FILE; empty: none
  std::optional<Bytes> memory;
  std::optional<std::uint64_t> fds;
  std::optional<std::uint64_t> pids;
  bool strict = false;               // a false green exits 1
  std::vector<std::string> program;  // PROG ARGS...
};

// The command line, read.
struct Options {
  std::string command;  // run, check, plan, ...
  Selection selection;  // PATH..., --only, ...
  int jobs = 1;
  int repeat = 0;  // 0: not given
  bool stop_early = false;
  std::vector<ReportTarget> reports;
  std::string evidence;
  std::string keep_output = "16MiB";
  std::string color = "auto";
  bool clean = false;
  bool json = false;       // print for programs instead of people
  bool markdown = false;   // atlas: docs/exit-codes.md
  bool precision = false;  // atlas: docs/precision.md
  bool all = false;        // explain: what was outranked, too
  std::string score;       // atlas: a folder of labelled logs
  std::string what;        // explain WHAT, judge DIR, plan PATH
  WitnessOptions witness;
};

// What main() is to do instead of a command: text to print, and how to exit.
struct Answer {
  std::string text;
  bool to_stderr = false;
  int exit_code = 0;
};

struct CommandLine {
  std::optional<Options> options;
  Answer answer;  // when there are no options
};

// Reads the arguments (CLI11). Help and version are answers with exit code 0,
// mistakes answers with exit code 2.
CommandLine read_command_line(const std::vector<std::string>& arguments);

}  // namespace faultrig
