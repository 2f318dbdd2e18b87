// What is read of a program's goroutines from outside, beside what its runtime
// says of them: go_fixtures/stands_still prints that when it is told to.
#include "harness/report/goroutines.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/text.h"
#include "harness/os/memory_access.h"
#include "harness/os/scratch.h"
#include "harness/run/process_goroutines.h"
#include "tests/kernel/patience.h"
#include "tests/kernel/witness_rig.h"
#include "tests/source_dir.h"

namespace faultrig {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kOldest = "/usr/lib/go-1.19/bin/go";

struct Build {
  std::string go = "go";
  std::string flags = {};
  std::string folder = "go_fixtures";
  std::vector<std::string> arguments = {};
};

// The program, built so, and under way.
class StandsStill {
 public:
  explicit StandsStill(const Build& build)
      : scratch_(make_scratch(owner_name() + ".goroutines").value()),
        program_(argv(build), scratch_.path(), [this] {
          dup2(stdin_.read.get(), 0);
          prctl(PR_SET_PDEATHSIG, SIGKILL);
        }) {
    seen_ = program_.await("ready\n").size();
  }
  ~StandsStill() {
    kill(program_.pid(), SIGKILL);
    (void)program_.end();
  }
  StandsStill(const StandsStill&) = delete;
  StandsStill& operator=(const StandsStill&) = delete;

  int pid() const { return program_.pid(); }
  Result<GoroutineLook> look() { return look_at_goroutines(pid(), programs_); }
  // Is its first goroutine back at reading stdin?
  bool waits() {
    auto one = look();
    if (!one || one->goroutines.front().state != "syscall") {
      return false;
    }
    // It may still print that it is ready.
    const std::vector<GoFrame>& frames = one->goroutines.front().stack->frames;
    return std::any_of(frames.begin(), frames.end(), [](const GoFrame& frame) {
      return frame.function == "os.(*File).Read";
    });
  }
  std::string dump() {
    EXPECT_EQ(write(stdin_.write.get(), "x", 1), 1);
    std::string all = program_.await("\ndone\n");
    std::string out = all.substr(seen_, all.find("\ndone\n") - seen_);
    seen_ = all.size();
    return out;
  }

 private:
  std::vector<std::string> argv(const Build& build) const {
    std::string path = (scratch_.path() / "program").string();
    std::string command =
        "cd " + shell_quote(source_dir() + "/" + build.folder) +
        " && GOTOOLCHAIN=local " + build.go + " build " + build.flags + " -o " +
        shell_quote(path) + " ./stands_still";
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
    std::vector<std::string> out{path};
    out.insert(out.end(), build.arguments.begin(), build.arguments.end());
    return out;
  }

  TempDir scratch_;
  PipeEnds stdin_ = make_pipe(false).value();
  Program program_;
  std::size_t seen_ = 0;
  ProgramStacks programs_;
};

// A line of a dump of Go's without arguments and offsets.
std::string plain(std::string line) {
  if (line.starts_with("\t")) {
    return line.substr(0, line.find(" +0x"));
  }
  bool call = !line.starts_with("goroutine ") && line.ends_with(")") &&
              !line.starts_with("created by ");
  return call ? line.substr(0, line.rfind('(')) + "(...)" : line;
}

// By the number of each goroutine.
std::map<int, std::string> by_number(const std::string& dump) {
  std::map<int, std::string> out;
  int number = 0;
  for (std::string_view line : lines_of(dump)) {
    if (line.starts_with("goroutine ")) {
      number = std::atoi(std::string(line.substr(10)).c_str());
    }
    if (!line.empty()) {
      out[number] += plain(std::string(line)) + "\n";
    }
  }
  return out;
}

// All but the first one, which does the dump. Gives how many were compared.
std::size_t compare(const Build& build) {
  StandsStill program(build);
  EXPECT_TRUE(eventually([&] { return program.waits(); }));
  auto look = program.look();
  if (!look) {
    ADD_FAILURE() << look.error().what;
    return 0;
  }
  EXPECT_THAT(goroutine_remarks(*look), IsEmpty());
  auto seen = by_number(goroutines_text(*look, {}));
  auto said = by_number(program.dump());
  EXPECT_THAT(seen[1], HasSubstr("os.(*File).Read(...)"));
  EXPECT_THAT(seen[1], HasSubstr("main.main(...)"));
  seen.erase(1);
  said.erase(1);
  EXPECT_EQ(seen, said);
  return seen.size();
}

std::set<std::string> states_of(const GoroutineLook& look) {
  std::set<std::string> out;
  for (const SeenGoroutine& one : look.goroutines) {
    out.insert(one.state);
  }
  return out;
}

TEST(GoroutinesFromOutside, AreWhatTheRuntimeSays) {
  EXPECT_GE(compare({}), 30U);
}

TEST(GoroutinesFromOutside, AreTheSameInAStrippedProgramThatLiesAnywhere) {
  EXPECT_GE(compare({.flags = "-buildmode=pie -ldflags='-s -w'"}), 30U);
}

TEST(GoroutinesFromOutside, AreTheSameWithTheRaceDetector) {
  auto processor = read_file(AT_FDCWD, "/proc/cpuinfo");
  if (processor && processor->find("User Mode Linux") != std::string::npos) {
    GTEST_SKIP() << "needs addresses for the race detector";
  }
  EXPECT_GE(compare({.flags = "-race"}), 30U);
}

TEST(GoroutinesFromOutside, AreTheSameWithoutInlining) {
  EXPECT_GE(compare({.flags = "-gcflags='-N -l'"}), 30U);
}

TEST(GoroutinesFromOutside, AreToldWhereCIsOnTheStack) {
  EXPECT_GE(compare({.folder = "cgo_fixtures"}), 4U);
  EXPECT_GE(compare({.flags = "-buildmode=pie -ldflags='-s -w "
                              "-linkmode=external'",
                     .folder = "cgo_fixtures"}),
            4U);
}

TEST(GoroutinesFromOutside, AreReadOfTheOldestGoHere) {
  if (!std::filesystem::exists(kOldest)) {
    GTEST_SKIP() << "needs " << kOldest;
  }
  EXPECT_GE(compare({.go = kOldest}), 30U);
  EXPECT_GE(compare({.go = kOldest, .flags = "-ldflags='-s -w'"}), 30U);
  EXPECT_GE(
      compare(
          {.go = kOldest, .flags = "-buildmode=pie", .folder = "cgo_fixtures"}),
      4U);
}

TEST(GoroutinesFromOutside, AreAThousandAndMore) {
  EXPECT_GE(compare({.arguments = {"2000"}}), 2030U);
}

TEST(GoroutinesFromOutside, WaitInGosOwnWords) {
  StandsStill program({});
  auto look = program.look();
  ASSERT_TRUE(look) << look.error().what;
  std::set<std::string> states = states_of(*look);
  for (const char* state :
       {"chan receive", "chan send", "chan receive (nil chan)",
        "select (no cases)", "select", "IO wait", "syscall", "sleep",
        "sync.Mutex.Lock", "sync.RWMutex.RLock", "sync.Cond.Wait"}) {
    EXPECT_THAT(states, Contains(state));
  }
}

// The finalizer's goroutine among them, which was made for a collection.
TEST(GoroutinesFromOutside, TellHowLongTheyWaitOnceTheRuntimeNotedIt) {
  StandsStill program({});
  auto look = program.look();
  ASSERT_TRUE(look) << look.error().what;
  for (const SeenGoroutine& one : look->goroutines) {
    EXPECT_LT(one.waited.value_or(std::chrono::seconds(0)),
              std::chrono::hours(1));
  }
}

// Anything but bounce, in any depth, called by restless.
bool is_mixed(const std::vector<GoFrame>& frames) {
  return std::any_of(
      frames.begin(), frames.end() - 1,
      [](const GoFrame& frame) { return frame.function != "main.bounce"; });
}

// Of these each is now here, now there: a stack of two halves would hold a
// function below one that never calls it.
TEST(GoroutinesFromOutside, AreWholeOrToldToBeTornWhileTheyRunOn) {
  StandsStill program({.arguments = {"0", "8"}});
  std::size_t whole = 0;
  for (int i = 0; i < 300; ++i) {
    auto look = program.look();
    ASSERT_TRUE(look) << look.error().what;
    EXPECT_EQ(look->unread, 0U);
    for (const SeenGoroutine& one : look->goroutines) {
      auto frames = shown_frames(*one.stack);
      bool restless = !frames.empty() && one.stack->unknown.empty() &&
                      frames.back().function == "main.restless";
      whole += restless ? 1 : 0;
      EXPECT_FALSE(restless && is_mixed(frames)) << one.id;
      EXPECT_TRUE(one.state == "running" || one.torn ||
                  one.stack->unknown.empty())
          << one.id << " [" << one.state << "] " << one.stack->unknown;
    }
  }
  EXPECT_GT(whole, 300U);
}

TEST(GoroutinesFromOutside, AreNotThereInAProgramThatIsNotGo) {
  Program waits({"/bin/sh", "-c", "echo ready; kill -STOP $$"}, "/");
  (void)waits.await("ready\n");
  ProgramStacks programs;
  auto look = look_at_goroutines(waits.pid(), programs);
  kill(waits.pid(), SIGKILL);
  (void)waits.end();
  ASSERT_FALSE(look);
  EXPECT_THAT(look.error().what, HasSubstr("it is no Go program"));
  EXPECT_EQ(look.error().kind, ErrorKind::unsupported);
}

// A byte that is not there is no refusal: of a program of 32 bits, whose auxv
// reads otherwise, and of one that is being replaced, it is all we ask for.
TEST(GoroutinesFromOutside, AreRefusedByNobodyWhereNothingIs) {
  Program waits({"/bin/sh", "-c", "echo ready; kill -STOP $$"}, "/");
  (void)waits.await("ready\n");
  auto may = may_read_memory(waits.pid(), 0);
  kill(waits.pid(), SIGKILL);
  (void)waits.end();
  EXPECT_TRUE(may) << may.error().what;
}

TEST(GoroutinesFromOutside, AreNotThereWhereThereIsNoProcess) {
  Program ended({"/bin/true"}, "/");
  int pid = ended.pid();
  (void)ended.end();
  ProgramStacks programs;
  auto look = look_at_goroutines(pid, programs);
  ASSERT_FALSE(look);
  EXPECT_THAT(look.error().what, HasSubstr("there is no process"));
}

Outcome ask(std::vector<std::string> arguments,
            const std::function<void()>& before = {}) {
  arguments.insert(arguments.begin(), {faultrig_program(), "goroutines"});
  return Program(arguments, "/", before).end();
}

TEST(GoroutinesCommand, PrintsADumpAsGoDoes) {
  StandsStill program({});
  Outcome told = ask({std::to_string(program.pid())});
  EXPECT_TRUE(told.status.clean()) << told.err;
  EXPECT_THAT(told.out, HasSubstr("goroutine 1 [syscall]:\n"
                                  "syscall.Syscall(...)\n\t/"));
  EXPECT_THAT(told.out, HasSubstr(", locked to thread]:\n"));
  EXPECT_THAT(told.out, HasSubstr("created by main.startAll in goroutine 1\n"));
}

TEST(GoroutinesCommand, CountsEqualOnesTogether) {
  StandsStill program({.arguments = {"500"}});
  Outcome told = ask({std::to_string(program.pid()), "--group"});
  EXPECT_THAT(told.out, testing::StartsWith("500 goroutines [chan receive]: "));
}

TEST(GoroutinesCommand, TellsProgramsAllOfIt) {
  StandsStill program({});
  Outcome told = ask({std::to_string(program.pid()), "--json", "--all"});
  EXPECT_THAT(told.out, HasSubstr("\"state\": \"sync.Mutex.Lock\""));
  EXPECT_THAT(told.out, HasSubstr("\"function\": \"runtime.gopark\""));
  EXPECT_THAT(told.out, HasSubstr("\"internal\": true"));
}

// As nobody, of a program of root's.
TEST(GoroutinesCommand, SaysWhatToDoWhereMemoryMayNotBeRead) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "needs root";
  }
  StandsStill program({});
  constexpr int kNobody = 65534;
  Outcome told = ask({std::to_string(program.pid())}, [] {
    (void)!setregid(kNobody, kNobody);
    (void)!setreuid(kNobody, kNobody);
  });
  EXPECT_EQ(told.status.exit_code(), 77);
  EXPECT_THAT(told.err, HasSubstr("may not be read: it belongs to user 0"));
  EXPECT_THAT(told.err, HasSubstr("run faultrig as that user or as root"));
}

TEST(GoroutinesCommand, RefusesWhatIsNoNumber) {
  EXPECT_EQ(ask({"server"}).status.exit_code(), 2);
  EXPECT_EQ(ask({"0"}).status.exit_code(), 2);
  EXPECT_EQ(ask({}).status.exit_code(), 2);
}

}  // namespace
}  // namespace faultrig
