// What is made from a file that changed.
#include "harness/campaign/changed_files.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/os/scratch.h"

namespace faultrig {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

// A module with the packages `.`, `a` and `a/b`.
class Changes : public ::testing::Test {
 protected:
  Changes() {
    auto made = make_scratch(owner_name() + ".changed");
    EXPECT_TRUE(made);
    folder_ = std::move(*made);
    for (const char* name :
         {"go.mod", "main.go", "a/a.go", "a/b/b.go", "a/testdata/go/x.go",
          "a/forms/page.html", "a/made/gen.go", "tools/run.sh"}) {
      fs::create_directories((top() / name).parent_path());
      std::ofstream(top() / name) << "x";
    }
  }

  fs::path top() const { return fs::canonical(folder_.path()); }

  ChangedFiles changed(const std::string& file) const {
    return {top(), {top() / file}, {top() / "tools/run.sh"}};
  }

  ChangedFiles all_tracked() const {
    ChangedFiles out{top(), {}, {}};
    for (const auto& entry : fs::recursive_directory_iterator(top())) {
      if (entry.is_regular_file()) {
        out.tracked.insert(entry.path());
      }
    }
    return out;
  }

  // Is the package `a` touched, which embeds made/gen.go?
  bool touched(const std::string& file) const {
    NeededFiles needed;
    add_deps("dir " + (top() / "a").string() + "\nmod " +
                 (top() / "go.mod").string() + "\nfile made/gen.go\n",
             all_tracked(), needed);
    EXPECT_EQ(needed.unknown, "");
    return touches(changed(file), needed);
  }

  NeededFiles named(const Workload& workload) const {
    NeededFiles needed;
    add_named(workload, changed(""), needed);
    return needed;
  }

  Workload command(const std::vector<std::string>& words) const {
    Workload out;
    out.command = words;
    out.cwd = top();
    return out;
  }

 private:
  TempDir folder_;
};

TEST_F(Changes, OfAPackageAreThoseOfItsFolderAndOfWhatIsNoOtherPackage) {
  for (const char* file :
       {"a/a.go", "a/new.go", "a/gone.go", "a/forms/page.html",
        "a/gone/with/all.go", "a/testdata/go/x.go", "a/made/gen.go"}) {
    EXPECT_TRUE(touched(file)) << file;
  }
  for (const char* file : {"main.go", "a/b/b.go", "a/made/other.go", "aa/x.go",
                           "README.md", "tools/run.sh"}) {
    EXPECT_FALSE(touched(file)) << file;
  }
}

TEST_F(Changes, OfAModuleAreThoseOfItsFileAndOfAWorkspace) {
  for (const char* file :
       {"go.mod", "go.sum", "go.work", "go.work.sum", "vendor/modules.txt"}) {
    EXPECT_TRUE(touched(file)) << file;
  }
}

TEST_F(Changes, AreNotKnownOfWhatGitIgnoresAndOfWhatIsElsewhere) {
  ChangedFiles changed = all_tracked();
  changed.tracked.erase(top() / "a/a.go");
  std::string package = "dir " + (top() / "a").string() + "\n";
  NeededFiles needed;
  add_deps(package, changed, needed);
  EXPECT_THAT(needed.unknown, HasSubstr("git ignores "));
  needed = {};
  add_deps("dir /elsewhere/x\nmod /elsewhere/go.mod\n", changed, needed);
  EXPECT_THAT(needed.unknown, HasSubstr("outside of the work tree"));
  needed = {};
  add_deps("dir /root/go/pkg/mod/x@v1\n", changed, needed);
  EXPECT_EQ(needed.unknown, "");
  changed.files.insert(top() / "a/a.go");
  add_deps(package, changed, needed);
  EXPECT_EQ(needed.unknown, "");
}

TEST_F(Changes, OfASubmoduleAreThoseOfAllInIt) {
  NeededFiles needed;
  needed.packages = {top() / "sub" / "x"};
  EXPECT_TRUE(touches(changed("sub"), needed));
  EXPECT_FALSE(touches(changed("su"), needed));
}

TEST_F(Changes, OfACommandAreThoseBesideItAndWhatItNames) {
  NeededFiles needed =
      named(command({"./tools/run.sh", "-conf=etc", "in.txt"}));
  EXPECT_EQ(needed.unknown, "");
  for (const char* file : {"tools/run.sh", "tools/lib.sh", "tools/x/y",
                           "in.txt", "etc/deep/conf"}) {
    EXPECT_TRUE(touches(changed(file), needed)) << file;
  }
  EXPECT_FALSE(touches(changed("a/a.go"), needed));
}

TEST_F(Changes, AreNotKnownOfAProgramThatIsBuiltOrOfTheMachine) {
  EXPECT_THAT(named(command({"sh", "-c", "./tools/run.sh"})).unknown,
              HasSubstr("nobody knows what sh"));
  EXPECT_THAT(named(command({"./bin/server"})).unknown,
              HasSubstr("./bin/server"));
}

TEST_F(Changes, OfATestAreWhatItsWordsName) {
  Workload workload;
  workload.go_test = GoTest{};
  workload.go_test->dir = top();
  workload.go_test->exec = {"tools/run.sh"};
  workload.go_test->args = {"-golden=want"};
  workload.env = {{"CONFIG", "etc/x.conf"}};
  NeededFiles needed = named(workload);
  for (const char* file : {"tools/run.sh", "want/a", "etc/x.conf"}) {
    EXPECT_TRUE(touches(changed(file), needed)) << file;
  }
  EXPECT_EQ(needed.unknown, "");
}

TEST_F(Changes, OfALinkAreThoseOfWhatItPointsTo) {
  fs::create_symlink("tools/run.sh", top() / "link");
  EXPECT_TRUE(has_changed(changed("tools/run.sh"), top() / "link"));
  EXPECT_TRUE(has_changed(changed("link"), top() / "link"));
  EXPECT_FALSE(has_changed(changed("main.go"), top() / "link"));
}

}  // namespace
}  // namespace faultrig
