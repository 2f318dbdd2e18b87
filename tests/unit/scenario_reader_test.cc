#include "harness/parse/scenario_reader.h"

#include <algorithm>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "tests/unit/sample_language.h"

namespace faultrig {
namespace {

// A file that need not exist, in a folder that does.
std::filesystem::path here() {
  return std::filesystem::temp_directory_path() / "scenario.yaml";
}

ReadScenario read(std::string_view text) {
  return read_scenario(text, {"memory/oom", here()}, sample_language());
}

// The complaints as `line:column what`, one a line.
std::string complaints_of(std::string_view text) {
  std::string out;
  ReadScenario result = read(text);
  EXPECT_EQ(result.scenario.has_value(), result.complaints.empty());
  for (const Complaint& complaint : result.complaints) {
    out += std::to_string(complaint.place.line) + ":" +
           std::to_string(complaint.place.column) + " " + complaint.what + "\n";
  }
  return out;
}

const std::string kGo = "workload: {go_test: {packages: ./hoard}}\n";
const std::string kCommand = "workload: {command: [serve]}\n";

// Complaints about one fault, on line 3.
std::string about_fault(const std::string& fault) {
  return complaints_of(kGo + "faults:\n- " + fault + "\n");
}

// Complaints about one expectation, on line 5; there is a fault `memory`.
std::string about_expectation(const std::string& expectation) {
  return complaints_of(kGo + "faults:\n- memory: {max: 64MiB}\nexpect:\n- " +
                       expectation + "\n");
}

Scenario good(const std::string& text) {
  ReadScenario result = read(text);
  for (const Complaint& complaint : result.complaints) {
    ADD_FAILURE() << format_complaint("x", text, complaint);
  }
  return result.scenario.value_or(Scenario{});
}

TEST(ScenarioReader, ReadsTheWholeScenario) {
  Scenario scenario = good(
      "about: A test that hoards memory is killed\n"
      "tags: [memory, workshop]\n"
      "golden: false\n"
      "workload:\n"
      "  go_test:\n"
      "    dir: .\n"
      "    packages: [./hoard, ./b]\n"
      "    run: ^TestHoard$\n"
      "    count: 2\n"
      "    mode: binary\n"
      "    timeout: 1m30s\n"
      "  env: {A: 1, B: \"\"}\n"
      "  clean_env: [PATH]\n"
      "  deadline: 5s\n"
      "faults:\n"
      "  - memory: {max: 64MiB, at: go, name: hog, when: {after: 200ms}}\n"
      "expect:\n"
      "  - test: {killed_by: SIGKILL}\n");
  EXPECT_EQ(scenario.name, "memory/oom");
  EXPECT_EQ(scenario.about, "A test that hoards memory is killed");
  EXPECT_EQ(scenario.tags, (std::vector<std::string>{"memory", "workshop"}));
  EXPECT_FALSE(scenario.golden);
  ASSERT_TRUE(scenario.workload.go_test);
  const GoTest& go = *scenario.workload.go_test;
  EXPECT_EQ(go.dir, std::filesystem::temp_directory_path());
  EXPECT_EQ(go.packages, (std::vector<std::string>{"./hoard", "./b"}));
  EXPECT_EQ(go.run, "^TestHoard$");
  EXPECT_EQ(go.count, 2);
  EXPECT_EQ(go.mode, GoTest::Mode::binary);
  EXPECT_EQ(go.timeout, "1m30s");
  EXPECT_EQ(scenario.workload.env.at("A"), "1");
  EXPECT_EQ(scenario.workload.env.at("B"), "");
  EXPECT_TRUE(scenario.workload.clean_env);
  EXPECT_EQ(scenario.workload.keep_env, std::vector<std::string>{"PATH"});
  EXPECT_EQ(scenario.workload.deadline, std::chrono::seconds(5));
  ASSERT_EQ(scenario.faults.size(), 1U);
  const Fault& fault = scenario.faults[0];
  EXPECT_EQ(fault.injector, "memory");
  EXPECT_EQ(fault.name, "hog");
  EXPECT_EQ(fault.at, Link::go);
  EXPECT_EQ(fault.when.text(), "after 200ms");
  EXPECT_EQ(fault.params.get<Bytes>("max"), Bytes{64 << 20});
  EXPECT_FALSE(fault.params.has("at"));
  ASSERT_EQ(scenario.expect.size(), 1U);
  EXPECT_EQ(scenario.expect[0].type, "test");
  EXPECT_EQ(scenario.expect[0].text, "test: {killed_by: SIGKILL}");
  EXPECT_EQ(scenario.expect[0].params.get<std::int64_t>("killed_by"), 9);
}

TEST(ScenarioReader, DefaultsAreThereButNotWritten) {
  Scenario scenario = good(kCommand + "faults:\n- memory: {max: 1GB}\n");
  EXPECT_TRUE(scenario.golden);
  EXPECT_EQ(scenario.workload.deadline, std::chrono::seconds(60));
  EXPECT_EQ(scenario.workload.cwd, std::filesystem::temp_directory_path());
  EXPECT_FALSE(scenario.workload.clean_env);
  const Fault& fault = scenario.faults.at(0);
  EXPECT_EQ(fault.at, Link::command);
  EXPECT_EQ(fault.name, "memory");
  EXPECT_EQ(fault.when.when, Trigger::When::start);
  EXPECT_EQ(fault.params.get<Bytes>("swap"), Bytes{0});
  EXPECT_FALSE(fault.params.written("swap"));
  EXPECT_TRUE(fault.params.written("max"));
}

TEST(ScenarioReader, GoTestsHaveDefaultsToo) {
  Scenario scenario =
      good("workload: {go_test:}\nexpect:\n- test: {exited: 0}\n");
  ASSERT_TRUE(scenario.workload.go_test);
  EXPECT_EQ(scenario.workload.go_test->packages, std::vector<std::string>{"."});
  EXPECT_EQ(scenario.workload.go_test->go, "go");
  EXPECT_EQ(scenario.workload.go_test->dir,
            std::filesystem::temp_directory_path());
}

TEST(ScenarioReader, TakesABareValueForTheShorthand) {
  Scenario scenario =
      good(kGo +
           "faults:\n- signal: TERM\n"
           "expect:\n- took_effect: signal\n- leftovers: none\n"
           "- leftovers: {at_least: 2}\n- leftovers: {count: {not: 1}}\n");
  EXPECT_EQ(scenario.faults.at(0).params.get<std::int64_t>("send"), 15);
  EXPECT_EQ(scenario.expect.at(0).params.get<std::string>("fault"), "signal");
  EXPECT_TRUE(scenario.expect.at(1).params.get<NumberTest>("count").holds(0));
  EXPECT_EQ(scenario.expect.at(2).params.get<NumberTest>("count").text(),
            "at least 2");
  EXPECT_EQ(scenario.expect.at(3).params.get<NumberTest>("count").text(),
            "not 1");
}

TEST(ScenarioReader, ReadsEveryFormOfATrigger) {
  auto when = [](const std::string& form) {
    Scenario scenario =
        good(kGo + "faults:\n- memory: {max: 1GB, when: " + form + "}\n");
    return scenario.faults.empty() ? "" : scenario.faults[0].when.text();
  };
  EXPECT_EQ(when("start"), "start");
  EXPECT_EQ(when("{after: 2s}"), "after 2s");
  EXPECT_EQ(when("{output: ^ready$}"), "output ^ready$");
  EXPECT_EQ(when("{test: TestA}"), "test TestA");
  EXPECT_EQ(when("{call: openat, nth: 3, path: /etc/*, fd: file}"),
            "call openat, nth 3, path /etc/*, fd file");
  EXPECT_EQ(when("{listening: true}"), "listening");
}

TEST(ScenarioReader, RefusesATriggerThatIsNone) {
  EXPECT_EQ(about_fault("memory: {max: 1GB, when: 200ms}"),
            "3:28 expected start, or a map such as {after: 200ms}, not "
            "'200ms'\n");
  EXPECT_EQ(about_fault("memory: {max: 1GB, when: listening}"),
            "3:28 expected a map such as {listening: ...}\n");
  EXPECT_EQ(about_fault("memory: {max: 1GB, when: {after: 1s, nth: 3}}"),
            "3:40 'nth' stands only beside 'call'\n");
  EXPECT_EQ(about_fault("memory: {max: 1GB, when: {listening: false}}"),
            "3:40 listening can only be true\n");
  EXPECT_EQ(about_fault("memory: {max: 1GB, when: {after: 1s, test: T}}"),
            "3:40 'test' beside 'after': when takes exactly one of after, "
            "output, test, call, listening\n");
  EXPECT_EQ(about_fault("memory: {max: 1GB, when: {}}"),
            "3:22 when needs exactly one of after, output, test, call, "
            "listening\n");
}

TEST(ScenarioReader, SuggestsWhatWasMeant) {
  EXPECT_EQ(complaints_of("abuot: x\n" + kGo + "expect: []\n"),
            "1:1 unknown key 'abuot' (did you mean 'about'?)\n");
  EXPECT_EQ(about_fault("sginal: TERM"),
            "3:3 unknown injector 'sginal' (did you mean 'signal'?)\n");
  EXPECT_EQ(about_fault("signal: SIGTRM"),
            "3:11 unknown signal 'SIGTRM' (did you mean 'SIGTERM'?)\n");
  EXPECT_EQ(about_fault("signal: 15"),
            "3:11 signals have names here: SIGTERM\n");
  EXPECT_EQ(about_fault("signal: {send: TERM, to: tset}"),
            "3:28 unknown to 'tset' (did you mean 'test'?)\n");
  EXPECT_EQ(about_fault("syscall: {call: opnat, error: EIO}"),
            "3:19 unknown call 'opnat' (did you mean 'openat'?)\n");
  EXPECT_EQ(about_fault("syscall: {call: '%fil', error: EIO}"),
            "3:19 unknown class of calls '%fil' (did you mean '%file'?)\n");
  EXPECT_EQ(about_fault("syscall: {call: read, error: EIOO}"),
            "3:32 unknown error 'EIOO' (did you mean 'EIO'?)\n");
  EXPECT_EQ(about_fault("memory: {max: 1GB, swp: 0}"),
            "3:22 unknown key 'swp' (did you mean 'swap'?)\n");
  EXPECT_EQ(about_fault("memory: {max: 1GB, wehn: start}"),
            "3:22 unknown key 'wehn' (did you mean 'when'?)\n");
  EXPECT_EQ(about_expectation("tets: {exited: 1}"),
            "5:3 unknown expectation 'tets' (did you mean 'test'?)\n");
  EXPECT_EQ(about_expectation("took_effect: memroy"),
            "5:16 no fault has the name 'memroy' (did you mean 'memory'?)\n");
}

TEST(ScenarioReader, NamesWhatThereIsWhereNothingIsNear) {
  EXPECT_EQ(about_fault("gravity: 9"),
            "3:3 unknown injector 'gravity' (there are memory, signal, "
            "syscall)\n");
  EXPECT_EQ(about_fault("memory: {max: 1GB, zzz: 1}"),
            "3:22 unknown key 'zzz' (memory takes max, swap, group, at, name, "
            "when)\n");
}

TEST(ScenarioReader, AsksForWhatIsMissing) {
  EXPECT_EQ(complaints_of(""),
            "1:1 the file is empty: a scenario needs a workload\n");
  EXPECT_EQ(complaints_of("about: x\n"),
            "1:1 the key 'workload' is missing\n"
            "1:1 nothing to check: 'faults' or 'expect' is missing\n");
  EXPECT_EQ(complaints_of("workload:\nexpect: []\n"),
            "1:1 workload needs exactly one of go_test, command\n");
  EXPECT_EQ(about_fault("memory:"), "3:3 memory needs the key 'max'\n");
  EXPECT_EQ(about_fault("syscall: {call: read}"),
            "3:3 syscall needs exactly one of error, returns, delay\n");
  EXPECT_EQ(about_expectation("output: {}"),
            "5:3 output needs at least one of contains, matches\n");
  EXPECT_EQ(about_expectation("tests:"), "5:3 tests needs at least one key\n");
}

TEST(ScenarioReader, AValueOfTheWrongKindIsToldTheRightOne) {
  EXPECT_EQ(about_fault("memory: {max: 64XB}"),
            "3:17 expected a size such as 64MiB, not '64XB'\n");
  EXPECT_EQ(about_fault("memory: {max: [1]}"),
            "3:17 expected a size such as 64MiB, not a list\n");
  EXPECT_EQ(about_fault("memory: {max: }"),
            "3:12 expected a size such as 64MiB, not nothing\n");
  EXPECT_EQ(about_fault("memory: 64MiB"),
            "3:11 memory takes a map such as {max: ...}\n");
  EXPECT_EQ(about_fault("signal: {send: TERM, every: 5}"),
            "3:31 expected a time such as 200ms, not '5'\n");
  EXPECT_EQ(about_fault("syscall: {call: read, error: EIO, nth: 0}"),
            "3:42 expected which calls to take, such as 3, 3+, 2..9 or 1+2, "
            "not '0'\n");
  EXPECT_EQ(about_fault("syscall: {call: read, error: EIO, chance: 101%}"),
            "3:45 expected a percentage such as 10%, not '101%'\n");
  EXPECT_EQ(complaints_of(kGo + "tags: x\nexpect: []\n"),
            "2:7 expected a list such as [one, two], not 'x'\n");
}

TEST(ScenarioReader, NumbersAreDecimalAndPlain) {
  for (const char* number : {"010", "0x1F", "1e3", "1_000", "+5", "3.0",
                             "99999999999999999999", "~", "[]"}) {
    EXPECT_NE(
        about_fault(std::string("signal: {send: TERM, times: ") + number + "}"),
        "")
        << number;
  }
  EXPECT_EQ(about_fault("signal: {send: TERM, times: '3'}"),
            "3:31 a number is written without quotes\n");
  EXPECT_EQ(about_fault("signal: {send: TERM, times: 0}"),
            "3:31 times must be at least 1\n");
  EXPECT_EQ(about_fault("syscall: {call: read, returns: -1}"), "");
  EXPECT_EQ(about_fault("memory: {max: '64'}"),
            "3:17 a number is written without quotes\n");
  EXPECT_NE(about_expectation("test: {exited: -1}"), "");
}

TEST(ScenarioReader, OnlyTrueAndFalseAreBooleans) {
  for (const char* word :
       {"yes", "no", "on", "off", "y", "n", "True", "NO", "'true'", "1"}) {
    std::string complaint =
        complaints_of(kGo + "golden: " + word + "\nexpect: []\n");
    EXPECT_EQ(complaint.substr(0, 28), "2:9 expected true or false, ") << word;
  }
}

TEST(ScenarioReader, WordsThatLookLikeValuesAreFineAsText) {
  Scenario scenario =
      good("about: yes\ntags: [1, true]\n" + kGo + "expect: []\n");
  EXPECT_EQ(scenario.about, "yes");
  EXPECT_EQ(scenario.tags, (std::vector<std::string>{"1", "true"}));
}

TEST(ScenarioReader, RefusesAnExpressionThatRE2DoesNotTake) {
  EXPECT_EQ(about_expectation("output: {matches: 'a(b'}").substr(0, 41),
            "5:21 no regular expression (RE2): missing");
  EXPECT_NE(about_expectation("output: {matches: '(?=a)'}"), "");
}

TEST(ScenarioReader, OneElementHasOneKey) {
  EXPECT_EQ(about_fault("memory:\n  max: 64MiB"),
            "3:3 memory needs the key 'max'\n"
            "4:3 a second key in one element: indent it below 'memory', or "
            "begin a new element with '- '\n");
  EXPECT_EQ(about_fault("memory"),
            "3:3 expected an element such as '- memory: {max: 64MiB}'\n");
  EXPECT_EQ(about_fault(""),
            "3:1 expected an element such as '- memory: {max: 64MiB}'\n");
  EXPECT_EQ(complaints_of(kGo + "faults: {memory: {max: 1GB}}\n"),
            "2:1 faults takes a list of elements such as '- memory: {max: "
            "64MiB}'\n");
}

TEST(ScenarioReader, AWorkloadIsOneOfTwo) {
  EXPECT_EQ(complaints_of("workload:\n  go_test: {}\n  command: [a]\n"
                          "expect: []\n"),
            "3:3 'command' beside 'go_test': workload takes exactly one of "
            "go_test, command\n");
  EXPECT_EQ(complaints_of("workload: {command: []}\nexpect: []\n"),
            "1:21 command must begin with a program\n");
  EXPECT_EQ(complaints_of("workload: {command: serve -v}\nexpect: []\n"),
            "1:21 expected a list such as [one, two], not 'serve -v'\n");
}

TEST(ScenarioReader, ChecksTheWorkloadsDetails) {
  EXPECT_EQ(complaints_of("workload:\n  go_test:\n    dir: no/such/folder\n"
                          "expect: []\n")
                .substr(0, 25),
            "3:10 no such folder: '" +
                std::filesystem::temp_directory_path().string().substr(0, 3));
  EXPECT_EQ(complaints_of("workload: {go_test: {}, cwd: .}\nexpect: []\n"),
            "1:25 cwd is for a command: go_test has the key 'dir'\n");
  EXPECT_EQ(complaints_of("workload: {go_test: {flags: [-race, -run=X]}}\n"
                          "expect: []\n"),
            "1:37 use the key 'run' instead of this flag\n");
  EXPECT_EQ(complaints_of("workload: {go_test: {timeout: 5}}\nexpect: []\n"),
            "1:31 expected a time of Go's such as 1m30s, not '5'\n");
  EXPECT_EQ(complaints_of("workload: {command: [a], deadline: 0s}\n"
                          "expect: []\n"),
            "1:36 deadline must be more than nothing\n");
  EXPECT_EQ(
      complaints_of("workload: {command: [a], clean_env: false}\n"
                    "expect: []\n"),
      "1:37 expected true, or a list such as [PATH, HOME], not 'false'\n");
  EXPECT_EQ(complaints_of("workload: {command: [a], env: {A=B: 1}}\n"
                          "expect: []\n"),
            "1:32 no name of a variable: 'A=B'\n");
}

TEST(ScenarioReader, ALinkMustBeOneOfTheWorkloads) {
  EXPECT_EQ(about_fault("memory: {max: 1GB, at: command}"),
            "3:26 go_test has no link 'command': 'test' or 'go'\n");
  EXPECT_EQ(complaints_of(kCommand + "faults:\n- memory: {max: 1GB, at: go}\n"),
            "3:26 a command has no link 'go': only 'command'\n");
  EXPECT_EQ(about_expectation("command: {exited: 0}"),
            "5:3 go_test has no link 'command': ask 'test' or 'go'\n");
  EXPECT_EQ(complaints_of(kCommand + "expect:\n- test: {exited: 0}\n"),
            "3:3 a command has no link 'test': ask 'command'\n");
}

TEST(ScenarioReader, NamesOfFaultsAreCitable) {
  std::string faults =
      kGo + "faults:\n- memory: {max: 1GB, name: hog}\n- signal: TERM\n";
  EXPECT_EQ(complaints_of(faults + "expect:\n- took_effect: hog\n"
                                   "- took_effect: memory\n"
                                   "- ended: {within: 2s, after: signal}\n"),
            "");
  EXPECT_EQ(
      complaints_of(faults + "expect:\n- ended: {within: 2s, after: sgnal}\n"),
      "6:30 no fault has the name 'sgnal' (did you mean 'signal'?)\n");
}

TEST(ScenarioReader, NamesOfFaultsAreUnmistakable) {
  EXPECT_EQ(complaints_of(kGo + "faults:\n- memory: {max: 1GB, name: a}\n"
                                "- signal: {send: TERM, name: a}\n"),
            "4:30 another fault has the name 'a'\n");
  EXPECT_EQ(about_fault("memory: {max: 1GB, name: signal}"),
            "3:28 'signal' is the name of an injector\n");
  EXPECT_EQ(about_fault("memory: {max: 1GB, name: memory}"), "");
  EXPECT_EQ(complaints_of(kGo + "faults:\n- signal: TERM\n- signal: HUP\n"),
            "");
}

TEST(ScenarioReader, AnyKeyGivesOneMap) {
  Scenario scenario =
      good(kGo + "expect:\n- tests: {TestA: pass, TestB/x y: skip}\n");
  auto each =
      scenario.expect.at(0).params.get<std::map<std::string, std::string>>(
          "each");
  EXPECT_EQ(each.at("TestA"), "pass");
  EXPECT_EQ(each.at("TestB/x y"), "skip");
  EXPECT_EQ(about_expectation("tests: {TestA: passed}"),
            "5:18 unknown name of a test 'passed' (did you mean 'pass'?)\n");
}

TEST(ScenarioReader, ReadsASequenceOfCalls) {
  Scenario scenario = good(
      kGo +
      "expect:\n- calls: {sequence: [openat, {call: '%network', error: EIO, "
      "path: /x*}]}\n");
  auto patterns =
      scenario.expect.at(0).params.get<std::vector<CallPattern>>("sequence");
  ASSERT_EQ(patterns.size(), 2U);
  EXPECT_EQ(patterns[0].calls, std::vector<std::string>{"openat"});
  EXPECT_FALSE(patterns[0].error);
  EXPECT_GT(patterns[1].calls.size(), 10U);
  EXPECT_EQ(patterns[1].error, 5);
  EXPECT_EQ(patterns[1].path, "/x*");
  EXPECT_EQ(about_expectation("calls: {sequence: [{cal: x}]}"),
            "5:22 sequence needs at least one of call, error, path\n"
            "5:23 unknown key 'cal' (did you mean 'call'?)\n");
}

TEST(ScenarioReader, TellsAllErrorsInOrderButNoMoreThanTwenty) {
  std::string text = "x1: 1\n" + kGo + "faults:\n";
  for (int i = 0; i < 30; ++i) {
    text += "- memory: {max: bad}\n";
  }
  ReadScenario result = read(text);
  EXPECT_FALSE(result.scenario);
  ASSERT_EQ(result.complaints.size(), 20U);
  EXPECT_EQ(result.complaints[0].place.line, 1);
  EXPECT_TRUE(std::is_sorted(result.complaints.begin(), result.complaints.end(),
                             [](const Complaint& a, const Complaint& b) {
                               return a.place.line < b.place.line;
                             }));
}

TEST(ScenarioReader, WhatIsWrongInTheYamlIsToldBesideTheRest) {
  EXPECT_EQ(
      complaints_of("about: a\nabout: b\nabuot: c\n" + kGo + "expect: []\n"),
      "2:1 the key 'about' is there already\n"
      "3:1 unknown key 'abuot' (did you mean 'about'?)\n");
}

TEST(FormatComplaint, ShowsTheLineAndACaret) {
  EXPECT_EQ(format_complaint("a.yaml", "a: 1\nb: {send: SIGTRM}\n",
                             {{2, 11}, "unknown signal 'SIGTRM'", 6}),
            "a.yaml:2:11: unknown signal 'SIGTRM'\n"
            "  b: {send: SIGTRM}\n"
            "            ^~~~~~\n");
}

TEST(FormatComplaint, EscapesWhatATerminalWouldObey) {
  std::string out = format_complaint("\x1b[2J.yaml", "a: \x1b[31m\xFFx\tz",
                                     {{1, 7}, "bad \x07", 1});
  EXPECT_EQ(out,
            "\\x1b[2J.yaml:1:7: bad \\x07\n"
            "  a: \\x1b[31m\xEF\xBF\xBDx z\n"
            "           ^\n");
}

TEST(FormatComplaint, CutsALongLineAroundThePlace) {
  std::string line = std::string(500, 'a') + "HERE" + std::string(500, 'b');
  std::string out = format_complaint("f", line + "\n", {{1, 501}, "x", 4});
  std::size_t first = out.find('\n') + 1;
  std::size_t second = out.find('\n', first) + 1;
  std::string shown = out.substr(first, second - first - 1);
  EXPECT_LE(shown.size(), 80U);
  EXPECT_EQ(out.find('^', second) - second, shown.find("HERE"));
  EXPECT_TRUE(shown.ends_with("..."));
  EXPECT_TRUE(shown.starts_with("  ..."));
}

TEST(FormatComplaint, FitsEightyColumnsWhateverThePlace) {
  std::string line(200, 'x');
  for (int column : {1, 2, 40, 75, 76, 77, 78, 79, 80, 120, 199, 200, 201}) {
    std::string out = format_complaint("f", line, {{1, column}, "x", 300});
    for (std::size_t at = 0; at < out.size();) {
      std::size_t end = out.find('\n', at);
      EXPECT_LE(end - at, 80U) << column;
      at = end + 1;
    }
  }
}

TEST(FormatComplaint, WideCharactersTakeTwoColumns) {
  EXPECT_EQ(
      format_complaint("f", "\xE4\xB8\xAD\xE6\x96\x87: x", {{1, 5}, "x", 1}),
      "f:1:5: x\n"
      "  \xE4\xB8\xAD\xE6\x96\x87: x\n"
      "        ^\n");
}

TEST(FormatComplaint, APlaceOutsideTheTextHasNoLine) {
  EXPECT_EQ(format_complaint("f", "a", {{7, 1}, "gone", 1}), "f:7:1: gone\n");
  EXPECT_EQ(format_complaint("f", "a", {{0, 0}, "gone", 1}), "f: gone\n");
}

}  // namespace
}  // namespace faultrig
