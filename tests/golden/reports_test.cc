// The reports for CI, byte for byte, with what workloads may put into them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/report/report.h"

namespace faultrig {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* kHostile =
    "]]> ::error::x %0A\n\x1b[31m\x07 \xff \xe2\x80\xa8 <script> | # \\";

Judgement passed(const std::string& name) {
  Judgement judgement;
  judgement.scenario = name;
  judgement.file = name + ".yaml";
  judgement.observed = "test exited 0";
  judgement.took = milliseconds(412);
  return judgement;
}

Judgement failed(const std::string& name, const std::string& why) {
  Judgement judgement = passed(name);
  judgement.verdict = Verdict::fail;
  judgement.findings = {{Verdict::fail, why, {14}, "test exited 0", {9, 5}}};
  judgement.faults = {{"signal", 1}};
  judgement.ends = {{"test", "a.test", "killed", "killed by SIGTERM", ""}};
  return judgement;
}

Judgement left(const std::string& name) {
  Judgement judgement = passed(name);
  judgement.verdict = Verdict::skipped;
  judgement.apart.not_run = "interrupted by SIGINT";
  return judgement;
}

std::string report(const char* name, const std::vector<Judgement>& all,
                   const std::string& cut_short = "") {
  ReportStyle style;
  style.started = "2024-05-06T07:08:09Z";
  style.token = "t0ken";
  style.now = [] { return milliseconds(1'500); };
  return whole_report(*find_report(name), style,
                      {all, milliseconds(500), cut_short});
}

std::size_t count_of(const std::string& text, const std::string& word) {
  std::size_t count = 0;
  for (std::size_t at = text.find(word); at != std::string::npos;
       at = text.find(word, at + 1)) {
    ++count;
  }
  return count;
}

// Who reads a report sees no terminal.
TEST(Reports, TellHowFewerThanAllWereChosen) {
  ReportStyle style;
  style.chosen = {"--changed-since main: 1 of 40 scenarios",
                  "not known of a#b: \xff\n<x>"};
  std::vector<Judgement> all{passed("a")};
  RunEnd end{all, milliseconds(1), ""};
  auto told = [&](const char* name) {
    return whole_report(*find_report(name), style, end);
  };
  EXPECT_THAT(told("json"),
              HasSubstr("\"chosen\": [\n"
                        "    \"--changed-since main: 1 of 40 scenarios\",\n"
                        "    \"not known of a#b: \xef\xbf\xbd\\n<x>\"\n  ],"));
  EXPECT_THAT(told("junit"),
              HasSubstr("<property name=\"chosen\" value=\"--changed-since "
                        "main: 1 of 40 scenarios; not known of a#b: "));
  EXPECT_THAT(told("tap"),
              HasSubstr("1..1\n# --changed-since main: 1 of 40 scenarios\n"
                        "# not known of a#b: \xef\xbf\xbd\\n<x>\nok 1"));
  EXPECT_THAT(told("html"), HasSubstr("\"chosen\":[\"--changed-since main"));
  std::string page = find_report("github")->make(style)->step_summary(end);
  EXPECT_THAT(page, HasSubstr("changed&#45;since main&#58; 1 of 40"));
  EXPECT_THAT(page, HasSubstr("&#60;x&#62;"));
}

TEST(Tap, HasALineForEachAndTheWhyInABlock) {
  Judgement skipped = passed("c #1");
  skipped.verdict = Verdict::skipped;
  skipped.findings = {{Verdict::skipped, "needs root", {}, ""}};
  EXPECT_EQ(
      report("tap",
             {passed("a"), failed("b\\", "x: \"y\"\n..."), skipped, left("d")},
             "interrupted by SIGINT"),
      "TAP version 14\n"
      "1..4\n"
      "ok 1 - a\n"
      "not ok 2 - b\\\\\n"
      "  ---\n"
      "  message: \"x: \\\"y\\\"\\n...\"\n"
      "  severity: fail\n"
      "  observed: \"test exited 0\"\n"
      "  at: {file: \"b\\\\.yaml\", line: 9}\n"
      "  faults:\n"
      "    - {name: \"signal\", took_effect: 1}\n"
      "  ...\n"
      "ok 3 - c \\#1 # SKIP needs root\n"
      "ok 4 - d # SKIP not run: interrupted by SIGINT\n"
      "Bail out! interrupted by SIGINT: 1 of 4 scenarios were not run\n");
}

TEST(Events, AreALineEach) {
  ReportStyle style;
  style.now = [] { return milliseconds(7); };
  auto report = find_report("events")->make(style);
  EXPECT_THAT(report->start(2), HasSubstr("\"event\":\"run_started\""));
  EXPECT_EQ(report->begun("a\n", 3),
            "{\"event\":\"scenario_started\",\"at_ms\":7,\"name\":\"a\\n\","
            "\"repeat\":3}\n");
  std::string line = report->result(failed("b", kHostile));
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_THAT(line, Not(HasSubstr("\xe2\x80\xa8")));
  std::vector<Judgement> all{failed("b", "x"), left("c")};
  std::string end = report->end({all, milliseconds(5), "killed"});
  EXPECT_THAT(end, StartsWith("{\"event\":\"scenario_ended\""));
  EXPECT_THAT(end, HasSubstr("\"verdict\":\"not_run\""));
  EXPECT_THAT(end, HasSubstr("\"cut_short\":\"killed: 1 of 2 scenarios"));
}

TEST(Github, AnnotatesWhatDidNotPass) {
  Judgement nothing = passed("c");
  nothing.verdict = Verdict::inconclusive;
  EXPECT_EQ(
      report("github", {passed("a"), failed("b,c:d", "50% of\nit"), nothing}),
      "::stop-commands::t0ken\n"
      "::t0ken::\n"
      "::error file=b%2Cc%3Ad.yaml,line=9,title=b%2Cc%3Ad fail::50%25 of"
      "%0Ait%0Aobserved: test exited 0\n"
      "::warning file=c.yaml,line=1,title=c inconclusive::inconclusive: "
      "test exited 0%0Aobserved: test exited 0\n");
}

TEST(Github, ShowsAsMuchAsARunnerDoesAndSumsUpTheRest) {
  std::vector<Judgement> all;
  for (int i = 0; i < 31; ++i) {
    all.push_back(failed("s" + std::to_string(i), "why"));
  }
  std::string text = report("github", all, "interrupted by SIGTERM");
  EXPECT_EQ(count_of(text, "::error "), 10U);
  EXPECT_THAT(text, HasSubstr("::notice title=faultrig::21 more did not pass"));
  EXPECT_THAT(text, HasSubstr("::interrupted by SIGTERM\n"));
}

TEST(Github, ObeysNothingThatAWorkloadSaid) {
  std::string text = report("github", {failed(kHostile, kHostile)});
  EXPECT_EQ(count_of(text, "\n"), 3U);
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, HasSubstr("%250A"));
}

std::string summary(const std::vector<Judgement>& all) {
  auto github = find_report("github")->make({});
  return github->step_summary({all, milliseconds(500), ""});
}

TEST(StepSummary, HasATableAndTheChainOfWhatDidNotPass) {
  Judgement bad = failed("a/b", "trace 14: SIGTERM");
  bad.printed.out = "one\ntwo </pre>\n";
  EXPECT_EQ(summary({passed("x"), bad}),
            "## faultrig\n\n1 passed, 1 failed in 0.5 s\n\n"
            "| verdict | scenario | observed | where |\n|---|---|---|---|\n"
            "| fail | a/b | test exited 0 | a/b.yaml:9 |\n"
            "\n<details><summary>a/b: trace 14&#58; SIGTERM</summary>\n\n"
            "- test killed by SIGTERM\n"
            "- fault signal took effect 1 times\n"
            "- trace 14&#58; SIGTERM\n"
            "\nThe end of its stdout:\n\n<pre>one\ntwo &#60;/pre&#62;\n</pre>\n"
            "\n<pre>faultrig run a/b.yaml</pre>\n\n</details>\n");
}

TEST(StepSummary, ShowsWhatAWorkloadSaidAndNothingElse) {
  Judgement bad = failed(kHostile, kHostile);
  bad.printed = {kHostile, kHostile};
  std::string text = summary({bad});
  for (const char* word : {"<script>", "\x1b", "\xe2\x80\xa8", "\xff"}) {
    EXPECT_THAT(text, Not(HasSubstr(word)));
  }
  EXPECT_EQ(count_of(text, "\n| fail |"), 1U);
}

TEST(StepSummary, StaysBelowWhatGithubTakes) {
  std::vector<Judgement> all;
  for (int i = 0; i < 400; ++i) {
    all.push_back(failed("s" + std::to_string(i), std::string(900, '|')));
    all.back().printed.out = std::string(4000, 'x');
  }
  std::string text = summary(all);
  EXPECT_LT(text.size(), std::size_t{1} << 20);
  EXPECT_EQ(count_of(text, "\n... and "), 1U);
}

TEST(Gitlab, FoldsWhatStandsBelowAFailure) {
  std::string text = report("gitlab", {passed("a"), failed("b", "why")});
  EXPECT_THAT(text, StartsWith("ok    a"));
  EXPECT_THAT(text, HasSubstr("\nsection_start:1:faultrig_1\r\x1b[0KFAIL  b "));
  EXPECT_THAT(text, HasSubstr("\nsection_end:1:faultrig_1\r\x1b[0K\n"));
  EXPECT_EQ(count_of(text, "section_start"), 1U);
}

TEST(Junit, IsNoGoodReportOfARunThatWasEnded) {
  std::string text =
      report("junit", {passed("a"), left("b")}, "interrupted by SIGINT");
  EXPECT_THAT(text, HasSubstr("<testsuites tests=\"3\" failures=\"0\" "
                              "errors=\"1\" skipped=\"1\""));
  EXPECT_THAT(text, HasSubstr("<skipped message=\"not run: interrupted by "
                              "SIGINT\"/>"));
  EXPECT_THAT(text, HasSubstr("name=\"ran to its end\""));
  EXPECT_THAT(text, HasSubstr("timestamp=\"2024-05-06T07:08:09\""));
}

TEST(Junit, NamesNoTwoCasesAlike) {
  std::string text = report("junit", {passed("a"), passed("a")});
  EXPECT_THAT(text, HasSubstr("name=\"a\""));
  EXPECT_THAT(text, HasSubstr("name=\"a (2)\""));
}

TEST(Junit, StaysBelowWhatGitlabTakes) {
  std::vector<Judgement> all;
  for (int i = 0; i < 5'000; ++i) {
    all.push_back(failed("s" + std::to_string(i), "why"));
    all.back().printed = {std::string(6000, 'x'), std::string(6000, 'y')};
  }
  EXPECT_LT(report("junit", all).size(), std::size_t{30} << 20);
}

}  // namespace
}  // namespace faultrig
