// `faultrig sweep --dependency`, with a peer that does nothing: the kernel
// takes connections to a listener for it.
#include <netinet/in.h>
#include <sys/socket.h>

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/base/fd.h"
#include "harness/os/socket_address.h"
#include "tests/injectors/rig.h"
#include "tests/kernel/witness_rig.h"

namespace faultrig {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using Json = nlohmann::json;

Fd listener() {
  Fd out(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(bind(out.get(), reinterpret_cast<sockaddr*>(&where), sizeof where),
            0);
  EXPECT_EQ(listen(out.get(), 64), 0);
  return out;
}

class SweptPeers : public ::testing::Test {
 protected:
  void SetUp() override {
    SKIP_IF_MISSING(
        "workload: {command: ['true']}\n"
        "faults: [{dependency: {to: 9, does: refuse}}]\n");
  }

  // A sweep over what this script of bash connects to; `$at` is our listener.
  Json swept(std::vector<std::string> options, const std::string& script) {
    std::vector<std::string> argv{faultrig_program(), "sweep", "--report",
                                  "json"};
    argv.insert(argv.end(), options.begin(), options.end());
    argv.insert(argv.end(),
                {"--", "bash", "-c",
                 "at=/dev/tcp/127.0.0.1/" +
                     std::to_string(address_of(peer_).port) + "\n" + script});
    Outcome told = Program(argv, rig_.folder()).end();
    Json json = Json::parse(told.out, nullptr, false);
    EXPECT_FALSE(json.is_discarded()) << told.out << told.err;
    code_ = told.status.text();
    return json;
  }

  // `refuse: surfaced`, a line a point.
  static std::string outcomes(const Json& json) {
    std::string out;
    for (const Json& point : json["points"]) {
      out += point["fault"].get<std::string>() + ": " +
             point["outcome"].get<std::string>() + "\n";
    }
    return out;
  }

  Fd peer_ = listener();
  WitnessRig rig_;
  std::string code_;
};

// By address: a C library may ask for nscd too, in vain.
constexpr const char* kLocal = "127.0.0.1:*";

// Of an answer that it does not wait for it cannot miss anything, and bash says
// who refused it.
TEST_F(SweptPeers, AreFoundAndEachDoesEachThing) {
  Json json = swept({"--dependency", kLocal, "--does", "refuse", "--does",
                     "hang", "--does", "slow: 1ms"},
                    "exec 3<>$at && echo hello >&3");
  EXPECT_EQ(outcomes(json),
            "refuse: surfaced\nhang: swallowed\nslow 1ms: never\n")
      << json["points"];
  EXPECT_EQ(code_, "exited 1");
  EXPECT_EQ(json["points"][0]["site"],
            "localhost:" + std::to_string(address_of(peer_).port));
  EXPECT_EQ(json["points"][0]["when"], "start");
}

// By then the first connection is over.
TEST_F(SweptPeers, AreBrokenFromTheMomentThatIsNamed) {
  Json json = swept({"--dependency", kLocal, "--does", "refuse", "--when",
                     "start", "--when", "{call: openat, path: '*/second'}"},
                    "(exec 3<>$at) 2>/dev/null || exit 0; : > second; "
                    "exec 4<>$at");
  ASSERT_EQ(outcomes(json), "refuse: swallowed\nrefuse: surfaced\n") << json;
  EXPECT_EQ(json["points"][0]["when"], "start");
  EXPECT_EQ(json["points"][1]["when"], "{call: openat, path: \"*/second\"}");
}

TEST_F(SweptPeers, AreHandledWhereOneTriesAgain) {
  Json json =
      swept({"--dependency", kLocal, "--does", "refuse", "--each", "once"},
            "exec 3<>$at || exec 3<>$at");
  EXPECT_EQ(outcomes(json), "refuse: handled\n") << json["points"];
  EXPECT_EQ(code_, "exited 0");
}

TEST_F(SweptPeers, AreKnownByTheirAddressAndWrittenAsScenarios) {
  std::string at = "localhost:" + std::to_string(address_of(peer_).port);
  std::ofstream(rig_.folder() / "known.yaml")
      << "allow: [{site: '" << at << "', outcome: swallowed, because: a}]\n";
  std::vector<std::string> options{"--dependency", at, "--does", "hang"};
  std::string script = "exec 3<>$at && echo hello >&3";
  std::vector<std::string> known = options;
  known.insert(known.end(), {"--baseline", "known.yaml"});
  (void)swept(known, script);
  EXPECT_EQ(code_, "exited 0");
  options.insert(options.end(), {"--write", "found"});
  Json json = swept(options, script);
  EXPECT_EQ(json["points"][0]["scenario"], "found/1-swallowed-hang.yaml");
  Outcome again =
      Program({faultrig_program(), "run", "found"}, rig_.folder()).end();
  EXPECT_EQ(again.status.text(), "exited 1") << again.out << again.err;
  EXPECT_THAT(again.out, HasSubstr("0 passed, 1 failed"));
}

TEST_F(SweptPeers, SayWhatIsWrongBeforeTheyStart) {
  auto wrong = [&](std::vector<std::string> options) {
    options.insert(options.begin(), {faultrig_program(), "sweep"});
    Outcome told = Program(options, rig_.folder()).end();
    return told.status.text() + ": " + told.err;
  };
  EXPECT_THAT(wrong({"--does", "hang"}),
              AllOf(HasSubstr("exited 2"), HasSubstr("needs --dependency")));
  EXPECT_THAT(wrong({"--dependency", "db.example:5432"}),
              HasSubstr("expected any, HOST:PORT"));
  EXPECT_THAT(wrong({"--dependency", "any", "--does", "hangs"}),
              HasSubstr("expected refuse, hang, reset, or slow: TIME"));
  EXPECT_THAT(wrong({"--when", "after: 2s"}),
              HasSubstr("--when needs --dependency"));
  EXPECT_THAT(wrong({"--dependency", "any", "--when", "afer: 2s"}),
              HasSubstr("unknown key 'afer' (did you mean 'after'?)"));
  EXPECT_THAT(wrong({"--dependency", "any", "--call", "fsync"}),
              HasSubstr("--dependency sweeps no calls"));
  EXPECT_THAT(wrong({"--dependency", "any", "--each", "per_test"}),
              HasSubstr("--each per_test is not for --dependency"));
  EXPECT_THAT(wrong({"--dependency", "any", "--coverage"}),
              HasSubstr("coverage is that of calls"));
  EXPECT_THAT(wrong({"--dependency", "any", "swept.yaml"}),
              HasSubstr("a scenario says itself what is swept"));
}

// UDP is no stream: such a peer cannot be broken so, and is none.
TEST_F(SweptPeers, AreNoPeersOfDatagrams) {
  Json json = swept({"--dependency", kLocal},
                    "exec 3<>/dev/udp/127.0.0.1/9 && echo hello >&3");
  EXPECT_EQ(json["points"].size(), 0U) << json["points"];
  EXPECT_EQ(json["because"], "it connected to nothing that it depends on");
  EXPECT_EQ(code_, "exited 3");
}

TEST_F(SweptPeers, AreNoneWhereATestServesItself) {
  std::string fixtures = fixtures_folder().string();
  Outcome told = Program({faultrig_program(), "sweep", "--dependency", "any",
                          fixtures + "/asks_again"},
                         rig_.folder())
                     .end();
  EXPECT_EQ(told.status.text(), "exited 3") << told.err;
  EXPECT_THAT(told.out, HasSubstr("; 1 to what it listens on"));
}

}  // namespace
}  // namespace faultrig
