// `in`, `site`, `of` and `peer`, wherever calls are selected.
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

TEST(CallPeer, IsReadWhereverCallsAreSelected) {
  for (const char* right :
       {"127.0.0.1:6379", "'*:443'", "'[::1]:80'", "/run/a.sock", "'@name'",
        "'*/a.sock'", "'10.0.?.*:*'", "run/a.sock"}) {
    std::string key = "peer: " + std::string(right);
    EXPECT_EQ(
        about_fault("syscall: {call: connect, error: EIO, " + key + "}") +
            about_fault("signal: {send: SIGTERM, when: {call: connect, " + key +
                        "}}") +
            about_expectation("calls: {call: connect, " + key +
                              ", sequence: [{call: connect, " + key + "}]}"),
        "")
        << right;
  }
}

TEST(CallPeer, RefusesWhatNoSocketIsCalled) {
  for (const char* wrong :
       {"localhost:80", "redis:6379", "redis", "6379", "':6379'", "''",
        "'[::ffff:127.0.0.1]:80'", "'[0:0:0:0:0:0:0:1]:80'", "127.0.0.1:080",
        "127.1:80", "127.0.0.1:http", "127.0.0.1:99999"}) {
    EXPECT_NE(about_syscall("peer: " + std::string(wrong)), "") << wrong;
  }
  EXPECT_NE(about_syscall("peer: db:80").find("not with names of hosts"),
            std::string::npos);
  EXPECT_NE(about_syscall("peer: '[::ffff:127.0.0.1]:80'")
                .find("addresses are told as 127.0.0.1:80"),
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
