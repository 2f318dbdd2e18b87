// faultrig under its own medicine: it runs as the workload of another one that
// fails one of its system calls, each in turn. What it then says of three
// scenarios, whose verdicts are known, is true, or is that it cannot tell.
#include <fcntl.h>
#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <sstream>

#include "bench/torture/trial.h"
#include "harness/base/fd.h"
#include "harness/base/text.h"

namespace faultrig::torture {

namespace {

// Its own filters need no listener: there is one for a chain of filters.
void write_known(Yard& yard) {
  std::string waits = "workload:\n  command: [" +
                      program_beside("torture_deeds") +
                      ", waits]\n  deadline: 3s\ngolden: false\n";
  std::string signal = waits + "faults: [{signal: {send: SIGUSR1}}]\n";
  yard.scenario("inner/passes", signal +
                                    "expect:\n"
                                    "  - command: {killed_by: SIGUSR1}\n");
  yard.scenario("inner/fails", signal + "expect:\n  - command: {exited: 0}\n");
  yard.scenario("inner/unproven",
                "workload:\n  command: [" + program_beside("torture_deeds") +
                    ", nothing]\nfaults:\n  - signal: {send: SIGUSR1, when: "
                    "{output: never}}\nexpect:\n  - command: {exited: 0}\n");
}

std::string slurp(const std::string& path) {
  return read_file(AT_FDCWD, path, 16 << 20).value_or("");
}

// How often each call is made in a short run, by strace(1).
std::map<std::string, int> calls_made(Yard& yard) {
  std::string list = yard.folder("strace") + "/list";
  yard.run({{"run", yard.folder("inner")},
            {"strace", "-f", "-qq", "-c", "-U", "calls,name", "-o", list}});
  std::map<std::string, int> calls;
  std::istringstream words(slurp(list));
  for (std::string line; std::getline(words, line);) {
    std::istringstream fields(line);
    int count = 0;
    std::string name;
    if (fields >> count >> name && name != "total") {
      calls[name] = count;
    }
  }
  return calls;
}

constexpr int kMost = 6;  // of one call

struct Tally {
  std::map<std::string, int> outcomes;
  int tries = 0;
  int hits = 0;
  std::string bad;
};

// What the inner one did, in a word or two.
std::string outcome_of(const Outcome& inner, bool ended, int status) {
  const std::map<std::string, std::string> kTruth{
      {"passes", "ok"}, {"fails", "FAIL"}, {"unproven", "??"}};
  if (!ended) {
    return "BAD: hung";
  }
  WaitStatus end(status);
  if (end.killed()) {
    // Not ours: glibc's loader and its locks have no other answer.
    bool before_main = end.signal() == SIGSEGV && inner.said.empty();
    bool futex = inner.says("The futex facility returned an unexpected error");
    return before_main || futex ? "killed by its C library"
                                : "BAD: " + end.text();
  }
  int right = 0;
  for (const auto& [name, truth] : kTruth) {
    std::string verdict = inner.verdict_of(name);
    bool told = verdict == "ok" || verdict == "FAIL";
    // It was a call of the workload that failed, exec or one of its C library's
    // start (127): that is what is said then, and true.
    bool own = inner.says("never started") || inner.says("exited 127");
    if (told && verdict != truth && !(verdict == "FAIL" && own)) {
      return "BAD: " + name + " is " + verdict;
    }
    right += verdict == truth ? 1 : 0;
  }
  if (right == 3 && end.exit_code() == 1) {
    return "all verdicts right";
  }
  return right == 0 ? "no verdict, an error" : "right or an error";
}

void fail_one(Yard& yard, const std::string& call, const std::string& error,
              int nth, Tally& tally) {
  std::string file = yard.scenario(
      "outer", "workload:\n  command: [" + faultrig_program() + ", run, " +
                   yard.folder("inner") +
                   "]\n  deadline: 15s\ngolden: false\nfaults:\n  - syscall: "
                   "{call: " +
                   call + ", error: " + error +
                   ", nth: " + std::to_string(nth) +
                   "}\nexpect:\n  - command: {exited: 1}\n");
  std::string kept = yard.folder("kept");
  Outcome outer = yard.run({{"run", file, "--evidence", kept}}, 40);
  std::string evidence = slurp(kept + "/outer/evidence.jsonl");
  ++tally.tries;
  if (evidence.find("\"call_intercepted\"") == std::string::npos) {
    ++tally.outcomes["not made so often, or not ours to fail"];
    return;
  }
  ++tally.hits;
  Outcome inner;
  inner.said = slurp(kept + "/outer/stdout") + slurp(kept + "/outer/stderr");
  int status = 0;
  bool passed = evidence.find("deadline_passed") == std::string::npos;
  std::size_t end = evidence.find("\"process_ended\"");
  std::size_t number = evidence.find("\"number\":", end);
  if (end != std::string::npos && number < evidence.find('\n', end)) {
    status = std::atoi(evidence.c_str() + number + 9);
  }
  std::string what = outcome_of(inner, passed && !outer.hung, status);
  ++tally.outcomes[what];
  if (what.starts_with("BAD")) {
    tally.bad += call + " " + error + " " + std::to_string(nth) + ": " + what +
                 "\n" + inner.said;
  }
}

}  // namespace

void medicine(bool brief) {
  Yard yard;
  write_known(yard);
  auto calls = calls_made(yard);
  std::string what = "each call of a short run of itself fails once";
  if (calls.empty()) {
    skipped(what, "strace");
    return;
  }
  std::vector<std::string> errors{"EIO"};
  if (!brief) {
    errors = {"EIO", "EINTR", "ENOMEM", "EMFILE"};
  }
  for (const std::string& error : errors) {
    Tally tally;
    for (const auto& [call, count] : calls) {
      int most = std::min(count, brief ? 1 : kMost);
      for (int nth = 1; nth <= most; ++nth) {
        fail_one(yard, call, error, nth, tally);
      }
    }
    std::string seen = std::to_string(calls.size()) + " calls, " +
                       std::to_string(tally.tries) + " tries";
    for (const auto& [outcome, times] : tally.outcomes) {
      seen += "; " + outcome + ": " + std::to_string(times);
    }
    bool left = yard.until_nobody(2) < 0 || !yard.litter().empty();
    row(what + " with " + error, seen + (left ? "; something is left" : ""),
        tally.bad.empty() && tally.hits > 0 && !left);
    std::fprintf(stderr, "%s", tally.bad.c_str());
  }
}

}  // namespace faultrig::torture
