// `go test -exec 'faultrig witness --' ./...`: one process a package, many at a
// time. Whatever goes wrong with our records, the program is run, and its end
// is ours.
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <optional>

#include "harness/base/last_word.h"
#include "harness/base/text.h"
#include "harness/cli/arguments.h"
#include "harness/cli/command.h"
#include "harness/cli/printing.h"
#include "harness/cli/witness_record.h"
#include "harness/judge/witnessed.h"
#include "harness/os/find_program.h"
#include "harness/os/kept_stderr.h"
#include "harness/os/machine.h"
#include "harness/os/others_stderr.h"
#include "harness/os/shared_file.h"
#include "harness/os/shim_processes.h"
#include "harness/os/shim_signals.h"
#include "harness/os/watch.h"
#include "harness/report/junit.h"
#include "harness/store/evidence_file.h"
#include "harness/store/keep.h"
#include "harness/store/secrets.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

constexpr int kCannotExec = 126;
constexpr int kNotFound = 127;
// go dies with its test, when somebody ends both.
constexpr std::chrono::milliseconds kDyingTime{100};
constexpr std::chrono::milliseconds kLongestHold{1000};

std::string current_folder() {
  std::error_code failed;
  return fs::current_path(failed).string();
}

// What `witness` is asked for.
struct WitnessOptions {
  std::string out;    // --out DIR; empty: keep nothing
  std::string junit;  // --junit FILE; empty: none
  WatchLimits limits;
  bool strict = false;               // a false green exits 1
  std::vector<std::string> program;  // PROG ARGS...
};

// Where everything goes, and how the program is called there.
struct Desk {
  const WitnessOptions& options;
  ProgramName name;
  RunOwner run;
  int parent = 0;                 // the pid of who started us
  std::optional<KeptStderr> gos;  // its stderr, if it is go
  Mask mask;                      // of what is kept and said
  bool within_line = false;       // of what it printed
};

JunitSuite suite_of(const Desk& desk, const Evidence& evidence,
                    const Conclusion& conclusion) {
  using Outcome = JunitCase::Outcome;
  JunitCase one;
  one.classname =
      desk.name.package.empty() ? "faultrig.witness" : desk.name.package;
  one.name = desk.name.shown;
  one.time = evidence.trace().back().at;
  if (conclusion.kind == Conclusion::Kind::failed) {
    one.outcome = Outcome::failed;
  } else if (conclusion.kind == Conclusion::Kind::broken) {
    one.outcome = Outcome::error;
  }
  if (one.outcome != Outcome::passed) {
    one.message = conclusion.text;
    one.text = conclusion_line(desk.name.shown, conclusion);
    one.out = evidence.out() + evidence.err();
  }
  return {one.classname, {one}};
}

Result<> keep_below_out(const Desk& desk, const Evidence& evidence) {
  std::string name = desk.name.shown;
  std::replace(name.begin(), name.end(), '/', '.');
  TRY_ASSIGN(KeptFolder folder, claim_folder(desk.run.folder / desk.options.out,
                                             folder_for(name), desk.run.name));
  Scenario scenario;
  scenario.name =
      desk.name.package.empty() ? desk.name.shown : desk.name.package;
  scenario.file = desk.mask.text(desk.options.program.front());
  return keep_evidence(folder, evidence, scenario, {});
}

Result<> add_to_junit(const Desk& desk, const Evidence& evidence,
                      const Conclusion& conclusion) {
  JunitSuite suite = suite_of(desk, evidence, conclusion);
  return change_file(desk.run.folder / desk.options.junit,
                     [&](const std::string& old) {
                       return with_suite(old, desk.run.name, suite);
                     });
}

// Trouble of ours is told and changes nothing.
void tell(const Result<>& done) {
  if (!done) {
    complain("faultrig: " + for_one_line(done.error().what) + "\n");
  }
}

bool is_go(int pid) {
  std::string command = command_of(pid);
  std::string program = command.substr(0, command.find(' '));
  return program.substr(program.rfind('/') + 1) == "go";
}

// Who ends the test often ends go at the same time, or a moment later.
std::chrono::milliseconds patience_with_go(const ExitChain& exits) {
  bool killed =
      !exits.empty() && exits.front().status && exits.front().status->killed();
  return killed ? kDyingTime : std::chrono::milliseconds(0);
}

// go test shows what a package printed only if it failed, or with -v: what is
// to be known of one that is ok is said where go itself complains. So is all,
// when go is not there any more to show it.
void say(const Desk& desk, const Evidence& evidence, const std::string& line) {
  const ExitChain& exits = evidence.exits();
  bool green = !exits.empty() && exits.front().status &&
               exits.front().status->clean() && !desk.options.strict;
  if (desk.gos && desk.gos->owner_ended(patience_with_go(exits)) &&
      desk.gos->write(line.substr(0, line.size() - 1) +
                      "; go test has ended, too\n")) {
    return;
  }
  if (green && is_go(desk.parent) && write_to_stderr_of(desk.parent, line)) {
    return;
  }
  complain(desk.within_line ? "\n" + line : line);
}

Conclusion close_record(const Desk& desk, Evidence::Parts parts) {
  parts.trace.front().pid = desk.parent;
  Evidence evidence(desk.mask.parts(std::move(parts)));
  Conclusion conclusion = conclude(evidence);
  if (conclusion.kind != Conclusion::Kind::clean) {
    say(desk, evidence, conclusion_line(desk.name.shown, conclusion) + "\n");
  }
  if (!desk.options.out.empty()) {
    tell(keep_below_out(desk, evidence));
  }
  if (!desk.options.junit.empty()) {
    tell(add_to_junit(desk, evidence, conclusion));
  }
  return conclusion;
}

int code_of_no_start(const Error& why) {
  return why.os_errno == ENOENT ? kNotFound : kCannotExec;
}

// What the guard says when this process cannot.
void instruct_guard(WatchOrder& order, Desk& desk, HeardOutput& heard) {
  order.if_killed = [&](const Watched& seen) {
    heard.finish();
    desk.within_line = heard.within_line();
    close_record(desk, record_of(order, heard, seen));
  };
  order.if_late = [&](const PassedSignal& quit) {
    auto later = quit.at + std::chrono::seconds(2);
    std::string what = "has not ended " + after_signal(quit, later);
    complain(
        conclusion_line(desk.name.shown, {Conclusion::Kind::broken, what}) +
        "\n");
  };
}

// A go that is killed does not show what a test printed, nor our line on it.
void keep_gos_stderr(WatchOrder& order, Desk& desk) {
  if (!is_go(desk.parent)) {
    return;
  }
  if (auto gos = KeptStderr::of(desk.parent)) {
    desk.gos = std::move(*gos);
    order.at_look = [&] { desk.gos->let_go_behind(kLongestHold); };
  }
}

// Does not come back where the program ended by a signal.
int witness(const WitnessOptions& options,
            const std::vector<std::string>& environment) {
  WatchOrder order;
  order.argv = options.program;
  order.env = environment;
  order.limits = options.limits;
  HeardOutput heard(marks_its_lines(order.argv));
  order.output = [&](Relay::Stream stream, std::string_view bytes) {
    heard.hear(stream, bytes);
  };
  Desk desk{options,      name_of(order.argv, current_folder()),
            run_owner(),  getppid(),
            std::nullopt, Mask({}, environment, "")};
  keep_gos_stderr(order, desk);
  instruct_guard(order, desk, heard);
  auto path = find_program(order.argv.front(), order.env);
  if (path) {
    order.argv.front() = *path;
  }
  auto seen = path ? watch(order)
                   : Result<Watched>(system_error(
                         "find " + order.argv.front() + " on PATH", ENOENT));
  if (!seen) {
    close_record(desk, record_of_no_start(order, seen.error()));
    return code_of_no_start(seen.error());
  }
  heard.finish();
  desk.within_line = heard.within_line();
  Conclusion conclusion = close_record(desk, record_of(order, heard, *seen));
  bool false_green =
      seen->status.clean() && conclusion.kind == Conclusion::Kind::broken;
  end_like(options.strict && false_green ? WaitStatus::of_exit(1)
                                         : seen->status);
}

class WitnessCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.word("--out", options_.out,
                   "keep what was seen below DIR, a folder for each program");
    arguments.word("--junit", options_.junit,
                   "a JUnit report of all programs of one `go test`");
    arguments.size(
        "--memory", "128MiB",
        [this](Bytes size) {
          options_.limits.memory = size;
          return size.count > 0;
        },
        "cap the memory of its cgroup, such as 128MiB");
    arguments.number("--fds", options_.limits.descriptors, {3, 1 << 20},
                     "cap its open descriptors");
    arguments.number("--pids", options_.limits.processes, {1, 1 << 22},
                     "cap its processes and threads (pids cgroup)");
    arguments.flag("--strict", options_.strict,
                   "exit 1 where the program exited 0 and no PASS was said");
    arguments.behind_dashes(options_.program, "-- PROGRAM [ARG...]");
  }

  std::string wrong() const override {
    return options_.program.empty()
               ? "witness needs a program: faultrig witness -- PROG [ARGS...]"
               : "";
  }

  int run(const Surroundings& surroundings) override {
    return witness(options_, surroundings.environment);
  }

 private:
  WitnessOptions options_;
};

}  // namespace

CommandType witness_command() {
  return command_type<WitnessCommand>(
      "witness", "the truthful -exec program of go test",
      "go test -exec 'faultrig witness --junit report.xml --' ./...\n"
      "         faultrig witness --memory 64MiB -- ./store.test -test.v");
}

}  // namespace faultrig
