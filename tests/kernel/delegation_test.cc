// Marks as systemd leaves them, on groups of the test's own. systemd itself is
// met in a guest (tests/guest/suite_systemd).
#include "harness/os/delegation.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "harness/os/cgroup.h"
#include "harness/os/scratch.h"
#include "harness/os/shim_cleanup.h"

namespace faultrig {
namespace {

class DelegationTest : public ::testing::Test {
 protected:
  void SetUp() override {
    places_ = find_cgroup_places();
    if (!places_.kill_v2) {
      GTEST_SKIP() << "needs a writable cgroup of v2";
    }
    unit_ = places_.kill + "/" + owner_name() + ".unit";
    below_ = unit_ + "/below";
    ASSERT_EQ(mkdir(unit_.c_str(), 0755), 0);
    ASSERT_EQ(mkdir(below_.c_str(), 0755), 0);
  }

  void TearDown() override {
    if (!unit_.empty()) {
      EXPECT_TRUE(remove_cgroup(unit_));
    }
  }

  static void write_mark(const std::string& folder, const std::string& name,
                         const std::string& value) {
    ASSERT_EQ(setxattr(folder.c_str(), ("user." + name).c_str(), value.data(),
                       value.size(), 0),
              0);
  }

  // What faultrig finds when it is started in that group.
  static CgroupPlaces found_in(const std::string& folder) {
    PipeEnds out = make_pipe(false).value();
    pid_t pid = fork();
    if (pid == 0) {
      bool in = static_cast<bool>(
          write_file(AT_FDCWD, folder + "/cgroup.procs", "0"));
      CgroupPlaces found = find_cgroup_places();
      std::string text =
          in ? found.memory + "\n" + found.why_no_memory : "did not join";
      (void)!write(out.write.get(), text.data(), text.size());
      found = CgroupPlaces();
      _exit(0);
    }
    out.write.reset();
    char text[4096];
    ssize_t size = read(out.read.get(), text, sizeof text);
    waitpid(pid, nullptr, 0);
    std::string said(text, static_cast<std::size_t>(size > 0 ? size : 0));
    CgroupPlaces found;
    found.memory = said.substr(0, said.find('\n'));
    found.why_no_memory = said.substr(said.find('\n') + 1);
    return found;
  }

  CgroupPlaces places_;
  std::string unit_;
  std::string below_;
};

TEST_F(DelegationTest, IsThatOfTheNearestUnit) {
  EXPECT_EQ(delegation_of(below_, unit_), Delegation::unknown);
  write_mark(unit_, "invocation_id", "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(delegation_of(below_, unit_), Delegation::withheld);
  write_mark(unit_, "delegate", "1");
  EXPECT_EQ(delegation_of(below_, unit_), Delegation::granted);
  EXPECT_EQ(delegation_of(unit_, unit_), Delegation::granted);
  write_mark(below_, "invocation_id", "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(delegation_of(below_, unit_), Delegation::withheld);
  EXPECT_EQ(delegation_of(unit_, unit_), Delegation::granted);
}

TEST_F(DelegationTest, MakesAGroupThePlaceForRootToo) {
  if (!places_.memory_v2) {
    GTEST_SKIP() << "needs a memory cgroup of v2";
  }
  write_mark(unit_, "invocation_id", "0123456789abcdef0123456789abcdef");
  write_mark(unit_, "delegate", "1");
  EXPECT_EQ(found_in(unit_).memory, unit_);
}

// Root has the true root; an ordinary user has nothing else.
TEST_F(DelegationTest, KeepsMemoryFaultsOutOfAUnitWithoutIt) {
  if (!places_.memory_v2) {
    GTEST_SKIP() << "needs a memory cgroup of v2";
  }
  write_mark(unit_, "invocation_id", "0123456789abcdef0123456789abcdef");
  CgroupPlaces found = found_in(unit_);
  bool true_root = access((places_.memory + "/cgroup.type").c_str(), F_OK) != 0;
  if (geteuid() == 0 && true_root) {
    EXPECT_EQ(found.memory, places_.memory);
    return;
  }
  EXPECT_EQ(found.memory, "");
  EXPECT_EQ(found.why_no_memory, unit_ + " is not delegated by systemd");
}

// It was moved to the true root, out of all caps.
TEST_F(DelegationTest, KeepsRootInsideACap) {
  if (!places_.memory_v2) {
    GTEST_SKIP() << "needs a memory cgroup of v2";
  }
  ASSERT_TRUE(write_file(AT_FDCWD, unit_ + "/memory.max", "536870912"));
  EXPECT_EQ(found_in(unit_).memory, unit_);
  auto enabled = read_file(AT_FDCWD, unit_ + "/cgroup.subtree_control");
  EXPECT_TRUE(!enabled || enabled->find('y') == std::string::npos) << *enabled;
  // A leaf without a limit of its own: up to the one that has one, no further.
  ASSERT_TRUE(
      write_file(AT_FDCWD, unit_ + "/cgroup.subtree_control", "+memory"));
  bool goes_up = geteuid() == 0 &&
                 access((places_.memory + "/cgroup.type").c_str(), F_OK) != 0;
  EXPECT_EQ(found_in(below_).memory, goes_up ? unit_ : below_);
  ASSERT_TRUE(
      write_file(AT_FDCWD, unit_ + "/cgroup.subtree_control", "-memory"));
  write_mark(unit_, "invocation_id", "0123456789abcdef0123456789abcdef");
  CgroupPlaces withheld = found_in(unit_);
  EXPECT_EQ(withheld.memory, "");
  EXPECT_EQ(withheld.why_no_memory, unit_ + " is not delegated by systemd");
}

// Of transient units, whose groups have no marks.
class DelegationFile : public ::testing::Test {
 protected:
  DelegationFile() : scratch_(make_scratch(owner_name()).value()) {}

  void write_unit(const std::string& of, const std::string& name,
                  const std::string& text) const {
    std::filesystem::path folder =
        scratch_.path().string() + of + "/systemd/transient";
    std::filesystem::create_directories(folder);
    std::ofstream(folder / name) << text;
  }

  Delegation at(const std::string& folder) const {
    return delegation_of(folder, "/g", scratch_.path().string());
  }

  TempDir scratch_;
};

TEST_F(DelegationFile, SaysWhatAUserHasAskedFor) {
  write_unit("/user/1500", "a.scope", "[Scope]\nDelegate=yes\n");
  write_unit("/user/1500", "b.scope", "[Scope]\nDelegate=cpu memory\n");
  write_unit("/user/1500", "c.scope", "[Scope]\nDelegate=yes\nDelegate=no\n");
  write_unit("/user/1500", "d.service", "[Service]\nExecStart=\"true\"\n");
  std::string user = "/g/user.slice/user@1500.service/app.slice/";
  EXPECT_EQ(at(user + "a.scope"), Delegation::granted);
  EXPECT_EQ(at(user + "a.scope/below"), Delegation::granted);
  EXPECT_EQ(at(user + "b.scope"), Delegation::granted);
  EXPECT_EQ(at(user + "c.scope"), Delegation::withheld);
  EXPECT_EQ(at(user + "d.service"), Delegation::withheld);
  EXPECT_EQ(at(user + "installed.service"), Delegation::withheld);
}

TEST_F(DelegationFile, IsThatOfTheOneWhoAsked) {
  write_unit("/user/1500", "a.scope", "[Scope]\nDelegate=yes\n");
  EXPECT_EQ(at("/g/user@1501.service/a.scope"), Delegation::unknown);
  EXPECT_EQ(at("/g/system.slice/a.scope"), Delegation::unknown);
  write_unit("", "a.scope", "[Scope]\nDelegate=yes\n");
  EXPECT_EQ(at("/g/system.slice/a.scope"), Delegation::granted);
  EXPECT_EQ(at("/g/user@1501.service/a.scope"), Delegation::unknown);
  EXPECT_EQ(at("/g/system.slice/b.scope"), Delegation::unknown)
      << "the marks may say more";
}

}  // namespace
}  // namespace faultrig
