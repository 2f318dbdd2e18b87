// Watching changes nothing but what docs/transparency.md says: a fixture looks
// at all that it was given, bare and watched, and the lines are compared.
#include <fcntl.h>
#include <fnmatch.h>
#include <linux/close_range.h>
#include <linux/magic.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include "harness/base/text.h"
#include "harness/os/machine.h"
#include "tests/kernel/witness_rig.h"
#include "tests/source_dir.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;

using Sights = std::map<std::string, std::string>;

std::string content(const std::string& path) {
  auto text = read_file(AT_FDCWD, path, 1 << 20);
  return text ? *text : "";
}

// Surroundings that are not the usual ones: whatever resets them shows.
void be_unusual() {
  sigset_t some;
  sigemptyset(&some);
  sigaddset(&some, SIGUSR1);
  sigaddset(&some, SIGRTMIN + 5);
  sigprocmask(SIG_SETMASK, &some, nullptr);
  (void)signal(SIGHUP, SIG_IGN);
  (void)signal(SIGUSR2, SIG_IGN);
  umask(027);
  rlimit files{3000, 4000};
  setrlimit(RLIMIT_NOFILE, &files);
  rlimit core{0, 0};
  setrlimit(RLIMIT_CORE, &core);
  prctl(PR_SET_TIMERSLACK, 70'000, 0, 0, 0);
  setpriority(PRIO_PROCESS, 0, 3);
}

// A descriptor that is nobody's leaks into go, and so into the test.
void leak() {
  close_range(STDERR_FILENO + 1, ~0U, 0);
  if (open("/dev/null", O_RDONLY) != 3) {
    _exit(97);
  }
}

bool is_memory(const std::filesystem::path& folder) {
  struct statfs status {};
  return statfs(folder.c_str(), &status) == 0 && status.f_type == TMPFS_MAGIC;
}

class Transparent : public ::testing::Test {
 protected:
  std::string into(const std::string& how) const {
    return (rig_.folder() / how).string();
  }

  // Runs the fixture and gives what it saw.
  Sights sights(const std::string& how, const std::vector<std::string>& line,
                const std::function<void()>& before) const {
    std::string file = into(how);
    Outcome ran = Program(line, fixtures_folder(), [&] {
                    leak();
                    before();
                    setenv("LOOK_INTO", file.c_str(), 1);
                  }).end();
    Sights out;
    std::string text = content(file);
    for (std::string_view one : lines_of(text)) {
      std::size_t tab = one.find('\t');
      out[std::string(one.substr(0, tab))] =
          tab == std::string_view::npos ? "" : one.substr(tab + 1);
    }
    EXPECT_GT(out.size(), 60U) << how << ": " << ran.out << ran.err;
    return out;
  }

  Sights bare(const std::function<void()>& before) const {
    return sights("bare", {"go", "test", "-count=1", "./looks"}, before);
  }

  Sights witnessed(const std::function<void()>& before) const {
    return sights("witnessed", rig_.go_test({"-count=1", "./looks"}), before);
  }

  // With a fault that cannot matter: nobody makes that call.
  Sights run(const std::function<void()>& before,
             const std::string& mode = "chain") const {
    std::string scenario = into("looks.yaml");
    std::string text =
        "workload:\n  go_test:\n    dir: " + fixtures_folder().string() +
        "\n    packages: ./looks\n    mode: " + mode +
        "\nfaults:\n  - syscall: {call: sched_rr_get_interval, "
        "error: EPERM}\nexpect:\n  - test: {exited: 0}\n";
    EXPECT_TRUE(write_program(scenario, text, 0600));
    return sights("run", {faultrig_program(), "run", scenario}, before);
  }

  WitnessRig rig_;
};

// The keys, with wildcards, in the first column below a heading of the page.
std::vector<std::string> allowed(const std::string& heading) {
  std::string page = content(source_dir() + "/docs/transparency.md");
  std::size_t start = page.find("\n## " + heading + "\n");
  EXPECT_NE(start, std::string::npos) << heading;
  std::string section =
      page.substr(start, page.find("\n## ", start + 4) - start);
  std::vector<std::string> keys;
  section += "\n";
  for (std::string_view line : lines_of(section)) {
    re2::StringPiece first(line.data(),
                           std::min(line.find('|', 1), line.size()));
    std::string key;
    while (line.starts_with("| `") &&
           RE2::FindAndConsume(&first, "`([^`]*)`", &key)) {
      keys.push_back(key);
    }
  }
  EXPECT_FALSE(keys.empty());
  return keys;
}

// What differs and is not allowed to.
std::string surprises(const Sights& bare, const Sights& watched,
                      const std::vector<std::string>& keys) {
  std::string out;
  auto compare = [&](const Sights& some, const Sights& others) {
    for (const auto& [key, value] : some) {
      auto other = others.find(key);
      bool same = other != others.end() && other->second == value;
      bool known = std::any_of(keys.begin(), keys.end(), [&](const auto& one) {
        return fnmatch(one.c_str(), key.c_str(), 0) == 0;
      });
      if (!same && !known) {
        out += key + ": " + value + "\n";
      }
    }
  };
  compare(bare, watched);
  compare(watched, bare);
  return out;
}

void nothing() {}

TEST_F(Transparent, AWitnessIsSeenInNothingButWhatThePageLists) {
  std::vector<std::string> keys = allowed("Under the witness");
  for (auto* before : {nothing, be_unusual}) {
    EXPECT_EQ(surprises(bare(before), witnessed(before), keys), "");
  }
}

TEST_F(Transparent, ARunIsSeenInNothingButWhatThePageLists) {
  std::vector<std::string> keys = allowed("Under a scenario");
  for (auto* before : {nothing, be_unusual}) {
    Sights alone = bare(before);
    Sights watched = run(before);
    EXPECT_EQ(surprises(alone, watched, keys), "");
    if (!is_memory(std::filesystem::temp_directory_path())) {
      EXPECT_EQ(watched["link from the program to TempDir"], "true");
    }
  }
}

// Go 1.26's t.TempDir lies below GOTMPDIR, which was ours, in memory.
TEST_F(Transparent, ATestHasItsOwnGoVariablesAndTempDir) {
  std::string folder = into("own");
  ASSERT_TRUE(make_folder(folder, 0700));
  auto set = [&] {
    setenv("GOTMPDIR", folder.c_str(), 1);
    setenv("TMPDIR", folder.c_str(), 1);
  };
  auto unset = [] {
    unsetenv("GOTMPDIR");
    unsetenv("TMPDIR");
  };
  for (const std::function<void()>& before :
       {std::function<void()>(set), std::function<void()>(unset)}) {
    Sights alone = bare(before);
    for (const char* mode : {"chain", "binary"}) {
      Sights watched = run(before, mode);
      for (const char* key : {"TempDir", "device of TempDir", "env GOTMPDIR",
                              "env TMPDIR", "folder"}) {
        EXPECT_EQ(watched[key], alone[key]) << mode << ' ' << key;
      }
    }
  }
}

TEST_F(Transparent, AWitnessKeepsWhatWasBlockedAndIgnored) {
  std::vector<std::string> look{"grep", "^Sig[BI]", "/proc/self/status"};
  std::string alone = Program(look, rig_.folder(), be_unusual).end().out;
  EXPECT_THAT(alone, HasSubstr("SigBlk"));
  EXPECT_EQ(Program(rig_.witness(look), rig_.folder(), be_unusual).end().out,
            alone);
}

// Who has left such a group cannot be put back: it has no number inside.
TEST_F(Transparent, AWitnessKeepsAProcessGroupOfAnotherPidNamespace) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "needs root, to make a pid namespace";
  }
  std::vector<std::string> inside{"unshare", "--pid", "--fork", "--mount-proc"};
  std::vector<std::string> look{"cut", "-d ", "-f5", "/proc/self/stat"};
  std::vector<std::string> alone = inside;
  alone.insert(alone.end(), look.begin(), look.end());
  std::vector<std::string> watched = inside;
  for (const std::string& word : rig_.witness(look)) {
    watched.push_back(word);
  }
  EXPECT_EQ(Program(alone, rig_.folder()).end().out, "0\n");
  EXPECT_EQ(Program(watched, rig_.folder()).end().out, "0\n");
}

// A SIGCHLD that is ignored leaves no status: the witness hears it, and the
// program still finds it ignored.
TEST_F(Transparent, AWitnessKnowsTheEndThoughSigchldIsIgnored) {
  auto ignore = [] { (void)signal(SIGCHLD, SIG_IGN); };
  Outcome ended =
      Program(rig_.witness({"sh", "-c", "exit 5"}), rig_.folder(), ignore)
          .end();
  EXPECT_EQ(ended.status, WaitStatus::of_exit(5));
  Outcome looked =
      Program(rig_.witness({"grep", "SigIgn", "/proc/self/status"}),
              rig_.folder(), ignore)
          .end();
  // Beside what was ignored here before.
  std::size_t mask = looked.out.find_last_of('\t');
  ASSERT_NE(mask, std::string::npos) << looked.out;
  EXPECT_TRUE(std::stoull(looked.out.substr(mask), nullptr, 16) &
              (1ULL << (SIGCHLD - 1)))
      << looked.out;
}

}  // namespace
}  // namespace faultrig
