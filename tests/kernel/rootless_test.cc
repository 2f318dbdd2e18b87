// faultrig as an ordinary user without a cgroup of its own: everything but
// memory works, and memory says how to get what it lacks.
#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/fd.h"
#include "harness/os/scratch.h"
#include "harness/os/shim_folders.h"

namespace faultrig {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr unsigned kNobody = 65534;

class Rootless : public ::testing::Test {
 protected:
  // The programs may lie in a folder that only root can enter: copies.
  void SetUp() override {
    if (geteuid() != 0) {
      GTEST_SKIP() << "needs root, to become somebody else";
    }
    folder_ = TempDir(fs::temp_directory_path() / (owner_name() + ".rootless"));
    ASSERT_TRUE(make_own_folder(folder_.path().string()));
    fs::permissions(folder_.path(), fs::perms::owner_all |
                                        fs::perms::others_read |
                                        fs::perms::others_exec);
    fs::path here = fs::read_symlink("/proc/self/exe").parent_path();
    for (const char* program : {"faultrig", "faultrig-shim"}) {
      fs::copy_file(here / program, folder_.path() / program);
    }
  }

  void write(const std::string& name, const std::string& yaml) {
    write_file_of_all(name + ".yaml", yaml);
  }

  void write_file_of_all(const std::string& name, const std::string& yaml) {
    std::string path = (folder_.path() / name).string();
    auto file = open_file(AT_FDCWD, path, O_WRONLY | O_CREAT, 0644);
    ASSERT_TRUE(file);
    ASSERT_EQ(::write(file->get(), yaml.data(), yaml.size()),
              static_cast<ssize_t>(yaml.size()));
  }

  // What the user's faultrig says, and its exit code.
  std::string run(std::vector<const char*> words, int& code,
                  mode_t mask = 022) {
    PipeEnds out = make_pipe(false).value();
    std::string program = (folder_.path() / "faultrig").string();
    words.insert(words.begin(), program.c_str());
    words.push_back(nullptr);
    pid_t pid = fork();
    if (pid == 0) {
      dup2(out.write.get(), STDOUT_FILENO);
      umask(mask);
      if (setgroups(0, nullptr) != 0 || setgid(kNobody) != 0 ||
          setuid(kNobody) != 0 || chdir(folder_.path().c_str()) != 0) {
        _exit(99);
      }
      execv(program.c_str(), const_cast<char**>(words.data()));
      _exit(98);
    }
    out.write.reset();
    std::string text;
    char buffer[4096];
    for (ssize_t got = 0;
         (got = read(out.read.get(), buffer, sizeof buffer)) > 0;) {
      text.append(buffer, static_cast<std::size_t>(got));
    }
    int status = 0;
    waitpid(pid, &status, 0);
    code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return text;
  }

  TempDir folder_;
};

TEST_F(Rootless, SkipsWhatNeedsACapability) {
  write("namespace",
        "workload: {command: [unshare, --pid, --fork, 'true']}\n"
        "needs: [CAP_SYS_ADMIN]\nexpect:\n  - command: {exited: 0}\n");
  int code = 0;
  std::string said = run({"run", "namespace.yaml"}, code);
  EXPECT_THAT(said, HasSubstr("needs CAP_SYS_ADMIN: not held here"));
  EXPECT_EQ(code, 77) << said;
}

// Who may not read a program may not look into it (would_dump() in fs/exec.c).
TEST_F(Rootless, CannotTellThatAHiddenProgramMadeNoCall) {
  fs::copy_file("/bin/cat", folder_.path() / "hidden");
  fs::permissions(folder_.path() / "hidden", fs::perms::owner_exec |
                                                 fs::perms::group_exec |
                                                 fs::perms::others_exec);
  const std::string reads =
      "workload: {command: [PROGRAM, reads.yaml]}\nexpect:\n"
      "  - calls: {call: [open, openat], path: '*/PATH', count: none}\n";
  auto verdict = [&](const std::string& program, const std::string& path) {
    std::string yaml = reads;
    yaml.replace(yaml.find("PROGRAM"), 7, program);
    yaml.replace(yaml.find("PATH"), 4, path);
    fs::remove(folder_.path() / "reads.yaml");
    write("reads", yaml);
    int code = 0;
    std::string said = run({"run", "reads.yaml"}, code);
    return said.substr(0, 4);
  };
  EXPECT_EQ(verdict("/bin/cat", "other"), "ok  ");
  EXPECT_EQ(verdict("/bin/cat", "reads.yaml"), "FAIL");
  EXPECT_EQ(verdict("./hidden", "reads.yaml"), "VOID");
}

TEST_F(Rootless, RunsWhateverTheUmask) {
  write("a",
        "workload: {command: [echo, hello]}\n"
        "expect:\n  - output: {contains: hello}\n");
  fs::create_directory(folder_.path() / "theirs");
  fs::permissions(folder_.path() / "theirs", fs::perms::all);
  int code = 0;
  std::string said =
      run({"run", "a.yaml", "--evidence", "theirs/e/v"}, code, 0777);
  EXPECT_EQ(code, 0) << said;
  EXPECT_TRUE(fs::exists(folder_.path() / "theirs/e/v/a/evidence.jsonl"));
}

TEST_F(Rootless, RunsWhatNeedsNoCgroup) {
  write("signal", R"(
workload: {command: [sleep, '30']}
golden: false
faults:
  - signal: {send: SIGTERM, when: {after: 20ms}}
expect:
  - command: {killed_by: SIGTERM}
)");
  write("fds", R"(
workload:
  command: [sh, -c, 'exec 3</dev/null 4</dev/null 5</dev/null 6</dev/null']
faults:
  - fds: {max: 6}
expect:
  - command: {exited: {not: 0}}
)");
  write("syscall", R"(
workload: {command: [cat, /etc/hostname]}
faults:
  - syscall: {call: openat, path: /etc/hostname, error: EIO}
expect:
  - command: {exited: 1}
)");
  int code = 0;
  std::string said = run({"run", "."}, code);
  EXPECT_THAT(said, HasSubstr("3 passed in")) << said;
  EXPECT_EQ(code, 0);
}

TEST_F(Rootless, SkipsMemoryAndSaysHowToGetIt) {
  write("memory", R"(
workload: {command: ['true']}
faults:
  - memory: {max: 64MiB}
expect:
  - command: {exited: 0}
)");
  int code = 0;
  std::string said = run({"run", "memory.yaml", "--report", "json"}, code);
  EXPECT_EQ(code, 77);
  EXPECT_THAT(said, HasSubstr("needs a writable memory cgroup: "));
  EXPECT_THAT(said, HasSubstr("is not writable for this user; get it: "));
}

TEST_F(Rootless, AsksTheDoctorForTheSame) {
  int code = 0;
  std::string said = run({"doctor", "--json"}, code);
  EXPECT_EQ(code, 3);
  EXPECT_THAT(said, HasSubstr("\"root\": false"));
  EXPECT_THAT(said, HasSubstr("is not writable for this user"));
}

// A lesson that needs a cgroup is passed over, unless it is asked for.
TEST_F(Rootless, LearnsWhatNeedsNoCgroup) {
  const std::string lesson =
      "---\ntitle: a lesson\nworkload: {command: ['true']}\n";
  write_file_of_all("01-a.md", lesson +
                                   "faults: [memory: {max: 64MiB}]\n"
                                   "---\n## Why\nSo.\n");
  write_file_of_all("02-b.md", lesson + "---\n## Why\nSo.\n");
  fs::path state = folder_.path() / "state";
  fs::create_directory(state);
  fs::permissions(state, fs::perms::all);
  setenv("XDG_STATE_HOME", state.c_str(), 1);
  int code = 0;
  std::string said = run({"learn", "--lessons", "."}, code);
  EXPECT_EQ(code, 0) << said;
  EXPECT_THAT(said, HasSubstr("Lesson 2 of 2: a lesson"));
  EXPECT_THAT(said, HasSubstr("command  exited 0"));
  EXPECT_THAT(said, Not(HasSubstr("Lesson 1 of 2")));
  run({"learn", "--lessons", "."}, code);
  EXPECT_EQ(code, 77);
  said = run({"learn", "--lessons", ".", "--list"}, code);
  EXPECT_THAT(said, HasSubstr(" 2  solved  a lesson\n"));
  unsetenv("XDG_STATE_HOME");
}

}  // namespace
}  // namespace faultrig
