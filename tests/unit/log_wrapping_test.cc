// Container engines and collectors keep each line in an object of their own.
#include "harness/explain/log_wrapping.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/judge/log_envelope.h"
#include "tests/unit/explained_log.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::vector<std::string> kLines{"signal: killed",
                                      "FAIL\\tcorp.test/m/b\\t1.2s", "FAIL"};

std::string wrapped(const std::string& before, const std::string& behind) {
  std::string log;
  for (const std::string& line : kLines) {
    log += before + line + behind + "\n";
  }
  return log;
}

TEST(LogWrapping, ReadsWhatEnginesAndCollectorsKeep) {
  for (const std::string& log :
       {wrapped(R"({"log":")",
                R"(\n","stream":"stdout","time":"2026-03-04T10:11:12.5Z"})"),
        wrapped(R"({"__REALTIME_TIMESTAMP":"1","MESSAGE":")",
                R"(","SYSLOG_IDENTIFIER":"go","_PID":"7"})"),
        wrapped(R"({"labels":{"pod":"t-1"},"line":")",
                R"(","timestamp":"2026-03-04T10:11:12Z"})"),
        wrapped("2026-03-04T10:11:12+00:00\tci.t\t{\"message\":\"",
                R"(","container_name":"/t"})"),
        wrapped(R"({"textPayload":")",
                R"(","resource":{"labels":{"pod_name":"t"}}})")}) {
    EXPECT_THAT(causes_by_package(log),
                ElementsAre("corp.test/m/b: sigkill likely"))
        << log;
  }
}

TEST(LogWrapping, JoinsALineThatAnEngineHadCut) {
  LogWrapping wrapping;
  std::string part = R"({"log":"FAIL\tm/","stream":"stdout","time":"x"})";
  std::string rest = R"({"log":"b\t1s\n","stream":"stdout","time":"x"})";
  std::string whole = R"({"log":"ok  \tm/a\t1s\n","stream":"stdout"})";
  wrapping.learn({whole, part, rest});
  EXPECT_THAT(wrapping.unwrap(part), IsEmpty());
  EXPECT_THAT(wrapping.unwrap(rest), ElementsAre("FAIL\tm/b\t1s"));
}

TEST(LogWrapping, JoinsThePartsOfTheCri) {
  LogWrapping wrapping;
  std::string at = "2026-03-04T10:11:12.123456789Z ";
  wrapping.learn({at + "stdout F ok  \tm/a\t1s", at + "stderr F x"});
  EXPECT_THAT(wrapping.unwrap(at + "stdout P FAIL\tm/"), IsEmpty());
  EXPECT_THAT(wrapping.unwrap(at + "stdout F b\t1s"),
              ElementsAre("FAIL\tm/b\t1s"));
}

TEST(LogWrapping, KeepsTheObjectsThatAProgramLogsItself) {
  LogWrapping wrapping;
  std::string own = R"({"level":"ERROR","msg":"panic: none of ours"})";
  wrapping.learn({own, own, own, "ok  \tm/a\t1s"});
  EXPECT_THAT(wrapping.unwrap(own), ElementsAre(own));
}

TEST(LogWrapping, NamesTheWriterWhereThereAreSeveral) {
  LogWrapping wrapping;
  std::string line =
      R"({"message":"ok  \tm/a\t1s","kubernetes":{"pod_name":"t-1"}})";
  wrapping.learn({line});
  EXPECT_THAT(wrapping.unwrap(line), ElementsAre("t-1 | ok  \tm/a\t1s"));
}

TEST(LogEnvelope, TakesBytesForTextAsTheJournalWritesThem) {
  auto envelope = log_envelope(R"({"MESSAGE":[27,91,109,111,107]})");
  ASSERT_TRUE(envelope);
  EXPECT_EQ(envelope->text, "\x1b[mok");
}

TEST(LogEnvelope, IsNoEventOfGoTestAndNoOtherLine) {
  EXPECT_FALSE(log_envelope(R"({"Action":"output","text":"x"})"));
  EXPECT_FALSE(log_envelope(R"({"level":"info"})"));
  EXPECT_FALSE(log_envelope("{ not json"));
  EXPECT_FALSE(log_envelope("plain"));
  EXPECT_FALSE(log_envelope(R"({"log":[]})"));
}

TEST(LogWrapping, ReadsLogfmt) {
  for (const std::string& log :
       {wrapped("ts=2026-03-04T10:11:12.5Z caller=run.go:7 level=info msg=\"",
                "\""),
        wrapped("time=\"2026-03-04T10:11:12Z\" level=info msg=\"",
                "\" pod=t-1")}) {
    EXPECT_THAT(causes_by_package(log),
                ElementsAre("corp.test/m/b: sigkill likely"))
        << log;
  }
}

TEST(LogWrapping, KeepsTheLogfmtThatAProgramLogsItself) {
  LogWrapping wrapping;
  std::string own = R"re(level=error msg="--- FAIL: TestX (0.00s)")re";
  std::string go = "--- FAIL: TestY (0.00s)";
  wrapping.learn({own, go, "FAIL\tm/a\t1s"});
  EXPECT_THAT(wrapping.unwrap(own), ElementsAre(own));
}

const std::string kResult =
    R"("stdout": "ok  \tm/a\t1s\nsignal: killed\nFAIL\tcorp.test/m/b\t1.2s\n)"
    R"(FAIL", "stderr": "", "rc": 1})";

TEST(LogWrapping, ReadsWhatAnsibleTellsOfACommand) {
  const std::string head = "TASK [Run the tests] ****\n";
  EXPECT_THAT(causes_by_package(head + "fatal: [t-1]: FAILED! => {" + kResult +
                                "\n\nPLAY RECAP ****\nt-1 : ok=0 failed=1\n"),
              ElementsAre("corp.test/m/b: sigkill likely"));
  EXPECT_THAT(
      causes_by_package(head + "changed: [t-1 -> t-2] => {" + kResult + "\n"),
      ElementsAre("corp.test/m/b: sigkill likely"));
  EXPECT_THAT(
      causes_by_package(head + "ok: [t-1] => {\n    \"out.stdout_lines\": [\n"
                               "        \"signal: killed\",\n"
                               "        \"FAIL\\tcorp.test/m/b\\t1.2s\",\n"
                               "        \"FAIL\"\n    ]\n}\n"),
      ElementsAre("corp.test/m/b: sigkill likely"));
}

// A test that compares lists of lines shows them alike.
TEST(LogWrapping, TakesAListOfLinesOfATestForNone) {
  LogWrapping wrapping;
  std::string shown = R"(        "FAIL\tm/b\t1.2s",)";
  wrapping.learn({shown, shown, shown, "--- FAIL: TestX (0.00s)"});
  EXPECT_THAT(wrapping.unwrap(shown), ElementsAre(shown));
}

TEST(LogWrapping, ReadsThePiecesOfAStepOfCircleci) {
  EXPECT_THAT(
      causes_by_package(
          R"([{"message":"go test ./...\r\nsignal: kil",)"
          R"("time":"2026-03-04T10:11:12.5Z","type":"out"},)"
          R"({"message":"led\r\nFAIL\tcorp.test/m/b\t1.2s\r\nFAIL\r\n",)"
          R"("time":"2026-03-04T10:11:13.5Z","type":"out"},)"
          R"({"message":"\r\nExited with code exit status 1\r\n",)"
          R"("time":"2026-03-04T10:11:13.6Z","type":"err"}])"),
      ElementsAre("corp.test/m/b: sigkill likely"));
  LogWrapping wrapping;
  wrapping.learn({"[{\"type\":1}]", "ok  \tm/a\t1s"});
  EXPECT_THAT(wrapping.unwrap("[{\"type\":1}]"), ElementsAre("[{\"type\":1}]"));
}

}  // namespace
}  // namespace faultrig
