// What we print, byte for byte.
#include "harness/report/report.h"

#include <gtest/gtest.h>

#include "harness/report/json.h"
#include "harness/report/text.h"

namespace faultrig {
namespace {

using std::chrono::milliseconds;

Judgement passed() {
  Judgement judgement;
  judgement.scenario = "memory/killed_by_oom";
  judgement.file = "scenarios/memory/killed_by_oom.yaml";
  judgement.observed = "test killed by SIGKILL, go exited 1";
  judgement.took = milliseconds(412);
  return judgement;
}

Judgement failed() {
  Judgement judgement;
  judgement.scenario = "signal/term_is_graceful";
  judgement.file = "scenarios/signal/term_is_graceful.yaml";
  judgement.verdict = Verdict::fail;
  judgement.took = milliseconds(88);
  judgement.observed = "test killed by SIGTERM, go exited 1";
  judgement.findings = {
      {Verdict::fail,
       "trace 14: SIGTERM sent to test at 52 ms; trace 15: test killed by "
       "SIGTERM at 53 ms",
       {14, 15},
       "test exited 0",
       {9, 5}},
      {Verdict::fail, "trace 16: go exited 1 at 60 ms", {16}, "go exited 0"}};
  judgement.faults = {{"signal", 1}};
  return judgement;
}

std::string json_of(const std::vector<Judgement>& judgements) {
  ReportStyle style;
  style.seed = 7;
  return whole_report(*find_report("json"), style,
                      {judgements, milliseconds(500), ""});
}

TEST(ReportText, GivesAPassOneLine) {
  EXPECT_EQ(result_text(passed(), {}),
            "ok    memory/killed_by_oom         412 ms\n");
}

TEST(ReportText, SaysThatAPassWasAskedNothing) {
  Judgement judgement = passed();
  judgement.asked = false;
  EXPECT_EQ(result_text(judgement, {}),
            "ok    memory/killed_by_oom         412 ms  nothing was asked: "
            "test killed by SIGKILL, go exited 1\n");
  EXPECT_NE(json_of({judgement}).find("\"asked\": false"), std::string::npos);
}

TEST(ReportText, ExplainsAFailAndEndsWithTheCommandThatRepeatsIt) {
  EXPECT_EQ(
      result_text(failed(), {}),
      "FAIL  signal/term_is_graceful       88 ms\n"
      "      expected  test exited 0, go exited 0\n"
      "      observed  test killed by SIGTERM, go exited 1\n"
      "      because   trace 14: SIGTERM sent to test at 52 ms; trace 15: test "
      "killed\n"
      "                by SIGTERM at 53 ms\n"
      "                trace 16: go exited 1 at 60 ms\n"
      "      faults    signal took effect once\n"
      "      rerun     faultrig run scenarios/signal/term_is_graceful.yaml\n");
}

// The end of a long log is what is read, and often all that is kept of it.
TEST(ReportText, RecallsAtTheEndWhatDidNotPass) {
  std::vector<Judgement> all(10, passed());
  all[2] = failed();
  auto end_of = [](const std::vector<Judgement>& judgements) {
    ReportStyle style;
    return find_report("text")->make(style)->end(
        {judgements, milliseconds(500), ""});
  };
  EXPECT_EQ(end_of(all), "9 passed, 1 failed in 0.5 s\n");
  all.push_back(passed());
  all.back().verdict = Verdict::skipped;
  EXPECT_EQ(end_of(all),
            "did not pass:\n"
            "FAIL  signal/term_is_graceful       trace 14: SIGTERM sent to "
            "test at 52 "
            "ms; trace 15: test killed by SIGTERM at 53 ms\n"
            "9 passed, 1 failed, 1 skipped in 0.5 s\n");
}

TEST(ReportText, SaysThatAnInconclusiveRunProvesNothing) {
  Judgement judgement = passed();
  judgement.verdict = Verdict::inconclusive;
  judgement.observed = "test exited 0, go exited 0";
  judgement.evidence = "/tmp/e/memory/killed_by_oom";
  judgement.findings = {{Verdict::inconclusive,
                         "fault 'memory' was installed but never took effect",
                         {},
                         ""}};
  EXPECT_EQ(
      result_text(judgement, {}),
      "VOID  memory/killed_by_oom         412 ms\n"
      "      verdict   inconclusive: this run proves nothing\n"
      "      observed  test exited 0, go exited 0\n"
      "      because   fault 'memory' was installed but never took "
      "effect\n"
      "      evidence  /tmp/e/memory/killed_by_oom\n"
      "      rerun     faultrig run scenarios/memory/killed_by_oom.yaml\n");
}

TEST(ReportText, SaysWhatASkippedScenarioNeeds) {
  Judgement judgement = passed();
  judgement.verdict = Verdict::skipped;
  judgement.findings = {
      {Verdict::skipped, "needs a writable memory cgroup", {}, ""}};
  EXPECT_EQ(
      result_text(judgement, {}),
      "skip  memory/killed_by_oom\n"
      "      because   needs a writable memory cgroup\n"
      "      rerun     faultrig run scenarios/memory/killed_by_oom.yaml\n");
}

TEST(ReportText, CutsLongListsAndEscapesWhatTheWorkloadSaid) {
  Judgement judgement = passed();
  judgement.scenario = "a/b\x1b[2J";
  judgement.file = "my scenarios/it's.yaml";
  judgement.repeat = 3;
  judgement.took = milliseconds(1310);
  judgement.verdict = Verdict::error;
  judgement.observed = "command exited 0";
  for (int i = 0; i < 20; ++i) {
    judgement.findings.push_back(
        {Verdict::error, "trouble\nnumber\x07" + std::to_string(i), {}, ""});
  }
  EXPECT_EQ(result_text(judgement, {}),
            "ERROR a/b\\x1b[2J #3                1.31 s\n"
            "      observed  command exited 0\n"
            "      because   trouble\\nnumber\\x070\n"
            "                trouble\\nnumber\\x071\n"
            "                trouble\\nnumber\\x072\n"
            "                trouble\\nnumber\\x073\n"
            "                trouble\\nnumber\\x074\n"
            "                trouble\\nnumber\\x075\n"
            "                trouble\\nnumber\\x076\n"
            "                trouble\\nnumber\\x077\n"
            "                ... and 12 more\n"
            "      rerun     faultrig run 'my scenarios/it'\\''s.yaml'\n");
}

TEST(ReportText, UsesColourOnlyWhenAsked) {
  TextStyle style;
  EXPECT_EQ(result_text(failed(), style).find('\x1b'), std::string::npos);
  style.color = true;
  EXPECT_EQ(result_text(passed(), style),
            "\x1b[32mok\x1b[0m    memory/killed_by_oom         412 ms\n");
}

TEST(ReportText, KeepsRowsWithinEightyColumns) {
  Judgement judgement = failed();
  std::string words;
  for (int i = 0; i < 200; ++i) {
    words += "w\xC3\xB6rd ";
  }
  judgement.findings[0].because = words;
  std::string text = result_text(judgement, {});
  std::size_t longest = 0;
  std::size_t column = 0;
  for (char letter : text) {
    column = letter == '\n' ? 0 : column + ((letter & 0xC0) != 0x80 ? 1 : 0);
    longest = std::max(longest, column);
  }
  EXPECT_LE(longest, 80u);
  EXPECT_GT(longest, 74u);
}

TEST(ReportText, SumsUp) {
  Totals totals;
  totals.counts = {42, 2, 1, 1, 0};
  EXPECT_EQ(summary_text(totals, milliseconds(12'345), {}),
            "42 passed, 1 failed, 2 skipped, 1 inconclusive in 12.3 s\n");
  totals.counts = {0, 0, 0, 0, 3};
  EXPECT_EQ(summary_text(totals, milliseconds(50), {}),
            "0 passed, 3 errors in 0.1 s\n");
}

TEST(ReportJson, HoldsAllThatWasJudged) {
  std::vector<Judgement> judgements{passed(), failed()};
  judgements[0].ends.push_back(
      {"test", "hoard.test", "hung", "exited 2", "SIGQUIT"});
  judgements[1].findings.resize(1);
  judgements[1].findings[0].because = "odd \xff byte";
  std::string text = json_of(judgements);
  std::size_t version = text.find('\n', 2);
  EXPECT_EQ(text.substr(0, 17), "{\n  \"faultrig\": \"");
  EXPECT_EQ(text.substr(version), R"(
  "format": 1,
  "seed": 7,
  "took_ns": 500000000,
  "totals": {
    "all": 2,
    "pass": 1,
    "fail": 1,
    "inconclusive": 0,
    "error": 0,
    "skipped": 0,
    "not_run": 0,
    "excused": 0
  },
  "scenarios": [
    {
      "name": "memory/killed_by_oom",
      "file": "scenarios/memory/killed_by_oom.yaml",
      "verdict": "pass",
      "took_ns": 412000000,
      "observed": "test killed by SIGKILL, go exited 1",
      "faults": [],
      "ends": [
        {
          "link": "test",
          "program": "hoard.test",
          "how": "hung",
          "status": "exited 2",
          "stopped_by_us": "SIGQUIT"
        }
      ],
      "findings": []
    },
    {
      "name": "signal/term_is_graceful",
      "file": "scenarios/signal/term_is_graceful.yaml",
      "verdict": "fail",
      "took_ns": 88000000,
      "observed": "test killed by SIGTERM, go exited 1",
      "faults": [
        {
          "name": "signal",
          "took_effect": 1
        }
      ],
      "ends": [],
      "findings": [
        {
          "verdict": "fail",
          "because": "odd )"
                                  "\xEF\xBF\xBD"
                                  R"( byte",
          "expected": "test exited 0",
          "cites": [
            14,
            15
          ],
          "line": 9,
          "column": 5
        }
      ]
    }
  ]
}
)");
}

TEST(ReportText, ShowsTheLastLinesBehindABar) {
  Judgement judgement = failed();
  judgement.findings.clear();
  judgement.faults = {{"slow disk", 12}, {"late", 0}};
  judgement.printed.out = "1\n2\n3\n4\n5\n6\x1b[2J\n";
  judgement.printed.err = "::error::mine\n";
  EXPECT_EQ(
      result_text(judgement, {}),
      "FAIL  signal/term_is_graceful       88 ms\n"
      "      observed  test killed by SIGTERM, go exited 1\n"
      "      faults    slow disk took effect 12 times\n"
      "                late never took effect\n"
      "      stdout    | 2\n                | 3\n                | 4\n"
      "                | 5\n                | 6\\x1b[2J\n"
      "      stderr    | ::error::mine\n"
      "      rerun     faultrig run scenarios/signal/term_is_graceful.yaml\n");
}

TEST(ReportText, CountsWhatWasNotRunApart) {
  Judgement left = passed();
  left.verdict = Verdict::skipped;
  left.apart.not_run = "interrupted by SIGTERM";
  Totals totals = totals_of(std::vector<Judgement>{passed(), left});
  EXPECT_EQ(totals.all(), 1U);
  EXPECT_EQ(summary_text(totals, milliseconds(500), {}),
            "1 passed, 1 not run in 0.5 s\n");
}

TEST(ReportText, NamesWhatWasNotRunAndWhy) {
  std::vector<Judgement> all{passed()};
  for (int i = 0; i < 10; ++i) {
    Judgement left;
    left.scenario = std::string(1, static_cast<char>('a' + i));
    left.verdict = Verdict::skipped;
    left.apart.not_run = "no time left in --budget 5m";
    all.push_back(left);
  }
  EXPECT_EQ(whole_report(*find_report("text"), {},
                         RunEnd{all, milliseconds(500), ""}),
            result_text(passed(), {}) +
                "not run: no time left in --budget 5m\n"
                "                a, b, c, d, e, f, g, h, ... and 2 more\n"
                "1 passed, 10 not run in 0.5 s\n");
}

TEST(Reports, AreNamedOnce) {
  EXPECT_EQ(report_names(),
            "text, json, junit, html, trace, otlp, tap, events, github "
            "or gitlab");
  EXPECT_EQ(report_names(" (default)"),
            "text (default), json, junit, html, trace, otlp, tap, events, "
            "github or gitlab");
  EXPECT_EQ(find_report("xml"), nullptr);
}

TEST(Reports, TellAtOnceWhatTheirFormAllows) {
  std::vector<Judgement> all{passed(), failed()};
  for (const ReportType& type : report_types()) {
    auto report = type.make({});
    std::string text = report->result(all[0]) + report->result(all[1]);
    bool at_once = type.name == "text" || type.name == "gitlab" ||
                   type.name == "tap" || type.name == "events" ||
                   type.name == "otlp";
    EXPECT_EQ(text.empty(), !at_once) << type.name;
    std::string end = report->end({all, milliseconds(500), ""});
    EXPECT_EQ(end.empty(), type.name == "tap" || type.name == "otlp")
        << type.name;
  }
}

TEST(ReportJson, ReadsBackWhatAWorkerHandsOver) {
  Judgement whole = failed();
  whole.ends = {{"test", "store.test", "killed", "killed by SIGKILL", ""},
                {"go", "go", "hung", "", "SIGQUIT"}};
  whole.asked = false;
  whole.repeat = 3;
  whole.evidence = "kept/here";
  auto read = parse_judgement_line(judgement_line(whole));
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(judgement_line(*read), judgement_line(whole));
  auto plain = parse_judgement_line(judgement_line(passed()));
  ASSERT_TRUE(plain) << plain.error().what;
  EXPECT_TRUE(plain->asked);
  EXPECT_EQ(result_text(*plain, {}), result_text(passed(), {}));
  EXPECT_FALSE(parse_judgement_line("{}"));
}

}  // namespace
}  // namespace faultrig
