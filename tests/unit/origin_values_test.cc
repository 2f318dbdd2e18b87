// `in`, `site` and `of`, wherever calls are selected.
#include <gtest/gtest.h>

#include "harness/parse/scenario_reader.h"
#include "harness/plan/planner.h"

namespace faultrig {
namespace {

std::string about(const std::string& rest) {
  ReadScenario read =
      read_scenario("workload: {command: [/bin/true]}\n" + rest,
                    {"site/x", "/x.yaml", false}, full_language());
  std::string out;
  for (const Complaint& complaint : read.complaints) {
    out += complaint.what + "\n";
  }
  return out;
}

std::string about_fault(const std::string& fault) {
  return about("faults:\n- " + fault + "\n");
}

std::string about_expectation(const std::string& expectation) {
  return about("expect:\n- " + expectation + "\n");
}

std::string about_syscall(const std::string& keys) {
  return about_fault("syscall: {call: fsync, error: EIO, " + keys + "}");
}

TEST(CallOrigin, IsReadWhereverCallsAreSelected) {
  EXPECT_EQ(about_syscall("in: store.(*DB).Sync, site: 4f2a91, of: program"),
            "");
  EXPECT_EQ(about_fault("signal: {send: SIGTERM, when: {call: fsync, "
                        "in: store.*, site: '123456', of: any}}"),
            "");
  EXPECT_EQ(about_expectation("calls: {call: fsync, in: store.*, sequence: "
                              "[{call: fsync, of: runtime}]}"),
            "");
}

TEST(CallOrigin, RefusesWhatNoFunctionIsCalled) {
  for (const char* wrong :
       {"Sync", "'a b.c'", "store.Sync()", "db.go:40", "store/db.go"}) {
    EXPECT_NE(about_syscall("in: " + std::string(wrong)), "") << wrong;
  }
  EXPECT_NE(about_syscall("in: Sync").find("write *.Sync or store.Sync"),
            std::string::npos);
}

TEST(CallOrigin, RefusesWhatIsNoIdOfASite) {
  for (const char* wrong :
       {"4f2a9", "4F2A91", "store.go", "4f2a91c04f2a91c04"}) {
    EXPECT_NE(about_syscall("site: " + std::string(wrong)), "") << wrong;
  }
  EXPECT_NE(about_syscall("of: mine"), "");
}

TEST(CallOrigin, StandsBesideACallAlone) {
  EXPECT_NE(about_fault("signal: {send: SIGTERM, when: {in: store.*}}"), "");
}

}  // namespace
}  // namespace faultrig
