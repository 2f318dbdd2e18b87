// Shutdown maps of real servers, each with a trap of its own.
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "tests/kernel/patience.h"
#include "tests/kernel/witness_rig.h"
#include "tests/source_dir.h"

namespace faultrig {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using Json = nlohmann::json;

class ShutdownMaps : public ::testing::Test {
 protected:
  // Compiles go_fixtures/service/NAME.
  void SetUp() override { ASSERT_EQ(build("good"), "exited 0"); }
  std::string build(const std::string& name) {
    return Program({"go", "build", "-o", (rig_.folder() / name).string(),
                    "./service/" + name},
                   source_dir() + "/go_fixtures")
        .end()
        .status.text();
  }

  std::vector<std::string> shutdown(const std::vector<std::string>& options,
                                    const std::vector<std::string>& service) {
    std::vector<std::string> argv{faultrig_program(), "shutdown", "-j", "2"};
    argv.insert(argv.end(), options.begin(), options.end());
    argv.emplace_back("--");
    argv.insert(argv.end(), service.begin(), service.end());
    return argv;
  }

  Outcome map(const std::string& name, std::vector<std::string> options) {
    options.insert(options.end(), {"--steps", "8", "--report", "json"});
    Outcome told =
        Program(shutdown(options, {"./" + name}), rig_.folder()).end();
    json_ = Json::parse(told.out, nullptr, false);
    EXPECT_FALSE(json_.is_discarded()) << told.out << told.err;
    return told;
  }

  std::vector<std::string> found() const {
    std::vector<std::string> out;
    for (const Json& finding : json_["findings"]) {
      out.push_back(finding["phase"].get<std::string>() + ": " +
                    finding["what"].get<std::string>());
    }
    return out;
  }

  WitnessRig rig_;
  Json json_;
};

TEST_F(ShutdownMaps, FindNothingOfAServerThatStopsAsItShould) {
  Outcome told = map("good", {});
  // By the book net/http loses a request once in some hundred stops
  // (docs/services.md).
  EXPECT_THAT(told.status.text(), AnyOf("exited 0", "exited 1")) << told.out;
  EXPECT_THAT(found(), Each(HasSubstr("lost that it had read")));
  std::vector<std::string> phases;
  for (const Json& point : json_["points"]) {
    phases.push_back(point["phase"]);
  }
  for (const char* phase : {"exec", "runtime start", "before listen",
                            "listening", "ready", "loaded", "draining"}) {
    EXPECT_THAT(phases, Contains(phase));
  }
}

TEST_F(ShutdownMaps, FindTheWindowOfAServerThatAsksForTheSignalTooLate) {
  ASSERT_EQ(build("late_notify"), "exited 0");
  Outcome told = map("late_notify", {"--write", "found"});
  EXPECT_EQ(told.status.text(), "exited 1") << told.out;
  EXPECT_THAT(found(), Contains(StartsWith("listening: killed by the default "
                                           "action of SIGTERM")));
  EXPECT_THAT(found(), Not(Contains(StartsWith("before listen"))));
  // What is written repeats it.
  Outcome again =
      Program({faultrig_program(), "run", "found"}, rig_.folder()).end();
  EXPECT_EQ(again.status.text(), "exited 1") << again.out;
  EXPECT_THAT(again.out, HasSubstr("it did not handle SIGTERM"));
}

TEST_F(ShutdownMaps, FindRequestsThatAServerLosesWhoseMainEndsFirst) {
  ASSERT_EQ(build("main_exits_first"), "exited 0");
  Outcome told = map("main_exits_first", {"--url", "/slow"});
  EXPECT_EQ(told.status.text(), "exited 1") << told.out;
  EXPECT_THAT(found(), Contains(HasSubstr("lost that it had read")));
}

// A fault beside stands in every try, and the verdict says in how many it took
// effect: told at exec, it does not ask what time it is.
TEST_F(ShutdownMaps, HaveFaultsBesideWhatTellsTheService) {
  const std::string fault = "clock: {jump: 1h, name: later}";
  Outcome told = map("good", {"--fault", fault});
  EXPECT_EQ(told.status.text(), "exited 0") << told.out;
  EXPECT_EQ(json_["faults"][0], fault);
  EXPECT_THAT(json_["remarks"],
              Contains(AllOf(HasSubstr("`later` took no effect in"),
                             HasSubstr("exec"))));
  Outcome wrong =
      Program(shutdown({"--fault", "dependncy: {to: 5432}"}, {"./good"}),
              rig_.folder())
          .end();
  EXPECT_EQ(wrong.status.text(), "exited 2");
  EXPECT_THAT(wrong.err, HasSubstr("dependency"));
}

// Nothing asked it until it was ready, and it answers all the same.
TEST_F(ShutdownMaps, LoadWhatIsReadyWithoutAnAnswer) {
  Outcome told = map("good", {"--ready", "listening"});
  // net/http may close an idle connection whose next request it has just read:
  // seen once in a slow guest, a true finding.
  EXPECT_THAT(told.status.text(), AnyOf("exited 0", "exited 1")) << told.out;
  // It answers so fast that often nothing is in flight.
  EXPECT_THAT(json_["remarks"],
              Each(AnyOf(HasSubstr("in flight when it was told"),
                         HasSubstr("had not read yet"),
                         HasSubstr("due and never sent"))));
  std::vector<std::string> phases;
  for (const Json& point : json_["points"]) {
    phases.push_back(point["phase"]);
  }
  EXPECT_THAT(phases, Contains("loaded"));
}

// What is found now says nothing of what was found before.
TEST_F(ShutdownMaps, RemoveWhatAnEarlierMapHasWritten) {
  std::filesystem::create_directory(rig_.folder() / "found");
  std::ofstream(rig_.folder() / "found/1-old.yaml")
      << "about: \"old\"\ntags: [shutdown]\n";
  std::ofstream(rig_.folder() / "found/mine.yaml")
      << "about: mine\ntags: [shutdown]\n";
  std::ofstream(rig_.folder() / "elsewhere.yaml")
      << "about: \"theirs\"\ntags: [shutdown]\n";
  std::filesystem::create_symlink("../elsewhere.yaml",
                                  rig_.folder() / "found/link.yaml");
  Outcome told = map("good", {"--write", "found"});
  EXPECT_FALSE(std::filesystem::exists(rig_.folder() / "found/1-old.yaml"));
  EXPECT_TRUE(std::filesystem::exists(rig_.folder() / "found/mine.yaml"));
  EXPECT_TRUE(std::filesystem::exists(rig_.folder() / "found/link.yaml"));
  EXPECT_THAT(told.err, HasSubstr("removed 1 of an earlier map from found"));
}

TEST_F(ShutdownMaps, FindAnIdleStopThatIsNone) {
  ASSERT_EQ(build("log_fatal"), "exited 0");
  Outcome told = map("log_fatal", {});
  EXPECT_EQ(told.status.text(), "exited 1") << told.out;
  EXPECT_THAT(found(), Contains("ready: told to stop when idle, it exited 1"));
}

// Each try has a folder of its own: what one leaves there fails no other.
TEST_F(ShutdownMaps, FindFilesLeftBehindAndStartAfresh) {
  ASSERT_EQ(build("leaves_files"), "exited 0");
  std::filesystem::create_directory(rig_.folder() / "run");
  Outcome told = map("leaves_files", {"--write", "found"});
  EXPECT_EQ(told.status.text(), "exited 1") << told.out;
  EXPECT_THAT(found(), Contains("ready: left behind: pid file run/server, "
                                "socket run/admin.sock"));
  EXPECT_THAT(found(), Each(HasSubstr("left behind"))) << told.out;
  EXPECT_TRUE(std::filesystem::is_empty(rig_.folder() / "run"));
  Outcome again = Program({faultrig_program(), "run", "--repeat", "2", "found"},
                          rig_.folder())
                      .end();
  EXPECT_EQ(again.status.text(), "exited 1") << again.out;
  EXPECT_THAT(again.out, HasSubstr("\n0 passed"));
  EXPECT_THAT(again.out, HasSubstr("'run/admin.sock' is there"));
}

TEST_F(ShutdownMaps, FindNoFilesThatAreMeantToStay) {
  ASSERT_EQ(build("leaves_files"), "exited 0");
  Outcome told = Program(shutdown({"--steps", "1", "--leaves", "run/server",
                                   "--leaves", "*.sock"},
                                  {"./leaves_files"}),
                         rig_.folder())
                     .end();
  EXPECT_EQ(told.status.text(), "exited 0") << told.out;
}

// What lies beyond it is shared, and said so; no two run at once then.
TEST_F(ShutdownMaps, SayWhatTriesShare) {
  ASSERT_EQ(build("leaves_files"), "exited 0");
  std::string socket = (rig_.folder() / "outside.sock").string();
  Outcome told =
      Program(shutdown({"--steps", "8"}, {"./leaves_files", "--admin", socket}),
              rig_.folder())
          .end();
  std::string text = std::regex_replace(told.out, std::regex("\\s+"), " ");
  EXPECT_THAT(text, HasSubstr("one at a time, they share files"));
  EXPECT_THAT(text, HasSubstr("all of them share " + socket));
  EXPECT_THAT(text, HasSubstr("; what is left there stays"));
  EXPECT_THAT(text, HasSubstr("it left socket " + socket));
  EXPECT_TRUE(std::filesystem::exists(std::filesystem::symlink_status(socket)));
}

TEST_F(ShutdownMaps, SayWhyThereIsNone) {
  Outcome told =
      Program(shutdown({}, {"/bin/sh", "-c", "echo port taken >&2; exit 3"}),
              rig_.folder())
          .end();
  EXPECT_EQ(told.status.text(), "exited 3");
  EXPECT_THAT(told.out, HasSubstr("ended of its own accord: exited 3; it said: "
                                  "port taken"));
}

TEST_F(ShutdownMaps, SayThatAServiceWentToTheBackground) {
  Outcome told = Program(shutdown({}, {"/bin/sh", "-c", "sleep 100 & exit 0"}),
                         rig_.folder())
                     .end();
  EXPECT_EQ(told.status.text(), "exited 3");
  std::replace(told.out.begin(), told.out.end(), '\n', ' ');
  EXPECT_THAT(told.out, HasSubstr("exited 0; what it started lived on"));
}

TEST_F(ShutdownMaps, TellWhatWasDoneWhenTheyAreInterrupted) {
  // It is under way when the service has written.
  std::string started = (rig_.folder() / "started").string();
  Program map(
      shutdown({"--times", "1000"},
               {"/bin/sh", "-c", "echo > " + started + "; exec ./good"}),
      rig_.folder());
  ASSERT_TRUE(eventually(
      [this] { return std::filesystem::exists(rig_.folder() / "started"); }));
  ::kill(map.pid(), SIGINT);
  Outcome told = map.end();
  EXPECT_EQ(told.status.text(), "exited 130");
  EXPECT_THAT(told.err, HasSubstr("interrupted; cleaned up"));
  EXPECT_THAT(told.out, HasSubstr("could not tell"));
}

}  // namespace
}  // namespace faultrig
