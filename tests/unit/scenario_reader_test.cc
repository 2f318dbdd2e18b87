#include "harness/parse/scenario_reader.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "tests/unit/scenario_readings.h"

namespace faultrig {
namespace {

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
            "3:40 expected true, or a port such as 8080, not 'false'\n");
  EXPECT_EQ(about_fault("memory: {max: 1GB, when: {output: a, test: T}}"), "");
  EXPECT_EQ(about_fault("memory: {max: 1GB, when: {}}"),
            "3:22 when needs at least one of after, output, test, call, nth, "
            "path, fd, peer, in, site, of, side, accepted, listening, ready, "
            "in_flight, "
            "answered, fault, release\n");
}

TEST(ScenarioReader, SuggestsWhatWasMeant) {
  EXPECT_EQ(
      complaints_of("abuot: x\n" + kGo + "expect: [{output: {contains: a}}]\n"),
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
            "optional, when, until)\n");
}

TEST(ScenarioReader, AsksForWhatIsMissing) {
  EXPECT_EQ(complaints_of(""),
            "1:1 the file is empty: a scenario needs a workload\n");
  EXPECT_EQ(complaints_of("about: x\n"),
            "1:1 the key 'workload' is missing\n"
            "1:1 nothing to check: 'faults' or 'expect' is missing\n");
  EXPECT_EQ(complaints_of("workload:\nexpect: [{output: {contains: a}}]\n"),
            "1:1 workload needs exactly one of go_test, command, service\n");
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
  EXPECT_EQ(about_fault("memory: swap"),
            "3:11 memory takes a map such as {swap: ...}\n");
  EXPECT_EQ(about_fault("signal: {send: TERM, every: 5}"),
            "3:31 expected a time such as 200ms, not '5'\n");
  EXPECT_EQ(about_fault("syscall: {call: read, error: EIO, nth: 0}"),
            "3:42 expected which calls to take, such as 3, 3+, 2..9 or 1+2, "
            "not '0'\n");
  EXPECT_EQ(about_fault("syscall: {call: read, error: EIO, chance: 101%}"),
            "3:45 expected a percentage such as 10%, not '101%'\n");
  EXPECT_EQ(complaints_of(kGo + "tags: x\nexpect: [{output: {contains: a}}]\n"),
            "2:7 expected a list such as [one, two], not 'x'\n");
}

// go would take it as one of its own: `-exec` runs a program.
TEST(ScenarioReader, APackageIsNoFlag) {
  std::string rest = "}\nexpect: [{output: {contains: a}}]\n";
  EXPECT_EQ(complaints_of("workload:\n  go_test: {packages: -exec=/x" + rest),
            "2:23 '-exec=/x' is a flag, not a package: write it below "
            "'flags'\n");
  EXPECT_EQ(complaints_of("workload:\n  go_test: {packages: [./a, -c]" + rest),
            "2:29 '-c' is a flag, not a package: write it below 'flags'\n");
  EXPECT_EQ(complaints_of("workload:\n  go_test: {packages: [./a, b-c]" + rest),
            "");
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
    std::string complaint = complaints_of(
        kGo + "golden: " + word + "\nexpect: [{output: {contains: a}}]\n");
    EXPECT_EQ(complaint.substr(0, 28), "2:9 expected true or false, ") << word;
  }
}

TEST(ScenarioReader, SaysWhereAKeyBelongsThatStandsOneLevelOff) {
  EXPECT_EQ(complaints_of("workload:\n  command: [serve]\n  golden: false\n"
                          "faults:\n- memory: {max: 64MiB}\n"),
            "3:3 unknown key 'golden': it belongs beside 'workload'\n");
  EXPECT_EQ(complaints_of("workload:\n  go_test: {deadline: 2s}\n"
                          "faults:\n- memory: {max: 64MiB}\n"),
            "2:13 unknown key 'deadline': it belongs below 'workload'\n");
  EXPECT_EQ(complaints_of("packages: ./x\n" + kGo +
                          "faults:\n- memory: {max: 64MiB}\n"),
            "1:1 unknown key 'packages': it belongs below 'go_test'\n");
  EXPECT_EQ(about_fault("memory: {max: 64MiB, after: 2s}"),
            "3:24 unknown key 'after': it belongs below 'when'\n");
}

}  // namespace
}  // namespace faultrig
