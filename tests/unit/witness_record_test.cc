#include "harness/cli/witness_record.h"

#include <gtest/gtest.h>

#include "tests/source_dir.h"

namespace faultrig {
namespace {

TEST(ModuleIn, FindsThePathInAGoMod) {
  EXPECT_EQ(module_in("module example.com/m\n\ngo 1.19\n"), "example.com/m");
  EXPECT_EQ(module_in("// a comment\n\nmodule example.com/m // ours\r\n"),
            "example.com/m");
  EXPECT_EQ(module_in("module \"example.com/m\"\n"), "example.com/m");
  EXPECT_EQ(module_in("modules example.com/m\n"), "");
  EXPECT_EQ(module_in("go 1.19\n"), "");
}

TEST(NameOf, IsTheFileOfAProgramThatIsNoTest) {
  ProgramName name = name_of({"/usr/bin/env", "x"}, "/nowhere");
  EXPECT_EQ(name.shown, "env");
  EXPECT_EQ(name.package, "");
}

TEST(NameOf, IsTheFileOfATestWithoutAModule) {
  EXPECT_EQ(name_of({"/tmp/b/x.test", "-test.v"}, "/nowhere").shown, "x.test");
}

TEST(NameOf, HasThePackageWithinItsModule) {
  std::string module = source_dir() + "/go_fixtures";
  ProgramName deep =
      name_of({"/tmp/b/fixture.test", "-test.v"}, module + "/internal/fixture");
  EXPECT_EQ(deep.shown, "internal/fixture.test");
  EXPECT_EQ(deep.package, "faultrig.example/fixtures/internal/fixture");
  ProgramName root = name_of({"/tmp/b/fixtures.test", "-test.v"}, module);
  EXPECT_EQ(root.shown, "fixtures.test");
  EXPECT_EQ(root.package, "faultrig.example/fixtures");
  ProgramName other = name_of({"env", "a.test", "-test.v"}, module + "/talks");
  EXPECT_EQ(other.shown, "env (talks)");
}

}  // namespace
}  // namespace faultrig
