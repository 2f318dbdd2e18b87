#include "harness/base/names.h"

#include <cerrno>
#include <csignal>

#include <gtest/gtest.h>

namespace faultrig {
namespace {

TEST(Names, SignalsHaveTheKernelsNames) {
  EXPECT_EQ(signal_name(SIGTERM), "SIGTERM");
  EXPECT_EQ(signal_name(SIGRTMIN), "SIGRTMIN");
  EXPECT_EQ(signal_name(SIGRTMIN + 3), "SIGRTMIN+3");
  EXPECT_EQ(signal_name(99), "signal 99");
  EXPECT_EQ(signal_name(-1), "signal -1");
}

TEST(Names, TellWhichSignalsAreToEndAProgram) {
  for (int signal : {SIGTERM, SIGINT, SIGQUIT, SIGKILL}) {
    EXPECT_TRUE(is_stop_signal(signal)) << signal_name(signal);
  }
  for (int signal : {SIGHUP, SIGUSR1, SIGSTOP, SIGCHLD, SIGSEGV}) {
    EXPECT_FALSE(is_stop_signal(signal)) << signal_name(signal);
  }
}

TEST(Names, SignalsAreFoundWithAndWithoutTheirPrefix) {
  EXPECT_EQ(signal_number("SIGKILL"), SIGKILL);
  EXPECT_EQ(signal_number("KILL"), SIGKILL);
  EXPECT_FALSE(signal_number("kill"));
  EXPECT_FALSE(signal_number("9"));
  EXPECT_FALSE(signal_number(""));
  EXPECT_FALSE(signal_number("SIG"));
}

TEST(Names, EverySignalNameStandsForItsNumber) {
  for (const std::string& name : signal_names()) {
    auto number = signal_number(name);
    ASSERT_TRUE(number) << name;
    EXPECT_EQ(signal_name(*number), name);
  }
}

TEST(Names, ErrorsHaveTheKernelsNames) {
  EXPECT_EQ(errno_name(EIO), "EIO");
  EXPECT_EQ(errno_name(200), "errno 200");
  EXPECT_EQ(errno_number("ENOSPC"), ENOSPC);
  EXPECT_EQ(errno_number("EWOULDBLOCK"), EAGAIN);
  EXPECT_EQ(errno_number("ENOTSUP"), EOPNOTSUPP);
  EXPECT_FALSE(errno_number("eio"));
  EXPECT_FALSE(errno_number(""));
}

TEST(Names, EveryErrorNameStandsForItsNumber) {
  for (const std::string& name : errno_names()) {
    auto number = errno_number(name);
    ASSERT_TRUE(number) << name;
    EXPECT_EQ(errno_name(*number), name);
  }
}

TEST(Names, SuggestsTheNearestWord) {
  const std::vector<std::string> words{"memory", "signal", "syscall"};
  EXPECT_EQ(nearest("memroy", words), "memory");
  EXPECT_EQ(nearest("signall", words), "signal");
  EXPECT_EQ(nearest("sys", words), "syscall");
  EXPECT_FALSE(nearest("interpreter", words));
  EXPECT_FALSE(nearest("", words));
}

TEST(Names, PrefersTheExactLengthOverAPrefix) {
  const std::vector<std::string> words{"openat2", "openat", "open"};
  EXPECT_EQ(nearest("opnat", words), "openat");
}

TEST(Names, DoesNotSearchForALongWord) {
  const std::vector<std::string> words{"memory"};
  EXPECT_FALSE(nearest(std::string(1 << 20, 'm'), words));
}

TEST(Names, PutsTheSuggestionInBrackets) {
  const std::vector<std::string> words{"SIGTERM"};
  EXPECT_EQ(suggestion("SIGTRM", words), " (did you mean 'SIGTERM'?)");
  EXPECT_EQ(suggestion("x", words), "");
}

}  // namespace
}  // namespace faultrig
