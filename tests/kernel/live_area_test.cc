// The live area on a real terminal: a pseudo-terminal (pty(7)), and a screen
// that understands what we send to it, and nothing else.
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/kernel/command_folder.h"

namespace faultrig {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// Runs until somebody writes to the FIFO `go`.
constexpr const char* kWaits =
    "workload: {command: [sh, -c, 'read -r line <go; exit 3']}\n"
    "expect:\n  - command: {exited: 3}\n";
constexpr const char* kFails =
    "workload: {command: ['false']}\nexpect:\n  - command: {exited: 0}\n";

// Rows of text, a cursor, and what stands on them in the end.
class Screen {
 public:
  explicit Screen(std::size_t columns) : columns_(columns) {}

  void take(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text.substr(i).starts_with("\x1b[")) {
        std::size_t end = text.find_first_not_of("0123456789;", i + 2);
        command(text[end], std::string(text.substr(i + 2, end - i - 2)));
        i = end;
      } else {
        put(text[i]);
      }
    }
  }

  std::string text() const {
    std::string out;
    for (const std::string& row : rows_) {
      out += row + "\n";
    }
    return out.substr(0, out.find_last_not_of('\n') + 1);
  }
  std::size_t column() const { return column_; }

 private:
  void put(char c) {
    if (c == '\r') {
      column_ = 0;
    } else if (c == '\n') {
      ++row_;
    } else {
      if (column_ == columns_) {
        column_ = 0;
        ++row_;
      }
      row().resize(std::max(row().size(), column_ + 1), ' ');
      row()[column_++] = c;
    }
    row();
  }
  std::string& row() {
    rows_.resize(std::max(rows_.size(), row_ + 1));
    return rows_[row_];
  }
  void command(char what, const std::string& number) {
    std::size_t count = number.empty() ? 1 : std::stoul(number);
    if (what == 'A') {
      ASSERT_LE(count, row_) << "above the first row";
      row_ -= count;
    } else if (what == 'J') {
      row().resize(std::min(row().size(), column_));
      rows_.resize(row_ + 1);
    } else {
      ASSERT_EQ(what, 'm') << "a sequence that this screen does not know";
    }
  }

  std::size_t columns_;
  std::size_t row_ = 0;
  std::size_t column_ = 0;
  std::vector<std::string> rows_;
};

class LiveAreaOnATerminal : public CommandFolder {
 protected:
  void SetUp() override {
    ASSERT_EQ(mkfifo((folder() / "go").c_str(), 0600), 0);
    write("a.yaml", kFails);
    write("waits.yaml", kWaits);
    ASSERT_GE(master_.get(), 0);
    ASSERT_EQ(grantpt(master_.get()), 0);
    ASSERT_EQ(unlockpt(master_.get()), 0);
    slave_ = ptsname(master_.get());
    winsize size{24, 60, 0, 0};
    ASSERT_EQ(ioctl(master_.get(), TIOCSWINSZ, &size), 0);
  }

  // With that as its terminal, this variable, and stdout somewhere else if at
  // all.
  Program run(const std::string& name, const std::string& value,
              const char* out = nullptr) {
    return Program(
        {faultrig_program(), "run", "a.yaml", "waits.yaml"}, folder(), [&] {
          unsetenv("CI");
          setenv("TERM", "xterm", 1);
          setenv(name.c_str(), value.c_str(), 1);
          setsid();
          int terminal = open(slave_.c_str(), O_RDWR);
          ioctl(terminal, TIOCSCTTY, 0);
          dup2(out == nullptr ? terminal : open(out, O_WRONLY), STDOUT_FILENO);
          dup2(terminal, STDERR_FILENO);
        });
  }

  void read_until(const std::string& text) {
    std::array<char, 4096> buffer{};
    pollfd wait{master_.get(), POLLIN, 0};
    while (sent_.find(text) == std::string::npos &&
           poll(&wait, 1, 60'000) == 1) {
      ssize_t size = ::read(master_.get(), buffer.data(), buffer.size());
      if (size <= 0) {
        return;
      }
      sent_.append(buffer.data(), static_cast<std::size_t>(size));
    }
  }

  // EIO when nobody has the other end any more.
  void read_to_the_end() { read_until("there is no such text"); }

  void let_go() const { std::ofstream(folder() / "go") << "on\n"; }

  Screen screen() const {
    Screen out(60);
    out.take(sent_);
    return out;
  }

  Fd master_{posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
  std::string slave_;
  std::string sent_;
};

TEST_F(LiveAreaOnATerminal, ShowsWhatRunsAndLeavesNothingOfIt) {
  Program program = run("NO_COLOR", "");
  read_until(" s  waits");
  EXPECT_THAT(screen().text(), AllOf(HasSubstr("FAIL  a"),
                                     HasSubstr("\n1 of 2 done, 1 did not "),
                                     HasSubstr("s  waits")));
  let_go();
  read_to_the_end();
  EXPECT_EQ(program.end().status, WaitStatus::of_exit(1));
  EXPECT_THAT(screen().text(),
              AllOf(HasSubstr("ok    waits"), HasSubstr("1 passed, 1 failed"),
                    Not(HasSubstr("done"))));
  EXPECT_EQ(screen().column(), 0U);
}

TEST_F(LiveAreaOnATerminal, IsGoneAfterControlC) {
  Program program = run("NO_COLOR", "");
  read_until(" s  waits");
  ASSERT_EQ(::write(master_.get(), "\x03", 1), 1);
  read_to_the_end();
  EXPECT_EQ(program.end().status, WaitStatus::of_exit(128 + SIGINT));
  EXPECT_THAT(screen().text(),
              AllOf(HasSubstr("interrupted; cleaned up"),
                    Not(HasSubstr("done")), Not(HasSubstr("s  waits"))));
  EXPECT_EQ(screen().column(), 0U);
}

TEST_F(LiveAreaOnATerminal, IsNotDrawnOnADumbOneOrInCi) {
  for (const char* name : {"TERM", "CI"}) {
    sent_.clear();
    Program program = run(name, std::string(name) == "TERM" ? "dumb" : "true");
    read_until("FAIL");
    let_go();
    read_to_the_end();
    EXPECT_EQ(program.end().status, WaitStatus::of_exit(1));
    EXPECT_THAT(sent_, AllOf(Not(HasSubstr("\x1b[J")), Not(HasSubstr("done"))))
        << name;
  }
}

TEST_F(LiveAreaOnATerminal, TellsWhatFailedWhereNobodySeesStdout) {
  Program program = run("NO_COLOR", "", "/dev/null");
  read_until(" s  waits");
  let_go();
  read_to_the_end();
  program.end();
  EXPECT_EQ(screen().text(), "a: fail");
}

TEST_F(LiveAreaOnATerminal, HasNoColoursWhereTheyAreNotWanted) {
  Program program = run("NO_COLOR", "1");
  read_until(" s  waits");
  let_go();
  read_to_the_end();
  program.end();
  EXPECT_THAT(sent_, AllOf(HasSubstr("\x1b[J"),
                           Not(::testing::ContainsRegex("\x1b\\[[0-9;]*m"))));
}

}  // namespace
}  // namespace faultrig
