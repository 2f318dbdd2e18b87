// The workshop as a browser meets it, and what is left of it.
#include <gmock/gmock.h>

#include "tests/kernel/workshop_rig.h"

namespace faultrig {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

TEST_F(WorkshopServer, GivesItsPageToWhoHasTheAddress) {
  start();
  std::string page = ask("GET", "");
  EXPECT_THAT(page, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(page,
              HasSubstr("\r\nContent-Security-Policy: default-src 'none'"));
  EXPECT_THAT(page, HasSubstr("\r\nX-Content-Type-Options: nosniff\r\n"));
  EXPECT_THAT(page, HasSubstr("\r\nCache-Control: no-store\r\n"));
  EXPECT_THAT(page, HasSubstr("\r\nReferrer-Policy: no-referrer\r\n"));
  EXPECT_THAT(ask("GET", "page.js"),
              HasSubstr("\r\nContent-Type: text/javascript"));
  EXPECT_THAT(ask("GET", "page.css"), HasSubstr("\r\nContent-Type: text/css"));
  std::string lessons = ask("GET", "lessons");
  EXPECT_THAT(lessons, HasSubstr("A shell <b>ends</b>"));
  EXPECT_THAT(lessons, HasSubstr("\r\nContent-Type: application/json\r\n"));
  EXPECT_EQ(path_.size(), 34U);  // 128 bits in hexadecimal
}

TEST_F(WorkshopServer, RefusesEverybodyElse) {
  start();
  std::string end = "Connection: close\r\n\r\n";
  std::string get = "GET " + path_ + " HTTP/1.1\r\n";
  EXPECT_THAT(
      ask(get + "Host: evil.example:" + std::to_string(port_) + "\r\n" + end),
      StartsWith("HTTP/1.1 403 "));
  EXPECT_THAT(ask(get + end), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(ask("GET " + path_ + " HTTP/1.0\r\n\r\n"),
              StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(
      ask(get + "Host: " + host() + "\r\nHost: " + host() + "\r\n" + end),
      StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(ask("GET / HTTP/1.1\r\nHost: " + host() + "\r\n" + end),
              StartsWith("HTTP/1.1 403 "));
  EXPECT_THAT(
      ask(head("POST", "run/1") + "Origin: http://evil.example\r\n" + end),
      StartsWith("HTTP/1.1 403 "));
  EXPECT_THAT(ask("GET", "run/1"), StartsWith("HTTP/1.1 405 "));
  EXPECT_THAT(ask("GET", "../../etc/passwd"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(ask("POST", "run/3"), StartsWith("HTTP/1.1 404 "));
}

TEST_F(WorkshopServer, AnswersWhatIsNoRequestOrTooLarge) {
  start();
  EXPECT_THAT(ask("hello\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(
      ask(head("GET", "") + "X: " + std::string(9000, 'x') + "\r\n\r\n"),
      StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(ask(head("POST", "run/1") + "Content-Length: 100000\r\n\r\n" +
                  std::string(2000, 'x')),
              StartsWith("HTTP/1.1 413 "));
  WebClient half(port_);
  half.say("GET " + path_);
  EXPECT_THAT(ask("GET", ""), StartsWith("HTTP/1.1 200 OK"));
}

// Beast's assertions do not hold for every way in which a body may come: each
// byte is read before the next one is sent.
TEST_F(WorkshopServer, OutlivesABodyThatComesByteByByte) {
  start();
  WebClient stream = events();
  for (const std::string body :
       {"0\r\n\r\n", "1\r\nx\r\n0\r\n\r\n", "0\r\nA: b\r\n\r\n", "x\r\n",
        "fffffffffffffffff\r\n"}) {
    WebClient client(port_);
    client.say(head("POST", "end") + "Transfer-Encoding: chunked\r\n\r\n");
    for (char byte : body) {
      (void)ask("GET", "");
      client.say(std::string(1, byte));
    }
    (void)ask("GET", "");
  }
  EXPECT_THAT(ask("GET", ""), StartsWith("HTTP/1.1 200 OK"));
}

TEST_F(WorkshopServer, SaysThatItsPortIsTaken) {
  start();
  Outcome outcome = sh("$faultrig workshop --lessons lessons --port " +
                       std::to_string(port_));
  EXPECT_EQ(outcome.status.exit_code(), 3);
  EXPECT_THAT(outcome.err,
              HasSubstr("listen at " + host() + ": Address already in use"));
}

TEST_F(WorkshopServer, HangsUpOnWhoHasKeptItWaitingForLongest) {
  start();
  WebClient stream = events();
  std::vector<WebClient> held;
  for (int i = 0; i < 40; ++i) {
    held.emplace_back(port_).say("GET ");
  }
  EXPECT_THAT(ask("GET", ""), StartsWith("HTTP/1.1 200 OK"));
  EXPECT_EQ(held.front().rest(), "");
  EXPECT_THAT(ask("POST", "run/1"), StartsWith("HTTP/1.1 200 OK"));
  EXPECT_THAT(stream.await(R"("kind":"ended")"), HasSubstr("process_started"));
}

TEST_F(WorkshopServer, HangsUpOnOneMoreWhereAllAreStreams) {
  start();
  std::vector<WebClient> held;
  for (int i = 0; i < 32; ++i) {
    held.push_back(events());
  }
  EXPECT_EQ(WebClient(port_).rest(), "");
  held.clear();
  EXPECT_TRUE(eventually(
      [&] { return ask("GET", "").starts_with("HTTP/1.1 200 OK"); }));
}

TEST_F(WorkshopServer, RunsALessonAndTellsItAsItHappens) {
  start();
  WebClient stream = events();
  EXPECT_THAT(ask("POST", "run/1"), StartsWith("HTTP/1.1 200 OK"));
  std::string told = stream.await(R"("kind":"ended")");
  told = stream.await("\n\n" + told.substr(told.size()));
  EXPECT_THAT(told, HasSubstr("Content-Type: text/event-stream\r\n"));
  EXPECT_THAT(told, HasSubstr(R"("kind":"begun","id":1)"));
  EXPECT_THAT(told, HasSubstr(R"("fact":"process_started","link":"command")"));
  EXPECT_THAT(told, HasSubstr(R"("text":"command exited 3")"));
  EXPECT_THAT(told, HasSubstr(R"("answers":[1],"surprises":[])"));
  // A page that comes later sees the same.
  EXPECT_THAT(events().await(R"("kind":"ended")"),
              HasSubstr(R"("kind":"begun","id":1)"));
}

TEST_F(WorkshopServer, RunsOneAtATimeAndStopsIt) {
  start();
  WebClient stream = events();
  EXPECT_THAT(ask("POST", "run/2"), StartsWith("HTTP/1.1 200 OK"));
  ASSERT_TRUE(eventually([this] { return sleeps(); }));
  EXPECT_THAT(ask("POST", "run/1"), StartsWith("HTTP/1.1 409 "));
  EXPECT_THAT(ask("POST", "end"), StartsWith("HTTP/1.1 200 OK"));
  EXPECT_THAT(stream.await("stopped"), HasSubstr(R"("kind":"failed")"));
  EXPECT_TRUE(eventually([this] { return !sleeps(); }));
  EXPECT_TRUE(eventually(
      [this] { return ask("POST", "run/1").starts_with("HTTP/1.1 200 OK"); }));
  EXPECT_THAT(stream.await(R"("kind":"ended")"), HasSubstr(R"("answers":[1])"));
}

TEST_F(WorkshopServer, OutlivesTheProcessThatRuns) {
  start();
  WebClient stream = events();
  EXPECT_THAT(ask("POST", "run/2"), StartsWith("HTTP/1.1 200 OK"));
  ASSERT_TRUE(eventually([this] { return sleeps(); }));
  for (int pid : descendants_of(server_->pid())) {
    if (auto stat = stat_of(pid); stat && stat->ppid == server_->pid()) {
      kill(pid, SIGKILL);
    }
  }
  EXPECT_THAT(stream.await("ended early"), HasSubstr(R"("kind":"failed")"));
  EXPECT_TRUE(eventually([this] { return !sleeps(); }));
  EXPECT_THAT(ask("POST", "run/1"), StartsWith("HTTP/1.1 200 OK"));
  EXPECT_THAT(stream.await(R"("kind":"ended")"), HasSubstr(R"("answers":[1])"));
}

TEST_F(WorkshopServer, EndsARunThatNobodyWatchesAnyMore) {
  start();
  {
    WebClient stream = events();
    EXPECT_THAT(ask("POST", "run/2"), StartsWith("HTTP/1.1 200 OK"));
    ASSERT_TRUE(eventually([this] { return sleeps(); }));
  }
  EXPECT_TRUE(eventually([this] { return !sleeps(); }, 30));
  EXPECT_THAT(events().await("stopped"), HasSubstr(R"("kind":"failed")"));
}

TEST_F(WorkshopServer, LeavesNothingWhenItIsToldToEndInMidRun) {
  for (auto [signal, code] :
       {std::pair(SIGTERM, 143), std::pair(SIGINT, 130)}) {
    start();
    WebClient stream = events();
    EXPECT_THAT(ask("POST", "run/2"), StartsWith("HTTP/1.1 200 OK"));
    ASSERT_TRUE(eventually([this] { return sleeps(); }));
    EXPECT_THAT(leftovers(), Not(IsEmpty()));
    Outcome outcome = end(signal);
    EXPECT_EQ(outcome.status.exit_code(), code);
    EXPECT_THAT(outcome.err, HasSubstr("cleaned up"));
    EXPECT_FALSE(sleeps());
    EXPECT_THAT(leftovers(), IsEmpty());
  }
}

TEST_F(WorkshopServer, IsNotServedWhereLessonsAreWrong) {
  write("lessons/01-quick.md", "---\ntitle: x\nworkload: {}\n---\n");
  Outcome outcome = sh("$faultrig workshop --lessons lessons");
  EXPECT_EQ(outcome.status.exit_code(), 2);
  EXPECT_THAT(outcome.err, HasSubstr("01-quick.md:"));
  EXPECT_EQ(outcome.out, "");
}

TEST_F(WorkshopServer, RecordsEachRunInOneFile) {
  fs::remove(folder() / "lessons/02-sleeps.md");
  Outcome outcome =
      sh("$faultrig workshop --lessons lessons --record out.html");
  EXPECT_TRUE(outcome.status.clean()) << outcome.err;
  std::string page = read("out.html");
  EXPECT_THAT(page, HasSubstr(R"("answers":[1],"surprises":[])"));
  EXPECT_THAT(page, HasSubstr("\\u003c/script>"));
  EXPECT_THAT(outcome.err, HasSubstr("recording: A shell <b>ends</b>\n"));
}

TEST_F(WorkshopServer, RecordsWhyARunCouldNotBeMade) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "needs root";
  }
  write("lessons/02-sleeps.md",
        "---\ntitle: Needs a group\nworkload:\n  command: [sleep, '1']\n"
        "faults:\n  - memory: {max: 64MiB}\nask:\n  - {question: 'What?', of: "
        "command, answers: [0, 3], right: 0}\n---\nIt ends.\n\n## Why\n\n"
        "So.\n");
  fs::permissions(folder(), fs::perms::all);
  Outcome outcome = Program({faultrig_program(), "workshop", "--lessons",
                             "lessons", "--record", "out.html"},
                            folder(),
                            [] {
                              constexpr int kNobody = 65534;
                              (void)!setregid(kNobody, kNobody);
                              (void)!setreuid(kNobody, kNobody);
                            })
                        .end();
  EXPECT_TRUE(outcome.status.clean()) << outcome.err;
  std::string page = read("out.html");
  EXPECT_THAT(page, HasSubstr(R"("cannot":"needs a writable memory cgroup)"));
  EXPECT_THAT(page, HasSubstr(R"("kind":"failed","why":"needs a writable )"));
  EXPECT_THAT(page, HasSubstr(R"("answers":[1],"surprises":[])"));
}

}  // namespace
}  // namespace faultrig
