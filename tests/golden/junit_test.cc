// A JUnit report, byte for byte: readers are pickier than people.
#include "harness/report/junit.h"

#include <gtest/gtest.h>

namespace faultrig {
namespace {

using Outcome = JunitCase::Outcome;
using std::chrono::milliseconds;

TEST(Junit, HasFailuresErrorsAndSkips) {
  JunitSuite suite;
  suite.name = "scenarios";
  suite.cases = {
      {"memory", "killed_by_oom", milliseconds(412), Outcome::passed},
      {"signal", "graceful", milliseconds(88), Outcome::failed,
       "test killed by SIGTERM", "trace 14: <SIGTERM>", "\x1b[31mred\n"},
      {"fds", "none", milliseconds(5), Outcome::error, "no \"fault\""},
      {"syscall", "eio", milliseconds(0), Outcome::skipped, "needs seccomp"}};
  EXPECT_EQ(
      junit_text({suite}),
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites tests=\"4\" failures=\"1\" errors=\"1\" skipped=\"1\" "
      "time=\"0.505\">\n"
      "  <testsuite name=\"scenarios\" tests=\"4\" failures=\"1\" "
      "errors=\"1\" skipped=\"1\" time=\"0.505\">\n"
      "    <testcase classname=\"memory\" name=\"killed_by_oom\" "
      "time=\"0.412\"/>\n"
      "    <testcase classname=\"signal\" name=\"graceful\" time=\"0.088\">\n"
      "      <failure message=\"test killed by SIGTERM\" type=\"failure\">"
      "trace 14: &lt;SIGTERM&gt;</failure>\n"
      "      <system-out>\\x1b[31mred\n</system-out>\n"
      "    </testcase>\n"
      "    <testcase classname=\"fds\" name=\"none\" time=\"0.005\">\n"
      "      <error message=\"no &quot;fault&quot;\" type=\"error\"/>\n"
      "    </testcase>\n"
      "    <testcase classname=\"syscall\" name=\"eio\" time=\"0.000\">\n"
      "      <skipped message=\"needs seccomp\"/>\n"
      "    </testcase>\n"
      "  </testsuite>\n"
      "</testsuites>\n");
}

TEST(Junit, HasACaseForEachVerdict) {
  Judgement pass;
  pass.scenario = "memory/killed_by_oom";
  pass.took = milliseconds(412);
  Judgement fail;
  fail.scenario = "signal/deep/graceful";
  fail.repeat = 2;
  fail.verdict = Verdict::fail;
  fail.took = milliseconds(88);
  fail.observed = "test killed by SIGTERM";
  fail.file = "s/graceful.yaml";
  fail.evidence = "kept/g";
  fail.printed = {"going\n", "gone ]]>\n"};
  fail.findings = {
      {Verdict::pass, "fault took effect", {}, ""},
      {Verdict::fail, "trace 14: SIGTERM", {14}, "test exited 0", {7, 5}}};
  Judgement inconclusive;
  inconclusive.scenario = "alone";
  inconclusive.verdict = Verdict::inconclusive;
  inconclusive.observed = "test exited 0";
  Judgement skipped;
  skipped.scenario = "fds/few";
  skipped.verdict = Verdict::skipped;
  skipped.findings = {{Verdict::skipped, "needs root", {}, ""}};
  std::vector<Judgement> all{pass, fail, inconclusive, skipped};
  EXPECT_EQ(
      junit_text({suite_of(all)}),
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites tests=\"4\" failures=\"1\" errors=\"1\" skipped=\"1\" "
      "time=\"0.500\">\n"
      "  <testsuite name=\"faultrig\" tests=\"4\" failures=\"1\" "
      "errors=\"1\" skipped=\"1\" time=\"0.500\">\n"
      "    <testcase classname=\"memory\" name=\"killed_by_oom\" "
      "time=\"0.412\"/>\n"
      "    <testcase classname=\"signal/deep\" name=\"graceful #2\" "
      "time=\"0.088\" file=\"s/graceful.yaml\" line=\"7\">\n"
      "      <failure message=\"trace 14: SIGTERM\" type=\"failure\">"
      "FAIL  signal/deep/graceful #2       88 ms\n"
      "      expected  test exited 0\n"
      "      observed  test killed by SIGTERM\n"
      "      because   fault took effect\n"
      "                trace 14: SIGTERM\n"
      "      evidence  kept/g\n"
      "      rerun     faultrig run s/graceful.yaml\n"
      "</failure>\n"
      "      <system-out>[the end of its stdout; all of it: kept/g/stdout]\n"
      "going\n</system-out>\n"
      "      <system-err>[the end of its stderr; all of it: kept/g/stderr]\n"
      "gone ]]&gt;\n</system-err>\n"
      "    </testcase>\n"
      "    <testcase classname=\"scenarios\" name=\"alone\" "
      "time=\"0.000\">\n"
      "      <error message=\"inconclusive: test exited 0\" type=\"error\">"
      "VOID  alone                          0 ms\n"
      "      verdict   inconclusive: this run proves nothing\n"
      "      observed  test exited 0\n"
      "</error>\n"
      "    </testcase>\n"
      "    <testcase classname=\"fds\" name=\"few\" time=\"0.000\">\n"
      "      <skipped message=\"needs root\">skip  fds/few\n"
      "      because   needs root\n"
      "</skipped>\n"
      "    </testcase>\n"
      "  </testsuite>\n"
      "</testsuites>\n");
}

}  // namespace
}  // namespace faultrig
