// What is left when faultrig itself is stopped or killed: nothing, at the
// latest after the next start.
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "harness/base/wait_status.h"
#include "harness/os/cgroup.h"
#include "harness/os/scratch.h"
#include "harness/os/shim_processes.h"
#include "tests/kernel/patience.h"
#include "tests/source_dir.h"

namespace faultrig {
namespace {

namespace fs = std::filesystem;

std::string faultrig_program() {
  return (fs::read_symlink("/proc/self/exe").parent_path() / "faultrig")
      .string();
}

// Runs over several injectors, about two seconds in all.
pid_t start_faultrig(const std::string& path, bool group = false,
                     const std::string& output = "/dev/null") {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, output.c_str(),
                                   O_WRONLY | O_CREAT, 0600);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  if (group) {
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  }
  std::string program = faultrig_program();
  const char* argv[] = {program.c_str(), "run",  "-j", "2",
                        path.c_str(),    nullptr};
  pid_t pid = 0;
  EXPECT_EQ(posix_spawn(&pid, program.c_str(), &actions, &attributes,
                        const_cast<char**>(argv), environ),
            0);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return pid;
}

WaitStatus end_of(pid_t pid) {
  int status = 0;
  waitpid(pid, &status, 0);
  return WaitStatus(status);
}

// A session of `sleep`s that names itself, with something of every kind.
class Survival : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = make_scratch(owner_name() + ".survival").value();
    std::string mark = std::to_string(getpid());
    tag_ = "31" + mark;  // no other sleep is that long
    write("signal", "faults:\n  - signal: {send: SIGUSR1}\n");
    write("memory", "faults:\n  - memory: {max: 64MiB}\n");
    write("fds", "faults:\n  - fds: {max: 20}\n");
    write("syscall",
          "faults:\n  - syscall: {call: fsync, error: EIO, nth: 2}\n");
    write("late", "faults:\n  - fds: {spare: 2, when: {after: 50ms}}\n");
    write("frozen", "faults:\n  - freeze: {for: 20s}\n");
    places_ = find_cgroup_places();
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    before_ = kin();
  }

  void write(const std::string& name, const std::string& rest) {
    std::string yaml =
        "workload:\n  command:\n    - sh\n    - -c\n    - |\n"
        "      setsid sleep " +
        tag_ + " </dev/null >/dev/null 2>&1 &\n      sleep " + tag_ +
        "\n  deadline: 30s\ngolden: false\n" + rest;
    std::string path = (folder_.path() / (name + ".yaml")).string();
    auto file = open_file(AT_FDCWD, path, O_WRONLY | O_CREAT, 0600);
    ASSERT_TRUE(file);
    ASSERT_EQ(::write(file->get(), yaml.data(), yaml.size()),
              static_cast<ssize_t>(yaml.size()));
  }

  std::set<int> sleepers() const {
    std::set<int> out;
    for (int pid : descendants_of(1)) {
      if (command_of(pid) == "sleep " + tag_) {
        out.insert(pid);
      }
    }
    return out;
  }

  static std::set<std::string> stale_below(const std::string& place) {
    std::set<std::string> out;
    std::error_code failed;
    for (fs::directory_iterator at(place, failed), end; !failed && at != end;
         at.increment(failed)) {
      if (is_stale(at->path().filename().string())) {
        out.insert(at->path().string());
      }
    }
    return out;
  }

  static std::string file_of(int pid, const std::string& name) {
    auto text = read_file(AT_FDCWD, "/proc/" + std::to_string(pid) + "/" + name,
                          1 << 16);
    return name + ":\n" + (text ? *text : "gone") + "\n";
  }

  // Orphans of a killed faultrig come to us: a worker or a shim that still
  // lives may start something yet.
  std::set<int> kin() const {
    while (waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    std::vector<int> pids = descendants_of(getpid());
    std::set<int> out(pids.begin(), pids.end());
    for (int pid : before_) {
      out.erase(pid);
    }
    return out;
  }

  void expect_nobody_alive() const {
    EXPECT_TRUE(eventually([this] { return kin().empty(); }));
    for (int pid : sleepers()) {
      ADD_FAILURE() << command_of(pid) << " lives on\n"
                    << file_of(pid, "status") << file_of(pid, "wchan")
                    << file_of(pid, "cgroup");
    }
  }

  // What another faultrig of this machine leaves meanwhile is not ours to
  // judge: what is stale now has to be gone afterwards.
  void expect_nothing_after_the_next_start() const {
    std::set<std::string> stale;
    for (const std::string& place :
         {places_.memory, places_.kill, std::string("/dev/shm"),
          std::string("/tmp")}) {
      stale.merge(stale_below(place));
    }
    remove_leftovers({places_.kill, places_.memory});
    for (const std::string& path : stale) {
      EXPECT_FALSE(fs::exists(path)) << path;
    }
  }

  TempDir folder_;
  std::string tag_;
  CgroupPlaces places_;
  std::set<int> before_;
};

TEST_F(Survival, OfFiftyKillsAtRandomMomentsLeavesNothing) {
  std::mt19937 dice(20260101);  // NOLINT: the same moments each time
  std::uniform_int_distribution<int> moment(0, 200'000);
  for (int i = 0; i < 50; ++i) {
    pid_t pid = start_faultrig(folder_.path().string());
    usleep(static_cast<useconds_t>(moment(dice)));
    kill(pid, SIGKILL);
    EXPECT_EQ(end_of(pid).text(), "killed by SIGKILL");
    expect_nobody_alive();
  }
  expect_nothing_after_the_next_start();
}

TEST_F(Survival, OfInterruptsCleansUpFirst) {
  struct Case {
    int signal;
    int code;
  };
  for (Case one : {Case{SIGINT, 130}, Case{SIGTERM, 143}, Case{SIGHUP, 129}}) {
    pid_t pid = start_faultrig(folder_.path().string(), true);
    ASSERT_TRUE(eventually([this] { return !sleepers().empty(); }));
    kill(-pid, one.signal);  // as a terminal would
    EXPECT_EQ(end_of(pid).text(), "exited " + std::to_string(one.code));
    EXPECT_TRUE(sleepers().empty());
  }
  expect_nothing_after_the_next_start();
}

TEST_F(Survival, OfASecondInterruptLeavesNothingEither) {
  pid_t pid = start_faultrig(folder_.path().string());
  ASSERT_TRUE(eventually([this] { return !sleepers().empty(); }));
  kill(pid, SIGINT);
  kill(pid, SIGINT);
  EXPECT_EQ(end_of(pid).text(), "exited 130");
  expect_nobody_alive();
  expect_nothing_after_the_next_start();
}

// None of these looks at a clock: a slow machine must not fail them.
TEST_F(Survival, TwoAtOnceDoNotMeet) {
  std::string said = (folder_.path() / "said.").string();
  for (const char* name : {"fds/emfile_in_go_test", "syscall/cat_cannot_open",
                           "memory/a_pipeline_turns_it_into_137"}) {
    std::string path = source_dir() + "/scenarios/" + name + ".yaml";
    pid_t first = start_faultrig(path, false, said + "1");
    pid_t second = start_faultrig(path, false, said + "2");
    EXPECT_EQ(end_of(first).text(), "exited 0")
        << read_file(AT_FDCWD, said + "1").value_or("");
    EXPECT_EQ(end_of(second).text(), "exited 0")
        << read_file(AT_FDCWD, said + "2").value_or("");
  }
}

}  // namespace
}  // namespace faultrig
