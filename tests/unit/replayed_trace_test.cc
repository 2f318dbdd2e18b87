// What becomes of traces that strace 6.1 wrote of programs of Go 1.26, each
// with another trouble and in another form (testdata/strace). Most left the
// calls out that Go's runtime makes for itself, by -e trace=!futex,... .
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/replay_input.h"
#include "harness/replay/call_book.h"
#include "harness/replay/trace_faults.h"
#include "harness/replay/trace_reader.h"
#include "tests/source_dir.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Replayed kept(const std::vector<std::string>& names) {
  std::vector<std::string> files;
  files.reserve(names.size());
  for (const std::string& name : names) {
    files.push_back(source_dir() + "/tests/unit/testdata/strace/" + name);
  }
  auto read = read_replayed(files, "/here");
  EXPECT_TRUE(read) << (read ? "" : read.error().what);
  return read ? *read : Replayed();
}

Replayed traced(const std::string& text) {
  TraceReader reader;
  std::int64_t number = 0;
  std::size_t from = 0;
  while (from < text.size()) {
    std::size_t end = std::min(text.find('\n', from), text.size());
    reader.take(std::string_view(text).substr(from, end - from),
                {"", ++number, 0});
    from = end + 1;
  }
  return replayed_trace(reader.finish(), "/here");
}

std::vector<std::string> faults_of(const Replayed& replayed) {
  std::vector<std::string> out;
  out.reserve(replayed.candidates.size());
  for (const ReplayCandidate& one : replayed.candidates) {
    out.push_back(one.fault);
  }
  return out;
}

TEST(ReplayedTrace, OfTooFewDescriptorsHasTheCallAndTheLimit) {
  Replayed made = kept({"opens.strace"});
  EXPECT_THAT(faults_of(made),
              ElementsAre("syscall: {call: openat, path: \"/etc/hostname\", "
                          "nth: 7, error: EMFILE}",
                          "fds: {max: 12}"));
  EXPECT_EQ(made.candidates[0].score, 9);
  EXPECT_THAT(made.candidates[0].rests_on, SizeIs(2));
  EXPECT_EQ(made.failure.exited, "1");
  EXPECT_EQ(made.failure.error_line,
            "cannot go on: open /etc/hostname: too many open files");
  EXPECT_THAT(made.workload.command, ElementsAre("./opens"));
  EXPECT_THAT(made.notes, IsEmpty());
  EXPECT_EQ(made.processes, 1);
}

// With so few no program is started.
TEST(ReplayedTrace, OfLessThanFiveDescriptorsHasTheCallAlone) {
  EXPECT_THAT(
      faults_of(traced(
          "41 execve(\"/m/x\", [\"./x\"], 0x7f /* 9 vars */) = 0\n"
          "41 openat(AT_FDCWD, \"/srv/a\", O_RDONLY) = -1 EMFILE (Too many "
          "open files)\n"
          "41 write(2, \"/srv/a: Too many open files\\n\", 28) = 28\n"
          "41 exit_group(1) = ?\n41 +++ exited with 1 +++\n")),
      ElementsAre("syscall: {call: openat, path: \"/srv/a\", error: EMFILE}"));
}

// Go's connect never fails: the error is asked for later.
TEST(ReplayedTrace, OfARefusedConnectionHasItsAddress) {
  for (const char* file : {"dials.strace", "terminal.strace"}) {
    Replayed made = kept({file});
    EXPECT_THAT(faults_of(made),
                ElementsAre("syscall: {call: connect, peer: \"127.0.0.1:4\", "
                            "error: ECONNREFUSED}",
                            "dependency: {to: \"127.0.0.1:4\", does: refuse}"))
        << file;
    EXPECT_EQ(made.failure.exited, "1") << file;
    EXPECT_EQ(made.processes, 1) << file;
    EXPECT_THAT(made.notes,
                ElementsAre(HasSubstr("texts are not whole: strace -s 4096")))
        << file;
  }
  // On a terminal what is printed stands there whole.
  EXPECT_EQ(kept({"terminal.strace"}).failure.error_line,
            "dial tcp 127.0.0.1:4: connect: connection refused");
}

TEST(ReplayedTrace, OfAPanicHasWhereAndTheFileThatWasMissing) {
  Replayed made = kept({"config.strace"});
  EXPECT_THAT(faults_of(made),
              ElementsAre("syscall: {call: openat, path: \"*/app.conf\", "
                          "error: ENOENT}"));
  EXPECT_TRUE(made.failure.panics);
  EXPECT_EQ(made.failure.error_line, "panic: assignment to entry in nil map");
  EXPECT_EQ(made.failure.top, "main.main");
  EXPECT_EQ(made.failure.exited, "2");
}

TEST(ReplayedTrace, OfAFullDiskHasWhichWriteItWas) {
  EXPECT_THAT(faults_of(kept({"full.strace"})),
              ElementsAre("syscall: {call: write, path: \"/mnt/x.out\", nth: "
                          "17, error: ENOSPC}"));
}

TEST(ReplayedTrace, OfAKilledChildHasItByTheProgramItWas) {
  Replayed made =
      kept({"kids.strace.1341", "kids.strace.1335", "kids.strace.1336",
            "kids.strace.1337", "kids.strace.1338", "kids.strace.1339",
            "kids.strace.1340"});
  EXPECT_THAT(faults_of(made),
              ElementsAre(HasSubstr("signal: {send: SIGKILL, at: {child: "
                                    "\"helper\"}"),
                          "syscall: {call: execve, path: "
                          "\"*/helper\", signal: SIGKILL}"));
  EXPECT_THAT(made.candidates[0].because,
              ElementsAre(HasSubstr("+3: "), HasSubstr("+4: ")));
  EXPECT_EQ(made.failure.exited, "255");
  EXPECT_EQ(made.processes, 3);  // and the one that asks for pidfds
}

TEST(ReplayedTrace, OfASignalFromOutsideHasWhenItCame) {
  Replayed made = kept({"term.strace"});
  EXPECT_THAT(faults_of(made), ElementsAre("signal: {send: SIGTERM, when: "
                                           "{output: \"ready\"}}"));
  EXPECT_EQ(made.failure.ended(), "was killed by SIGTERM");
}

TEST(ReplayedTrace, OfAnInjectionOfStraceHasThatCall) {
  Replayed made = kept({"injected.strace"});
  EXPECT_THAT(faults_of(made),
              ElementsAre("syscall: {call: openat, path: \"/etc/hostname\", "
                          "nth: 4, error: EACCES}"));
  EXPECT_THAT(made.workload.command, IsEmpty());
}

TEST(ReplayedTrace, LeavesOutWhatFailsInAnyProgram) {
  Replayed made = traced(
      "execve(\"/bin/x\", [\"x\"], 0x1 /* 2 vars */) = 0\n"
      "access(\"/etc/ld.so.preload\", R_OK) = -1 ENOENT (No such file)\n"
      "openat(AT_FDCWD, \"/a/libc.so.6\", 0) = -1 ENOENT (No such file)\n"
      "read(5, 0x1, 3) = -1 EAGAIN (Resource temporarily unavailable)\n"
      "ioctl(1, TCGETS, 0x1) = -1 ENOTTY (Inappropriate ioctl for device)\n"
      "newfstatat(AT_FDCWD, \"/usr/bin/sh\", 0x1, 0) = -1 ENOENT (No such)\n"
      "write(2, \"gone\\n\", 5) = 5\n"
      "exit_group(1) = ?\n"
      "+++ exited with 1 +++\n");
  EXPECT_EQ(made.noise, 4);
  EXPECT_THAT(faults_of(made),
              ElementsAre(HasSubstr("call: newfstatat")));  // 2, and -2
  EXPECT_EQ(made.candidates[0].score, 0);
  EXPECT_EQ(made.failure.error_line, "gone");
}

TEST(ReplayedTrace, SaysWhichOfManyCallsFailed) {
  std::string text = "execve(\"/bin/x\", [\"x\"], 0x1 /* 2 vars */) = 0\n";
  for (int i = 0; i < 3; ++i) {
    text += "openat(AT_FDCWD, \"/tmp/T12345/a\", 0) = 3\n";
  }
  std::string fails =
      "openat(AT_FDCWD, \"/tmp/T98765/a\", 0) = -1 EIO (Input/output error)\n";
  EXPECT_THAT(faults_of(traced(text + fails)),
              ElementsAre("syscall: {call: openat, path: \"/tmp/T*/a\", nth: "
                          "4, error: EIO}"));
  EXPECT_THAT(faults_of(traced(text + fails + fails)),
              ElementsAre(HasSubstr("nth: 4+, error")));
  EXPECT_THAT(faults_of(traced(fails + fails)),
              ElementsAre("syscall: {call: openat, path: \"/tmp/T*/a\", "
                          "error: EIO}"));
}

TEST(ReplayedTrace, TellsGoTestFromOtherCommands) {
  Replayed made = traced(
      "execve(\"/bin/go\", [\"go\", \"test\", \"-run\", \"TestA\", \"-race\", "
      "\"./orders\"], 0x1 /* 2 vars */) = 0\n");
  EXPECT_THAT(made.workload.packages, ElementsAre("./orders"));
  EXPECT_EQ(made.workload.run, "TestA");
  EXPECT_THAT(made.workload.flags, ElementsAre("-race"));
  EXPECT_THAT(made.workload.command, IsEmpty());
  Replayed other = traced(
      "execve(\"/bin/go\", [\"go\", \"test\", \"-exec\", \"x\"], 0x1) = 0\n");
  EXPECT_THAT(other.workload.command, SizeIs(4));
}

TEST(ReplayedTrace, SaysWhatItCannotRead) {
  std::string text =
      "execve(\"/bin/x\", [\"x\"], 0x1 /* 2 vars */) = 0\n"
      "@1 openat{...}\n@2 openat{...}\n@3 openat{...}\n"
      "close(3 <unfinished ...>\n";
  EXPECT_THAT(
      traced(text).notes,
      ElementsAre(HasSubstr("3 of 5 lines are in no form that this version "
                            "knows, the first is line 2: @1 openat{...}"),
                  HasSubstr("1 calls never came to an end")));
  EXPECT_TRUE(traced(text).failure.unknown);
}

TEST(CallBook, CountsNoMorePlacesThanItMayHold) {
  CallBook book;
  MadeCall call;
  call.call = "openat";
  for (int i = 0; i < 65537; ++i) {
    call.place = {CallPlace::Kind::path, std::to_string(i)};
    call.error = i < 5000 ? "EIO" : "";
    book.add(call);
  }
  EXPECT_TRUE(book.overflowed());
  EXPECT_THAT(book.take(), SizeIs(4096));
}

TEST(ReplayedTrace, IsNotMadeOfALog) {
  EXPECT_FALSE(is_trace("=== RUN TestA\n--- FAIL: TestA (0.00s)\nFAIL\n"));
  EXPECT_FALSE(is_trace("close(3) = 0\n"));
  EXPECT_TRUE(is_trace("close(3) = 0\n+++ exited with 0 +++\n"));
  EXPECT_TRUE(is_trace("execve(\"/x\", [\"x\"], 0x1 /* 9 vars */) = 0\n"));
}

TEST(ReplayedTrace, OfFilesThatAreNoPiecesIsRefused) {
  std::string file = source_dir() + "/tests/unit/testdata/strace/opens.strace";
  auto read = read_replayed({file, file}, "/here");
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().what, HasSubstr("each ends in .PID"));
  auto missing = read_replayed({file + ".no"}, "/here");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::usage);
}

}  // namespace
}  // namespace faultrig
