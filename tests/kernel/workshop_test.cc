// The workshop as a browser meets it, and what is left of it.
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <set>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "harness/os/cgroup.h"
#include "harness/os/shim_processes.h"
#include "tests/kernel/command_folder.h"
#include "tests/kernel/patience.h"

namespace faultrig {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

// A connection to a port of loopback.
class Client {
 public:
  explicit Client(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(
        connect(socket_.get(), reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
  }

  void say(const std::string& text) const {
    EXPECT_EQ(send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }

  // Reads until this has come, or the end; gives all that has.
  std::string await(const std::string& text) {
    while (seen_.find(text) == std::string::npos && more()) {
    }
    return seen_;
  }
  // Until the other side closes.
  std::string rest() {
    while (more()) {
    }
    return seen_;
  }

 private:
  bool more() {
    constexpr int kPatience = 60'000;
    pollfd wait{socket_.get(), POLLIN, 0};
    if (poll(&wait, 1, kPatience * slowness()) != 1) {
      ADD_FAILURE() << "nothing came behind '" << seen_ << "'";
      return false;
    }
    char buffer[65536];
    ssize_t got = recv(socket_.get(), buffer, sizeof buffer, 0);
    seen_.append(buffer, static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    return got > 0;
  }

  Fd socket_;
  std::string seen_;
};

const std::string kQuick = R"(---
title: A shell <b>ends</b>
workload:
  command: [sh, -c, "echo '</script>'; exit 3"]
ask:
  - {question: 'What does it exit with?', of: shell, answers: [0, 3], right: 3}
lost_at: shell
---
It ends.

## Why

It was told to.
)";

class WorkshopServer : public CommandFolder {
 protected:
  void SetUp() override {
    tag_ = "33" + std::to_string(getpid());  // no other sleep is that long
    write("lessons/01-quick.md", kQuick);
    write("lessons/02-sleeps.md",
          "---\ntitle: It sleeps\nworkload:\n  command: [sleep, '" + tag_ +
              "']\n  deadline: 100s\nask:\n  - {question: 'How does it end?', "
              "of: command, answers: [0, 3], right: 0}\n---\nIt sleeps.\n\n"
              "## Why\n\nIt was told to.\n");
  }

  void TearDown() override {
    if (server_) {
      kill(server_->pid(), SIGKILL);
      (void)server_->end();
    }
  }

  void start() {
    server_.emplace(std::vector<std::string>{faultrig_program(), "workshop",
                                             "--lessons", "lessons"},
                    folder());
    std::string said = server_->await("Ctrl-C");
    std::size_t from = said.find("127.0.0.1:") + 10;
    port_ = std::atoi(said.c_str() + from);
    std::size_t path = said.find('/', from);
    path_ = said.substr(path, said.find('\n') - path);
    for (int pid : descendants_of(server_->pid())) {
      owners_.insert(pid);
    }
    owners_.insert(server_->pid());
  }

  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }

  std::string head(const std::string& method, const std::string& path) const {
    return method + " " + path_ + path + " HTTP/1.1\r\nHost: " + host() +
           "\r\n";
  }

  // The answer to one request, whole.
  std::string ask(const std::string& request) const {
    Client client(port_);
    client.say(request);
    return client.rest();
  }

  std::string ask(const std::string& method, const std::string& path) const {
    return ask(head(method, path) + "Connection: close\r\n\r\n");
  }

  Client events() const {
    Client client(port_);
    client.say(head("GET", "events") + "\r\n");
    (void)client.await(": hello");
    return client;
  }

  Outcome end(int signal) {
    kill(server_->pid(), signal);
    Outcome outcome = server_->end();
    server_.reset();
    return outcome;
  }

  bool sleeps() const {
    for (int pid : descendants_of(1)) {
      if (command_of(pid).ends_with("sleep " + tag_)) {
        return true;
      }
    }
    return false;
  }

  // Folders and groups that are named after a process of the server's.
  std::vector<std::string> leftovers() const {
    CgroupPlaces places = find_cgroup_places();
    std::vector<std::string> out;
    for (const std::string& place :
         {std::string("/dev/shm"), std::string("/tmp"), std::string("/var/tmp"),
          places.memory, places.kill}) {
      std::error_code failed;
      for (fs::directory_iterator at(place, failed), last;
           !failed && at != last; at.increment(failed)) {
        if (is_owned(at->path().filename().string())) {
          out.push_back(at->path().string());
        }
      }
    }
    return out;
  }

  // As owner_name() has it: `faultrig-NAMESPACE-PID-...`.
  bool is_owned(const std::string& name) const {
    std::size_t at = name.find('-', std::string("faultrig-").size());
    return name.starts_with("faultrig-") && at != std::string::npos &&
           owners_.contains(std::atoi(name.c_str() + at + 1));
  }

  std::optional<Program> server_;
  std::set<int> owners_;
  int port_ = 0;
  std::string path_;
  std::string tag_;
};

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
  Client half(port_);
  half.say("GET " + path_);
  EXPECT_THAT(ask("GET", ""), StartsWith("HTTP/1.1 200 OK"));
}

// Beast's assertions do not hold for every way in which a body may come: each
// byte is read before the next one is sent.
TEST_F(WorkshopServer, OutlivesABodyThatComesByteByByte) {
  start();
  Client stream = events();
  for (const std::string body :
       {"0\r\n\r\n", "1\r\nx\r\n0\r\n\r\n", "0\r\nA: b\r\n\r\n", "x\r\n",
        "fffffffffffffffff\r\n"}) {
    Client client(port_);
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

TEST_F(WorkshopServer, HangsUpOnTooMany) {
  start();
  std::vector<Client> held;
  for (int i = 0; i < 32; ++i) {
    held.emplace_back(port_);
  }
  EXPECT_EQ(Client(port_).rest(), "");
  held.clear();
  EXPECT_TRUE(eventually(
      [&] { return ask("GET", "").starts_with("HTTP/1.1 200 OK"); }));
}

TEST_F(WorkshopServer, RunsALessonAndTellsItAsItHappens) {
  start();
  Client stream = events();
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
  Client stream = events();
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
  Client stream = events();
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
    Client stream = events();
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
    Client stream = events();
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
