#pragma once

#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "harness/inject/injector.h"
#include "harness/model/verdict.h"
#include "harness/plan/planner.h"
#include "harness/run/runner.h"

namespace faultrig {

// Runs scenarios written as text, for real, in this process. One session for
// the whole test program.
class Rig {
 public:
  // What is wrong with a scenario: `line:column: what`, joined by newlines;
  // empty if nothing.
  static std::string complaints(const std::string& yaml);

  // The plan of a scenario that must be right.
  static Plan plan(const std::string& yaml);

  // Golden run, run, judgement.
  struct Told {
    Judgement judgement;
    std::shared_ptr<Evidence> evidence;
  };
  static Told run(const std::string& yaml);
  // The same, which comes to this verdict.
  static Told run_to(Verdict verdict, const std::string& yaml);

  // The same with its `faults` taken out: what the expectations say of a
  // workload that nobody harmed.
  static Told run_unharmed(const std::string& yaml);

  // Nothing if this machine can run the scenario; else `needs ...`.
  static std::string missing(const std::string& yaml);

  static Session& session();
};

// The findings of a judgement, for failure messages.
std::string told(const Judgement& judgement);

// The scenario comes to this; or the test is skipped where this machine cannot
// run it.
void expect_verdict(const std::string& yaml, Verdict verdict);
void expect_pass(const std::string& yaml);
// It proves nothing, and the findings have these words.
void expect_inconclusive(const std::string& yaml, const std::string& words);
// It passes, and these words are in what the first effect of a fault was.
void expect_proof(const std::string& yaml, const std::string& words);

}  // namespace faultrig

// Where this kernel does not tell the registers of a thread that waits, no Go
// stack is known (CONFIG_HAVE_ARCH_TRACEHOOK).
#define SKIP_WITHOUT_STACKS()                    \
  if (access("/proc/self/syscall", F_OK) != 0) { \
    GTEST_SKIP() << "needs /proc/PID/syscall";   \
  }                                              \
  static_assert(true)

// Skips a test that this machine cannot run, naming what is missing.
#define SKIP_IF_MISSING(yaml)                               \
  if (std::string why = Rig::missing(yaml); !why.empty()) { \
    GTEST_SKIP() << why;                                    \
  }
