// Calls of this very thread, as a listener would be handed them: what they name
// is compared with what the kernel opens.
#include "harness/run/call_paths.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/os/scratch.h"
#include "harness/os/shim_folders.h"

namespace faultrig {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::uint64_t at(const char* text) {
  return reinterpret_cast<std::uint64_t>(text);
}

Notification call(std::initializer_list<std::uint64_t> arguments) {
  Notification out;
  out.tid = gettid();
  std::copy(arguments.begin(), arguments.end(), std::begin(out.args));
  return out;
}

constexpr auto kHere = static_cast<std::uint64_t>(AT_FDCWD);

class CallPathsTest : public ::testing::Test {
 protected:
  // real/a, a, real/deep/, lnk -> real/deep, name -> real/a
  void SetUp() override {
    folder_ = TempDir(fs::canonical(fs::temp_directory_path()) /
                      (owner_name() + ".paths"));
    ASSERT_TRUE(make_own_folder(folder_.path().string()));
    fs::create_directories(folder_.path() / "real/deep");
    fs::create_symlink("real/deep", folder_.path() / "lnk");
    fs::create_symlink("real/a", folder_.path() / "name");
    write("a");
    write("real/a");
    before_ = fs::current_path();
    fs::current_path(folder_.path());
  }
  void TearDown() override { fs::current_path(before_); }

  Fd write(const std::string& name) {
    return open_file(AT_FDCWD, path(name), O_WRONLY | O_CREAT, 0644).value();
  }
  std::string path(const std::string& name) const {
    return (folder_.path() / name).string();
  }
  FileNames named(const std::string& name, const Notification& one) {
    return paths_.of(one, name);
  }

  TempDir folder_;
  fs::path before_;
  CallPaths paths_;
};

TEST_F(CallPathsTest, FollowsALinkBeforeItGoesUp) {
  FileNames found = named("openat", call({kHere, at("lnk/../a"), O_RDONLY}));
  EXPECT_THAT(found.names, ElementsAre(path("real/a")));
  EXPECT_EQ(found.unread, "");
}

TEST_F(CallPathsTest, KnowsAFileByLinkAndByTarget) {
  FileNames found = named("openat", call({kHere, at("name"), O_RDONLY}));
  EXPECT_THAT(found.names, ElementsAre(path("name"), path("real/a")));
}

TEST_F(CallPathsTest, StaysAtALinkThatTheCallDoesNotFollow) {
  EXPECT_THAT(named("unlink", call({at("name")})).names,
              ElementsAre(path("name")));
  EXPECT_THAT(named("openat", call({kHere, at("name"), O_NOFOLLOW})).names,
              ElementsAre(path("name")));
  EXPECT_THAT(
      named("newfstatat", call({kHere, at("name"), 0, AT_SYMLINK_NOFOLLOW}))
          .names,
      ElementsAre(path("name")));
  EXPECT_THAT(named("newfstatat", call({kHere, at("name"), 0, 0})).names,
              Contains(path("real/a")));
}

// What asks for a file is told that there is none; what may make one is not.
TEST_F(CallPathsTest, KnowsWhereThereIsNoFile) {
  EXPECT_EQ(named("openat", call({kHere, at("none"), O_RDONLY})).nowhere,
            "ENOENT");
  EXPECT_EQ(named("openat", call({kHere, at("none"), O_CREAT})).nowhere, "");
  EXPECT_EQ(named("openat", call({kHere, at("a"), O_RDONLY})).nowhere, "");
  EXPECT_EQ(named("openat", call({kHere, at("a/b"), O_RDONLY})).nowhere,
            "ENOTDIR");
  EXPECT_EQ(named("newfstatat", call({kHere, at("none"), 0, 0})).nowhere,
            "ENOENT");
  EXPECT_EQ(named("mkdirat", call({kHere, at("none"), 0})).nowhere, "");
  EXPECT_EQ(named("rename", call({at("a"), at("none")})).nowhere, "");
}

TEST_F(CallPathsTest, NamesSourceAndTarget) {
  std::vector<std::string> both{path("a"), path("real/new")};
  EXPECT_EQ(named("rename", call({at("a"), at("lnk/../new")})).names, both);
  EXPECT_EQ(
      named("renameat2", call({kHere, at("a"), kHere, at("lnk/../new")})).names,
      both);
  EXPECT_EQ(named("link", call({at("a"), at("lnk/../new")})).names, both);
  EXPECT_EQ(
      named("linkat", call({kHere, at("a"), kHere, at("lnk/../new"), 0})).names,
      both);
  EXPECT_THAT(named("symlink", call({at("../a"), at("real/new")})).names,
              ElementsAre(path("a"), path("real/new")));
}

TEST_F(CallPathsTest, NamesBothDescriptors) {
  Fd from = write("a");
  Fd to = write("real/a");
  auto in = static_cast<std::uint64_t>(from.get());
  auto out = static_cast<std::uint64_t>(to.get());
  EXPECT_THAT(named("copy_file_range", call({in, 0, out, 0, 1, 0})).names,
              ElementsAre(path("a"), path("real/a")));
  EXPECT_THAT(named("sendfile", call({out, in, 0, 1})).names,
              ElementsAre(path("real/a"), path("a")));
}

TEST_F(CallPathsTest, NamesWhatIsNotThereYet) {
  EXPECT_THAT(named("openat", call({kHere, at("lnk/new"), O_CREAT})).names,
              ElementsAre(path("lnk/new"), path("real/deep/new")));
  FileNames nowhere = named("openat", call({kHere, at("no/../a"), O_RDONLY}));
  EXPECT_THAT(nowhere.names, ElementsAre(path("no/../a")));
  EXPECT_EQ(nowhere.unread, "");
}

TEST_F(CallPathsTest, NamesADeletedFileAsItWasCalled) {
  Fd file = write("a");
  fs::remove(path("a"));
  EXPECT_THAT(
      named("fsync", call({static_cast<std::uint64_t>(file.get())})).names,
      ElementsAre(path("a"), path("a") + " (deleted)"));
  Fd real = write("b (deleted)");
  EXPECT_THAT(
      named("fsync", call({static_cast<std::uint64_t>(real.get())})).names,
      ElementsAre(path("b (deleted)")));
}

TEST_F(CallPathsTest, TakesProcSelfForTheCaller) {
  Fd file = write("real/a");
  std::string self = "/proc/self/fd/" + std::to_string(file.get());
  EXPECT_THAT(named("openat", call({kHere, at(self.c_str()), O_RDONLY})).names,
              Contains(path("real/a")));
  std::string own = "/proc/" + std::to_string(getpid()) + "/status";
  EXPECT_THAT(
      named("openat", call({kHere, at("/proc/self/status"), O_RDONLY})).names,
      ElementsAre("/proc/self/status", own));
}

// In a child, whose root is another.
TEST_F(CallPathsTest, StartsAtTheRootOfTheCaller) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "needs root, for chroot(2)";
  }
  fs::create_symlink("/a", path("real/up"));
  PipeEnds ready = make_pipe(false).value();
  PipeEnds go = make_pipe(false).value();
  pid_t pid = fork();
  if (pid == 0) {
    bool done = chroot("real") == 0 && chdir("/deep") == 0;
    (void)!::write(ready.write.get(), done ? "y" : "n", 1);
    char byte = 0;
    go.write.reset();
    (void)!read(go.read.get(), &byte, 1);
    _exit(0);
  }
  char byte = 'n';
  EXPECT_EQ(read(ready.read.get(), &byte, 1), 1);
  EXPECT_EQ(byte, 'y');
  for (const char* text : {"/a", "../../../a", "/up", "/../a"}) {
    Notification one = call({kHere, at(text), O_RDONLY});
    one.tid = pid;
    std::vector<std::string> names = named("openat", one).names;
    EXPECT_THAT(names, Contains("/a")) << text;
    EXPECT_THAT(names, Contains(path("real/a"))) << text;
    EXPECT_THAT(names, Not(Contains(path("a")))) << text;
  }
  go.write.reset();
  waitpid(pid, nullptr, 0);
}

TEST_F(CallPathsTest, SaysWhatItCannotRead) {
  FileNames bad = named("openat", call({kHere, 8, O_RDONLY}));
  EXPECT_THAT(bad.names, IsEmpty());
  EXPECT_THAT(bad.unread, HasSubstr("EFAULT"));
  FileNames half = named("rename", call({at("a"), 8}));
  EXPECT_THAT(half.names, ElementsAre(path("a")));
  EXPECT_NE(half.unread, "");
}

// An ordinary user may not look into a process that is not dumpable, not even
// one of his own.
TEST_F(CallPathsTest, SaysThatAProcessHidesItsPaths) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "needs root, to become somebody else twice";
  }
  PipeEnds said = make_pipe(false).value();
  pid_t pid = fork();
  if (pid == 0) {
    bool user = setresgid(65534, 65534, 65534) == 0 &&
                setresuid(65534, 65534, 65534) == 0;
    pid_t hidden = fork();
    if (hidden == 0) {
      prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
      raise(SIGSTOP);
      _exit(0);
    }
    waitpid(hidden, nullptr, WUNTRACED);
    Notification one = call({kHere, at("/etc/hosts"), O_RDONLY});
    one.tid = hidden;
    std::string unread = user ? CallPaths().of(one, "openat").unread : "";
    (void)!::write(said.write.get(), unread.data(), unread.size());
    kill(hidden, SIGKILL);
    _exit(0);
  }
  said.write.reset();
  std::string text(200, '\0');
  ssize_t size = read(said.read.get(), text.data(), text.size());
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  waitpid(pid, nullptr, 0);
  EXPECT_THAT(text, HasSubstr("read its path: E"));
}

}  // namespace
}  // namespace faultrig
