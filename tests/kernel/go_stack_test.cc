// What is read of a stack from outside, beside what the runtime says of it:
// go_fixtures/leaves_stacks prints runtime.Callers, and then makes a call.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/text.h"
#include "harness/os/scratch.h"
#include "tests/injectors/rig.h"
#include "tests/source_dir.h"

namespace faultrig {
namespace {

using Frames = std::vector<GoFrame>;

struct Build {
  std::string go = "go";
  std::string flags = {};
  std::string folder = "go_fixtures";
  std::string arguments = {};
};

std::string program_of(const TempDir& scratch, const Build& build) {
  std::string program = (scratch.path() / "program").string();
  std::string command = "cd " + shell_quote(source_dir() + "/" + build.folder) +
                        " && GOTOOLCHAIN=local " + build.go + " build " +
                        build.flags + " -o " + shell_quote(program) +
                        " ./leaves_stacks";
  EXPECT_EQ(std::system(command.c_str()), 0) << command;
  return program;
}

// `function<tab>file<tab>line`.
GoFrame frame_of(const std::string& line) {
  std::size_t file = line.find('\t');
  std::size_t number = line.rfind('\t');
  return {line.substr(0, file), line.substr(file + 1, number - file - 1),
          std::atoi(line.c_str() + number + 1)};
}

// What the runtime said, up to a line `no stack`.
std::vector<Frames> said(const std::string& out) {
  std::vector<Frames> all;
  for (std::string_view line : lines_of(out)) {
    if (line == "no stack") {
      break;
    }
    if (line == "stack") {
      all.emplace_back();
    } else if (line.find('\t') != line.npos) {
      all.back().push_back(frame_of(std::string(line)));
    }
  }
  return all;
}

// The frames above the one in which it was said: there the line is another.
Frames above(const Frames& frames, const std::string& function) {
  auto own = std::find_if(
      frames.begin(), frames.end(),
      [&](const GoFrame& frame) { return frame.function == function; });
  return own == frames.end() ? Frames() : Frames(own + 1, frames.end());
}

std::string shown(const Frames& frames) {
  std::string out;
  for (const GoFrame& frame : frames) {
    out += frame.function + " " + frame.file + ":" +
           std::to_string(frame.line) + "\n";
  }
  return out;
}

std::vector<GoStackPtr> seen(const Evidence& evidence) {
  std::vector<GoStackPtr> stacks;
  for (const Observation& one : evidence.trace()) {
    if (one.fact == Fact::call_intercepted) {
      stacks.push_back(one.stack);
    }
  }
  return stacks;
}

Rig::Told run_once(const std::string& program, const std::string& arguments) {
  return Rig::run("workload: {command: [" + program + arguments +
                  "]}\ngolden: false\n"
                  "expect: [calls: {call: fchmod}]\n");
}

// Gives how many different stacks were compared.
std::size_t compare(const Build& build) {
  auto made = make_scratch(owner_name() + ".stacks");
  TempDir scratch = std::move(*made);
  Rig::Told told = run_once(program_of(scratch, build), build.arguments);
  EXPECT_EQ(told.judgement.verdict, Verdict::pass)
      << faultrig::told(told.judgement);
  std::vector<Frames> all = said(told.evidence->out());
  std::vector<GoStackPtr> stacks = seen(*told.evidence);
  EXPECT_LE(all.size(), stacks.size());
  std::set<std::string> different;
  for (std::size_t i = 0; i < std::min(all.size(), stacks.size()); ++i) {
    const GoStack& stack = *stacks[i];
    EXPECT_EQ(stack.unknown, "");
    std::string own = all[i].front().function;
    std::string is = shown(above(stack.frames, own));
    EXPECT_EQ(is, shown(above(all[i], own)));
    different.insert(is);
    if (testing::Test::HasFailure()) {
      break;
    }
  }
  return different.size();
}

const std::string kMany = ", '11', '3'";
const std::string kFew = ", '4', '2'";

#define SKIP_WITHOUT_NOTIFICATION()                       \
  SKIP_IF_MISSING(                                        \
      "workload: {command: [/bin/true]}\ngolden: false\n" \
      "expect: [calls: {call: fchmod, count: {at_most: 0}}]\n")

TEST(GoStackOfACall, IsWhatTheRuntimeSaysOfAThousandOfThem) {
  SKIP_WITHOUT_STACKS();
  SKIP_WITHOUT_NOTIFICATION();
  EXPECT_GE(compare({.arguments = kMany}), 1000U);
}

// As a sweep does, which runs one program some hundreds of times.
TEST(GoStackOfACall, IsDecodedOnceForAllRunsOfAProgram) {
  SKIP_WITHOUT_STACKS();
  SKIP_WITHOUT_NOTIFICATION();
  auto made = make_scratch(owner_name() + ".stacks");
  TempDir scratch = std::move(*made);
  std::string program = program_of(scratch, {});
  auto first = seen(*run_once(program, kFew).evidence);
  auto again = seen(*run_once(program, kFew).evidence);
  ASSERT_FALSE(first.empty());
  EXPECT_EQ(first, again);
}

TEST(GoStackOfACall, IsForgottenOnceItsProgramIsRemoved) {
  SKIP_WITHOUT_STACKS();
  SKIP_WITHOUT_NOTIFICATION();
  auto made = make_scratch(owner_name() + ".stacks");
  TempDir scratch = std::move(*made);
  std::string program = program_of(scratch, {});
  (void)run_once(program, kFew);
  std::filesystem::remove(program);
  (void)run_once("/bin/true", "");
  for (const auto& entry :
       std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    auto target = std::filesystem::read_symlink(entry.path(), gone);
    EXPECT_NE(target.string(), program + " (deleted)");
  }
}

TEST(GoStackOfACall, IsTheSameInAStrippedProgramThatLiesAnywhere) {
  SKIP_WITHOUT_STACKS();
  SKIP_WITHOUT_NOTIFICATION();
  EXPECT_GE(
      compare({.flags = "-buildmode=pie -ldflags='-s -w'", .arguments = kFew}),
      16U);
}

TEST(GoStackOfACall, IsTheSameWithTheRaceDetector) {
  SKIP_WITHOUT_STACKS();
  SKIP_WITHOUT_NOTIFICATION();
  EXPECT_GE(compare({.flags = "-race", .arguments = kFew}), 16U);
}

TEST(GoStackOfACall, IsThatOfTheGoroutineWhereCMakesTheCall) {
  SKIP_WITHOUT_STACKS();
  SKIP_WITHOUT_NOTIFICATION();
  EXPECT_GE(compare({.folder = "cgo_fixtures"}), 5U);
}

TEST(GoStackOfACall, IsEmptyWhereNoGoFunctionLedThere) {
  SKIP_WITHOUT_STACKS();
  SKIP_WITHOUT_NOTIFICATION();
  auto made = make_scratch(owner_name() + ".stacks");
  TempDir scratch = std::move(*made);
  Rig::Told told =
      run_once(program_of(scratch, {.folder = "cgo_fixtures"}), "");
  GoStackPtr last = seen(*told.evidence).back();  // of a thread that C started
  EXPECT_EQ(*last, GoStack());
}

TEST(GoStackOfACall, IsReadOfTheOldestGoHere) {
  SKIP_WITHOUT_STACKS();
  SKIP_WITHOUT_NOTIFICATION();
  const std::string go = "/usr/lib/go-1.19/bin/go";
  if (!std::filesystem::exists(go)) {
    GTEST_SKIP() << "needs " << go;
  }
  EXPECT_GE(
      compare({.go = go, .flags = "-ldflags='-s -w'", .arguments = kMany}),
      1000U);
  EXPECT_GE(
      compare({.go = go, .flags = "-buildmode=pie", .folder = "cgo_fixtures"}),
      5U);
}

}  // namespace
}  // namespace faultrig
