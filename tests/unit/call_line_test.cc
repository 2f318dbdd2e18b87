// Lines of strace(1), in the forms that its options give them.
#include "harness/replay/call_line.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/replay/call_words.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;
using Kind = CallLine::Kind;
using Clock = CallLine::Clock;

TEST(CallLine, HasTheCallItsArgumentsAndItsError) {
  CallLine line = read_call_line(
      "openat(AT_FDCWD, \"/etc/x) = 3\", O_RDONLY) = -1 ENOENT (No such file "
      "or directory)");
  EXPECT_EQ(line.kind, Kind::call);
  EXPECT_EQ(line.call, "openat");
  EXPECT_EQ(line.arguments, "AT_FDCWD, \"/etc/x) = 3\", O_RDONLY");
  EXPECT_EQ(line.result, "-1");
  EXPECT_EQ(line.error, "ENOENT");
  EXPECT_FALSE(line.pid);
  EXPECT_EQ(line.clock, Clock::none);
}

TEST(CallLine, HasItsProcessAndItsTimeInEachForm) {
  struct Row {
    std::string text;
    std::int64_t pid;
    Clock clock;
    std::int64_t at;
  };
  for (const Row& row : std::vector<Row>{
           {"42  close(3) = 0", 42, Clock::none, 0},
           {"[pid    42] close(3) = 0", 42, Clock::none, 0},
           {"[pid 42<sh>] close(3) = 0", 42, Clock::none, 0},
           {"42<sh>  close(3) = 0", 42, Clock::none, 0},
           {"42  00:01:02 close(3) = 0", 42, Clock::day, 62000000},
           {"42  00:01:02.5 close(3) = 0 <0.1>", 42, Clock::day, 62500000},
           {"42  1795799780.000007 close(3) = 0", 42, Clock::epoch,
            1795799780000007},
           {"1795799780.1 close(3) = 0", -1, Clock::epoch, 1795799780100000},
           {"     0.000123 close(3) = 0", -1, Clock::step, 123},
           {"42       0.000123 close(3) = 0", 42, Clock::step, 123},
           {"00:00:01 (+     0.000123) close(3) = 0", -1, Clock::day, 1000000},
           {"42  [00007f2a8c0d] close(3) = 0", 42, Clock::none, 0},
           {"[   3] close(3) = 0", -1, Clock::none, 0},
           {"close(3)                                = 0\r", -1, Clock::none,
            0}}) {
    CallLine line = read_call_line(row.text);
    EXPECT_EQ(line.kind, Kind::call) << row.text;
    EXPECT_EQ(line.call, "close") << row.text;
    EXPECT_EQ(line.result, "0") << row.text;
    EXPECT_EQ(line.pid.value_or(-1), row.pid) << row.text;
    EXPECT_EQ(line.clock, row.clock) << row.text;
    EXPECT_EQ(line.at, row.at) << row.text;
  }
}

TEST(CallLine, KnowsCallsThatWereInterruptedAndGoOn) {
  CallLine begun = read_call_line("7  read(3,  <unfinished ...>");
  EXPECT_EQ(begun.kind, Kind::begun);
  EXPECT_EQ(begun.arguments, "3,  ");
  EXPECT_EQ(read_call_line("read(3, \"ab").kind, Kind::begun);
  CallLine resumed = read_call_line("7  <... read resumed>\"ab\", 9) = 2");
  EXPECT_EQ(resumed.kind, Kind::resumed);
  EXPECT_EQ(resumed.call, "read");
  EXPECT_EQ(resumed.arguments, "\"ab\", 9) = 2");
  for (std::string_view rest :
       {") = 2", ")                = 2", ", tls=0x1) = 1304",
        " => {parent_tid=[8]}, 88) = 8"}) {
    EXPECT_EQ(read_call_line(rest).kind, Kind::resumed) << rest;
  }
}

TEST(CallLine, KnowsSignalsAndEnds) {
  CallLine line = read_call_line(
      "7  --- SIGTERM {si_signo=SIGTERM, si_code=SI_USER, si_pid=3} ---");
  EXPECT_EQ(line.kind, Kind::signal);
  EXPECT_EQ(line.signal, "SIGTERM");
  EXPECT_EQ(line.details, "si_signo=SIGTERM, si_code=SI_USER, si_pid=3");
  CallLine exited = read_call_line("+++ exited with 3 +++");
  EXPECT_EQ(exited.kind, Kind::exited);
  EXPECT_EQ(exited.status, 3);
  CallLine killed = read_call_line("7 +++ killed by SIGABRT (core dumped) +++");
  EXPECT_EQ(killed.kind, Kind::killed);
  EXPECT_EQ(killed.signal, "SIGABRT");
  CallLine attached = read_call_line("strace: Process 9 attached");
  EXPECT_EQ(attached.kind, Kind::attached);
  EXPECT_THAT(attached.pid, Optional(9));
}

TEST(CallLine, KnowsWhatStraceInjected) {
  CallLine line =
      read_call_line("fsync(3) = -1 EIO (Input/output error) (INJECTED)");
  EXPECT_TRUE(line.injected);
  EXPECT_EQ(line.error, "EIO");
}

TEST(CallLine, TakesNothingElseForOne) {
  for (std::string_view text :
       {"", "hello", "panic: x = 3", "--- FAIL: TestA (0.00s)", "12:30",
        "FAIL\tx\t0.1s", "\xff\xfe(", "9999999999999999999999 close(3) = 0",
        "+++ exited with x +++", "(3) = 0"}) {
    Kind kind = read_call_line(text).kind;
    EXPECT_TRUE(kind == Kind::unread || kind == Kind::aside) << text;
  }
}

TEST(CallWords, DivideArgumentsAndReadTexts) {
  EXPECT_THAT(
      arguments_of("3<TCP:[a->b]>, {a=[1, 2], b=\"x, y\"}, \"q\\\"),\"..., 9"),
      ElementsAre("3<TCP:[a->b]>", "{a=[1, 2], b=\"x, y\"}", "\"q\\\"),\"...",
                  "9"));
  EXPECT_THAT(quoted_text("\"a\\n\\t\\101\\x42\\\"\""),
              Optional(std::string("a\n\tAB\"")));
  EXPECT_THAT(quoted_text("\"ab\"..."), Optional(std::string("ab") + kLeftOut));
  EXPECT_EQ(quoted_text("NULL"), std::nullopt);
  EXPECT_THAT(quoted_list("[\"sh\", \"-c\", \"a, b\"]"),
              Optional(ElementsAre("sh", "-c", "a, b")));
  EXPECT_EQ(quoted_list("[\"sh\", \"-c\"...]"), std::nullopt);
  EXPECT_EQ(quoted_list("[\"sh\", ...]"), std::nullopt);
}

TEST(CallWords, ReadDescriptorsAndAddresses) {
  EXPECT_THAT(shown_fd("3").number, Optional(3));
  ShownFd fd = shown_fd("3</a<b>c>");
  EXPECT_THAT(fd.number, Optional(3));
  EXPECT_EQ(fd.shown, "/a<b>c");
  EXPECT_EQ(shown_fd("AT_FDCWD</tmp>").number, std::nullopt);
  EXPECT_EQ(shown_fd("3|4").number, std::nullopt);
  EXPECT_EQ(shown_peer("{sa_family=AF_INET, sin_port=htons(5432), "
                       "sin_addr=inet_addr(\"10.0.0.1\")}"),
            "10.0.0.1:5432");
  EXPECT_EQ(shown_peer("{sa_family=AF_INET6, sin6_port=htons(443), "
                       "sin6_flowinfo=htonl(0), inet_pton(AF_INET6, \"::1\", "
                       "&sin6_addr), sin6_scope_id=0}"),
            "[::1]:443");
  EXPECT_EQ(shown_peer("{sa_family=AF_UNIX, sun_path=\"/run/x\"}"), "/run/x");
  EXPECT_EQ(shown_peer("{sa_family=AF_NETLINK, nl_pid=0}"), "");
}

}  // namespace
}  // namespace faultrig
