// Which calls of a trace a fault would select, what is told of its end, and
// what a trace that nobody sane wrote does not break.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/yaml_word.h"
#include "harness/campaign/replay_source.h"
#include "harness/replay/call_book.h"
#include "harness/replay/failure_text.h"
#include "harness/replay/replay_yaml.h"
#include "harness/replay/trace_faults.h"
#include "harness/replay/trace_reader.h"

namespace faultrig {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kStart =
    "100 execve(\"./x\", [\"./x\"], 0x7ffd /* 3 vars */) = 0\n";
constexpr const char* kEnd =
    "100 exit_group(1) = ?\n"
    "100 +++ exited with 1 +++\n";

// Of its lines between the first and the end.
Replayed traced(const std::string& text, const std::string& end = kEnd) {
  std::string whole = kStart + text + end;
  TraceReader reader;
  std::int64_t number = 0;
  for (std::size_t from = 0; from < whole.size();) {
    std::size_t to = whole.find('\n', from);
    reader.take(std::string_view(whole).substr(from, to - from),
                {"", ++number, 0});
    from = to + 1;
  }
  Replayed out = replayed_trace(reader.finish(), "/here");
  out.file = "trace";
  return out;
}

std::vector<std::string> faults_of(const Replayed& replayed) {
  std::vector<std::string> out;
  out.reserve(replayed.candidates.size());
  for (const ReplayCandidate& one : replayed.candidates) {
    out.push_back(one.fault);
  }
  return out;
}

// Each is one that the planner takes.
void expect_scenarios(Replayed made) {
  EXPECT_FALSE(made.candidates.empty());
  for (ReplayCandidate& one : made.candidates) {
    one.yaml = replay_yaml(made, one);
    auto entry = replay_entry(made, one);
    EXPECT_TRUE(entry) << one.yaml << (entry ? "" : entry.error().what);
  }
}

std::string bind_to(const std::string& port, const std::string& result) {
  return "100 bind(5, {sa_family=AF_INET, sin_port=htons(" + port +
         "), sin_addr=inet_addr(\"127.0.0.1\")}, 16) = " + result + "\n";
}
constexpr const char* kInUse = "-1 EADDRINUSE (Address already in use)";

TEST(TracedCalls, OfABindAreCountedWhateverItsAddress) {
  Replayed made = traced(bind_to("0", "0") + bind_to("18471", kInUse));
  EXPECT_THAT(faults_of(made),
              ElementsAre("syscall: {call: bind, fd: socket, nth: 2, error: "
                          "EADDRINUSE}",
                          "port: {taken: 18471}"));
  EXPECT_EQ(made.candidates[0].what,
            "bind to 127.0.0.1:18471 fails with EADDRINUSE");
  expect_scenarios(made);
}

TEST(TracedCalls, OfABindToAFileTakeNoPort) {
  Replayed made = traced(
      "100 bind(5, {sa_family=AF_UNIX, sun_path=\"/tmp/a:54\"}, 110) = " +
      std::string(kInUse) + "\n");
  EXPECT_THAT(faults_of(made), ElementsAre("syscall: {call: bind, fd: socket, "
                                           "error: EADDRINUSE}"));
}

// A fault without a place selects all calls of that name, but those on stdio.
TEST(TracedCalls, OnWhatIsNotKnownAreCountedWithAllOthers) {
  std::string fine = "100 write(1, \"x\", 1) = 1\n";
  std::string file = "100 openat(AT_FDCWD, \"/a\", 0) = 3\n";
  std::string other = "100 write(3, \"x\", 1) = 1\n";
  std::string unknown = "100 write(9, \"x\", 1) = -1 EPIPE (Broken pipe)\n";
  EXPECT_THAT(faults_of(traced(fine + file + other + other + unknown)),
              ElementsAre("syscall: {call: write, nth: 3, error: EPIPE}"));
}

TEST(TracedCalls, ToAnAbstractSocketAreCountedWithAllConnects) {
  Replayed made = traced(
      "100 connect(3, {sa_family=AF_INET, sin_port=htons(5432), "
      "sin_addr=inet_addr(\"127.0.0.1\")}, 16) = 0\n"
      "100 connect(4, {sa_family=AF_UNIX, sun_path=@\"/tmp/.X11\"}, 12) = -1 "
      "ECONNREFUSED (Connection refused)\n"
      "100 connect(4, {sa_family=AF_UNIX, sun_path=@\"/tmp/.X11\"}, 12) = 0\n");
  EXPECT_THAT(faults_of(made), ElementsAre("syscall: {call: connect, nth: 2, "
                                           "error: ECONNREFUSED}"));
}

TEST(TracedCalls, AreCountedByTheGlobThatTheFaultHas) {
  Replayed made = traced(
      "100 openat(AT_FDCWD, \"/srv/conf/app.conf\", 0) = 3\n"
      "100 openat(AT_FDCWD, \"app.conf\", 0) = -1 EACCES (Permission denied)\n"
      "100 openat(AT_FDCWD, \"/srv/other/app.conf\", 0) = 3\n"
      "100 openat(AT_FDCWD, \"/srv/other/b.conf\", 0) = 3\n");
  EXPECT_THAT(faults_of(made),
              ElementsAre("syscall: {call: openat, path: \"*/app.conf\", nth: "
                          "2, error: EACCES}"));
}

TEST(TracedCalls, HaveNoNumberBeyondTheGlobsThatAreCounted) {
  CallBook book;
  MadeCall call;
  call.call = "openat";
  call.error = "EIO";
  for (int i = 0; i < 1025; ++i) {
    call.place = {CallPlace::Kind::path, "*/a" + std::to_string(i)};
    book.add(call);
  }
  EXPECT_TRUE(book.overflowed());
  std::size_t uncounted = 0;
  for (const FailedCalls& failed : book.take()) {
    uncounted += failed.calls == 0 ? 1 : 0;
  }
  EXPECT_EQ(uncounted, 1);
}

TEST(PathGlob, IsOfAPathAsTheKernelShowsIt) {
  EXPECT_EQ(path_glob("/tmp//x"), "/tmp/x");
  EXPECT_EQ(path_glob("/tmp/./x"), "/tmp/x");
  EXPECT_EQ(path_glob("/tmp/x/"), "/tmp/x");
  EXPECT_EQ(path_glob("/"), "/");
  EXPECT_EQ(path_glob("./x"), "*/x");
  EXPECT_EQ(path_glob("../x/"), "*/x");
}

TEST(PathGlob, FitsAPathThatIsNotUtf8) {
  EXPECT_EQ(path_glob("/tmp/a\xff\xfe.conf"), "/tmp/a**.conf");
  EXPECT_EQ(path_glob("/tmp/\xc3\xa4"), "/tmp/\xc3\xa4");
  EXPECT_EQ(path_glob(std::string("/a\0b", 4)), "/a*b");
}

TEST(TracedEnd, IsNotMadeUpOfATraceThatWasCut) {
  std::string fails =
      "100 openat(AT_FDCWD, \"/a\", 0) = -1 EACCES (Permission denied)\n";
  Replayed made = traced("100 write(1, \"ready\\n\", 6) = 6\n" + fails, "");
  EXPECT_TRUE(made.failure.unknown);
  EXPECT_EQ(made.failure.error_line, "");
  EXPECT_FALSE(made.failure.tells());
  Replayed said = traced(
      fails + "100 write(2, \"/a: permission denied\\n\", 21) = 21\n", "");
  EXPECT_TRUE(said.failure.unknown);
  EXPECT_EQ(said.failure.error_line, "/a: permission denied");
  EXPECT_TRUE(said.failure.tells());
}

TEST(TracedEnd, OfWhichNothingIsKnownIsNotTried) {
  struct : Sink<ReplayTries> {
    void result(const ReplayTries& /*tries*/) override {}
  } sink;
  Replayed made =
      traced("100 openat(AT_FDCWD, \"/a\", 0) = -1 EACCES (No)\n", "");
  ReplaySource source(made, 2, sink);
  EXPECT_FALSE(source.next());
  EXPECT_EQ(source.left(), 0);
  EXPECT_THAT(made.candidates.at(0).tries.cannot,
              HasSubstr("how it ended is not known"));
  EXPECT_EQ(made.candidates[0].tries.times, 0);
}

TEST(TracedEnd, ThatIsNoFailureHasNoFault) {
  Replayed made = traced(
      "100 openat(AT_FDCWD, \"/a\", 0) = -1 EACCES (Permission denied)\n",
      "100 +++ exited with 0 +++\n");
  EXPECT_THAT(faults_of(made), IsEmpty());
  EXPECT_THAT(made.notes, Contains(HasSubstr("it exited 0: nothing failed")));
}

TEST(TracedEnd, BySignalHasItsWordsWhereTheProgramSentIt) {
  std::string said =
      "100 openat(AT_FDCWD, \"/a\", 0) = -1 EACCES (Permission denied)\n"
      "100 write(2, \"x.c:5: Assertion `0' failed.\\n\", 29) = 29\n";
  EXPECT_EQ(traced(said,
                   "100 --- SIGABRT {si_signo=SIGABRT, si_code=SI_TKILL, "
                   "si_pid=100, si_uid=0} ---\n"
                   "100 +++ killed by SIGABRT +++\n")
                .failure.error_line,
            "x.c:5: Assertion `0' failed.");
  EXPECT_EQ(traced(said,
                   "100 --- SIGABRT {si_signo=SIGABRT, si_code=SI_USER, "
                   "si_pid=7, si_uid=0} ---\n"
                   "100 +++ killed by SIGABRT +++\n")
                .failure.error_line,
            "");
  EXPECT_EQ(traced(said, "100 +++ killed by SIGKILL +++\n").failure.error_line,
            "");
}

TEST(TracedWords, AreLookedForByTheErrorAndNotByThePath) {
  Replayed made = traced(
      "100 openat(AT_FDCWD, \"/tmp/error: EIO/x\", 0) = -1 EACCES (No)\n"
      "100 write(2, \"cannot: permission denied\\n\", 26) = 26\n"
      "100 write(2, \"bye\\n\", 4) = 4\n");
  EXPECT_EQ(made.failure.error_line, "cannot: permission denied");
}

TEST(TracedWords, ThatLookLikeACallAreNone) {
  Replayed made = traced(
      "100 write(2, \"foo(x) = -1 EACCES (Permission denied)\\n\", 40 "
      "<unfinished ...>\n"
      "101 openat(AT_FDCWD, \"/etc/x\", O_RDONLY) = 3\n"
      "100 <... write resumed>) = 40\n");
  EXPECT_THAT(faults_of(made), IsEmpty());
  EXPECT_EQ(made.failure.error_line, "foo(x) = -1 EACCES (Permission denied)");
}

TEST(TracedWords, OfALineThatIsTooLongAreNotGluedTogether) {
  std::string word(70000, 'a');
  TraceReader reader;
  reader.take("execve(\"./x\", [\"./x\", \"" + word + "\"], 0x1) = 0",
              {"", 1, 0});
  EXPECT_THAT(replayed_trace(reader.finish(), "/here").workload.command,
              IsEmpty());
}

// YAML has no U+0080 to U+009F but as escapes.
TEST(TracedWords, WithControlCharactersMakeScenarios) {
  EXPECT_EQ(yaml_word("a\xc2\x85\xc2\xa0\x1b"), "\"a\\x85\xc2\xa0\\x1b\"");
  EXPECT_EQ(pattern_of("a\xc2\x85z\x1b"), "a.z.");
  expect_scenarios(traced(
      "100 openat(AT_FDCWD, \"/tmp/\\302\\205\\377x\", 0) = -1 EACCES (No)\n"
      "100 write(2, \"open \\302\\205 permission denied\\n\", 40) = 40\n"));
}

}  // namespace
}  // namespace faultrig
