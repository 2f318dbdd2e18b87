// What seccomp profiles of containers refuse, refused here by a filter of our
// own, in a child. Containers are met in a guest (tests/guest/suite_engines).
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/text.h"
#include "harness/os/notify.h"
#include "harness/os/older_filter.h"
#include "harness/os/scratch.h"
#include "harness/os/seccomp.h"
#include "harness/os/shim_launch.h"
#include "tests/injectors/rig.h"
#include "tests/kernel/witness_rig.h"

namespace faultrig {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

bool refuse(const std::vector<std::string>& calls) {
  std::vector<FilterRule> rules;
  for (const std::string& call : calls) {
    rules.push_back({call, EPERM, -1, FilterRule::Stdio::either});
  }
  auto filter = compile_filter(rules, false);
  if (!filter || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return false;
  }
  sock_fprog program{};
  program.len =
      static_cast<unsigned short>(filter->program.size() / sizeof(sock_filter));
  program.filter = reinterpret_cast<sock_filter*>(filter->program.data());
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

// What `ask` says in a child for which these calls fail with EPERM.
std::string said_without(const std::vector<std::string>& calls,
                         const std::function<std::string()>& ask) {
  PipeEnds out = make_pipe(false).value();
  pid_t pid = fork();
  if (pid == 0) {
    std::string said = refuse(calls) ? ask() : "no filter";
    (void)!write(out.write.get(), said.data(), said.size());
    _exit(0);
  }
  out.write.reset();
  std::string said(4096, '\0');
  ssize_t size = read(out.read.get(), said.data(), said.size());
  said.resize(static_cast<std::size_t>(size > 0 ? size : 0));
  waitpid(pid, nullptr, 0);
  return said;
}

std::string text_of(const Result<>& result) {
  return result ? "yes" : result.error().what;
}

TEST(Refused, ProcessVmReadvHasAnotherWay) {
  auto ask = [] {
    std::string text = "before";
    auto address = reinterpret_cast<std::uint64_t>(text.data());
    int tid = gettid();
    auto written = write_memory(tid, address, "behind");
    auto got = read_memory(tid, address, text.size());
    return got ? text_of(written) + " " + *got : got.error().what;
  };
  EXPECT_EQ(said_without({"process_vm_readv", "process_vm_writev"}, ask),
            "yes behind");
}

TEST(Refused, PidfdGetfdIsFoundOutBeforehand) {
  auto ask = [] { return text_of(try_descriptor_copy()); };
  EXPECT_EQ(said_without({"sethostname"}, ask), "yes");
  EXPECT_THAT(said_without({"pidfd_getfd"}, ask),
              HasSubstr("Operation not permitted"));
}

std::string answered_of(const std::vector<std::string>& calls) {
  auto answered = answered_before_us(calls);
  return answered ? join(*answered, " ") : answered.error().what;
}

TEST(Refused, CallsAreFoundAndNoneOfThemIsMade) {
  std::vector<std::string> calls{"write", "fsync",      "exit_group", "getppid",
                                 "mount", "nosuchcall", "kill",       "futex"};
  auto ask = [&] {
    return std::string(is_filtered() ? "held" : "free") + ": " +
           answered_of(calls);
  };
  EXPECT_EQ(said_without({"fsync", "mount"}, ask), "held: fsync mount");
  EXPECT_EQ(said_without({"sethostname"}, ask), "held: ");
  EXPECT_EQ(answered_of(calls), "");
}

std::string verdict_of(const std::string& yaml) {
  WitnessRig rig;
  std::ofstream(rig.folder() / "a.yaml") << yaml;
  return Program({faultrig_program(), "run", "a.yaml"}, rig.folder()).end().out;
}

// It was said to have made none, and passed.
TEST(Refused, CallsThatAProgramMakesAreNotSaidToBeNone) {
  auto counts = [](const std::string& call) {
    return [call] {
      return verdict_of(
          "workload: {command: [sync, a.yaml]}\nexpect:\n  - calls: {call: " +
          call + ", count: 0}\n");
    };
  };
  EXPECT_THAT(said_without({"fsync"}, counts("fsync")),
              AllOf(HasSubstr("0 passed, 1 inconclusive"),
                    HasSubstr("answers fsync of command")));
  EXPECT_THAT(said_without({"fsync"}, counts("fdatasync")),
              HasSubstr("1 passed"));
}

TEST(Refused, CallsExcuseAFaultThatNeverTookEffect) {
  auto fails = [] {
    return verdict_of(
        "workload: {command: [sync, a.yaml]}\ngolden: false\nfaults:\n"
        "  - syscall: {call: fsync, error: EIO}\n"
        "expect:\n  - command: {exited: 1}\n");
  };
  EXPECT_THAT(said_without({"fsync"}, fails),
              AllOf(HasSubstr("0 passed, 1 inconclusive"),
                    HasSubstr("answers fsync of command")));
}

// Who accepted was told EFAULT, and nobody had caused that.
TEST(Refused, MemoryThatCannotBeWrittenKeepsNobodyFromAccepting) {
  const std::string accepts =
      "workload:\n  command:\n    - perl\n    - -MIO::Socket::INET\n"
      "    - -e\n    - |\n"
      "      $l = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => "
      "9);\n"
      "      $l->blocking(0);\n"
      "      $c = IO::Socket::INET->new($l->sockhost . ':' . $l->sockport);\n"
      "      exit($l->accept() ? 0 : 1);\n"
      "golden: false\nfaults:\n"
      "  - signal: {send: SIGUSR1, optional: true, when: {accepted: 9}}\n"
      "expect:\n  - command: {exited: 0}\n";
  auto ask = [&] { return verdict_of(accepts); };
  EXPECT_THAT(said_without({"sethostname"}, ask), HasSubstr("1 passed"));
  EXPECT_THAT(said_without({"process_vm_writev", "pwrite64"}, ask),
              HasSubstr("1 passed"));
}

// It waited for an answer to its exec until the deadline.
TEST(Refused, PidfdGetfdEndsAStartThatNobodyCanWatch) {
  auto ask = []() -> std::string {
    auto filter = compile_filter(
        {{"execve", std::nullopt, -1, FilterRule::Stdio::either}});
    ChildOrder order{{"/bin/true"}, {}, {*filter}, 0};
    auto launched = launch_child(order, {});
    const auto* failed = std::get_if<LaunchError>(&launched);
    int status = 0;
    waitpid(-1, &status, 0);
    if (failed == nullptr) {
      return "launched";
    }
    return status == SIGKILL
               ? failed->step + ": " + std::to_string(failed->os_errno)
               : "still there";
  };
  EXPECT_EQ(said_without({"pidfd_getfd"}, ask),
            "copy the seccomp listener for: " + std::to_string(EPERM));
}

TEST(Refused, SeccompItselfIsFoundOutBeforehand) {
  auto ask = [] {
    return text_of(try_filters()) + "; " + text_of(try_notification());
  };
  EXPECT_EQ(said_without({"sethostname"}, ask), "yes; yes");
  std::string no = "call seccomp(2): Operation not permitted";
  EXPECT_EQ(said_without({"seccomp"}, ask), no + "; " + no);
}

// Neither is any program: a root folder may have none.
TEST(Refused, NotificationIsTriedWithoutAnyProgram) {
  TempDir empty = make_scratch(owner_name() + ".empty").value();
  auto ask = [&] {
    if (chroot(empty.path().c_str()) != 0) {
      return std::string("no chroot");
    }
    return text_of(try_notification());
  };
  std::string said = said_without({"sethostname"}, ask);
  if (said == "no chroot") {
    GTEST_SKIP() << "needs root";
  }
  EXPECT_EQ(said, "yes");
}

// A limit on the size of files is none of the kernel's filters.
TEST(Refused, FilesOfAnySizeAreNotNeededByAFilter) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit none{0, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &none), 0);
  auto former = signal(SIGXFSZ, SIG_IGN);
  std::string said = text_of(try_notification());
  signal(SIGXFSZ, former);
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_EQ(said, "yes");
}

// A process can have one listener (EBUSY in seccomp(2)): within a fault, there
// is no user notification. What the kernel answers alone needs none.
TEST(Refused, NotificationIsNotNeededByWhatTheKernelAnswersAlone) {
  auto verdict_within = [](const std::string& how) {
    TempDir folder = make_scratch(owner_name() + ".within").value();
    std::filesystem::path file = folder.path() / "inner.yaml";
    std::ofstream(file) << "workload:\n  command: [sh, -c, 'mkdir $$ && rmdir "
                           "$$']\n  cwd: "
                        << folder.path().string()
                        << "\nfaults:\n  - syscall: {call: [mkdir, mkdirat], "
                           "error: EIO"
                        << how << "}\n";
    Rig::Told ran = Rig::run(
        "golden: false\nworkload:\n  command: [" + faultrig_program() +
        ", run, " + file.string() +
        "]\nfaults:\n  - syscall: {call: getpriority, error: EIO, optional: "
        "true}\n");
    return ran.evidence->out();
  };
  EXPECT_THAT(verdict_within(", static: true"), StartsWith("ok "));
  EXPECT_THAT(verdict_within(""), StartsWith("skip "));
  EXPECT_THAT(verdict_within(""), HasSubstr("needs seccomp user notification"));
}

}  // namespace
}  // namespace faultrig
