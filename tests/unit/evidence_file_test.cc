#include "harness/store/evidence_file.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>

#include <gtest/gtest.h>

#include "harness/report/json.h"
#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

namespace fs = std::filesystem;

class EvidenceFolder : public testing::Test {
 protected:
  EvidenceFolder()
      : folder_(
            fs::temp_directory_path() /
            ("faultrig-evidence-" + std::to_string(std::random_device{}()))) {}
  ~EvidenceFolder() override { fs::remove_all(folder_); }

  void put(const std::string& name, const std::string& text) {
    fs::create_directories(folder_);
    std::ofstream(folder_ / name) << text;
  }

  fs::path folder_;
};

Scenario scenario() {
  Scenario scenario;
  scenario.name = "memory/killed_by_oom";
  scenario.file = "scenarios/memory/killed_by_oom.yaml";
  scenario.workload.go_test = GoTest{};
  scenario.workload.env["TOKEN"] = "secret-value";
  Fault fault;
  fault.injector = fault.name = "memory";
  scenario.faults.push_back(fault);
  scenario.expect.push_back(
      {"test", params("exited", equal(0)), Place{}, "test: {exited: 0}"});
  scenario.expect.push_back(
      {"output", params("contains", text("\xff")), Place{}, "output: ..."});
  scenario.expect.push_back(
      {"calls", params("path", text("/tmp/?")), Place{}, "calls: ..."});
  return scenario;
}

TraceBuilder run() {
  TraceBuilder trace;
  trace.fault("memory");
  trace.add(Fact::oom_kill, "test", 1).took_effect(0, "counter \x1b[31m rose");
  trace.call("openat", "/tmp/\xff", EIO).call("openat", "/tmp/a", 200);
  trace.add(Fact::trouble, "", -3, "line\nbreak");
  trace.killed("test", SIGKILL, "hoard.test").exited("go", 1);
  trace.add(Fact::run_ended, "", 412'000'000);
  trace.parts.out = std::string("raw \0\xff\x1b bytes", 14);
  trace.parts.err = "signal: killed\n";
  trace.parts.golden = Golden::good;
  trace.parts.provenance = {1, "6.1", "go1.26", "0.1.0", UINT64_MAX};
  return trace;
}

TEST_F(EvidenceFolder, IsNotJudgedWhenAPartIsGone) {
  Evidence evidence = run().evidence();
  ASSERT_TRUE(write_evidence(folder_ / "cut", evidence, scenario(), {}));
  std::filesystem::remove(folder_ / "cut/stdout");
  EXPECT_FALSE(read_evidence(folder_ / "cut"))
      << "nobody knows what it printed";
  TraceBuilder cut = run();
  cut.parts.trace.pop_back();
  ASSERT_TRUE(
      write_evidence(folder_ / "ended", cut.evidence(), scenario(), {}));
  auto kept = read_evidence(folder_ / "ended");
  ASSERT_FALSE(kept);
  EXPECT_THAT(kept.error().what, testing::HasSubstr("no run_ended"));
}

TEST_F(EvidenceFolder, GivesTheSameJudgementWhenReadBack) {
  Evidence evidence = run().evidence();
  ASSERT_TRUE(write_evidence(folder_ / "deep" / "er", evidence, scenario(),
                             {"about: x\n", "the plan\n"}));
  auto kept = read_evidence(folder_ / "deep" / "er");
  ASSERT_TRUE(kept) << kept.error().what;
  EXPECT_EQ(kept->scenario, "memory/killed_by_oom");
  EXPECT_EQ(kept->file, "scenarios/memory/killed_by_oom.yaml");
  EXPECT_EQ(kept->scenario_yaml, "about: x\n");
  EXPECT_EQ(kept->parts.out, evidence.out());
  EXPECT_EQ(kept->parts.golden, Golden::good);
  EXPECT_EQ(kept->parts.provenance.seed, UINT64_MAX);
  Judgement before = judge(scenario(), evidence);
  Judgement after = judge(scenario(), Evidence(kept->parts));
  EXPECT_EQ(judgement_line(before), judgement_line(after));
  EXPECT_EQ(evidence_text(Evidence(kept->parts), scenario()),
            evidence_text(evidence, scenario()));
}

TEST_F(EvidenceFolder, HoldsNoValueOfTheEnvironment) {
  std::string text = evidence_text(run().evidence(), scenario());
  EXPECT_EQ(text.find("secret-value"), std::string::npos);
}

TEST_F(EvidenceFolder, LeavesUnusedFieldsOut) {
  TraceBuilder trace;
  trace.exited("go", 1);
  std::string text = evidence_text(trace.evidence(), scenario());
  EXPECT_NE(text.find("\n{\"at_ns\":1000000,\"from\":\"harness\",\"fact\":"
                      "\"process_ended\",\"number\":256,\"link\":\"go\"}\n"),
            std::string::npos)
      << text;
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

TEST_F(EvidenceFolder, HasNothingButWholeFiles) {
  KeptTexts texts{"about: x\n", "launch\n"};
  ASSERT_TRUE(write_evidence(folder_, run().evidence(), scenario(), texts));
  ASSERT_TRUE(write_evidence(folder_, run().evidence(), scenario(), texts));
  EXPECT_EQ(names_in(folder_),
            (std::vector<std::string>{"evidence.jsonl", "plan.txt",
                                      "scenario.yaml", "stderr", "stdout"}));
}

// A folder as a crash may leave it; that of an older run is gone.
TEST_F(EvidenceFolder, HasTheFilesThatBelongToIt) {
  TraceBuilder trace = run();
  trace.parts.files = {{"crash/3-torn/", ""},
                       {"crash/3-torn/a/log", std::string("x\0y", 3)}};
  put("crash", "a file in its place");
  ASSERT_TRUE(write_evidence(folder_, trace.evidence(), scenario(), {}));
  std::ifstream log(folder_ / "crash" / "3-torn" / "a" / "log");
  std::string content(std::istreambuf_iterator<char>(log), {});
  EXPECT_EQ(content, std::string("x\0y", 3));
  ASSERT_TRUE(write_evidence(folder_, run().evidence(), scenario(), {}));
  EXPECT_FALSE(fs::exists(folder_ / "crash"));
}

TEST_F(EvidenceFolder, HasNoFileForAPlanThatThereIsNot) {
  KeptTexts texts{"about: x\n", "launch\n"};
  ASSERT_TRUE(write_evidence(folder_, run().evidence(), scenario(), texts));
  ASSERT_TRUE(write_evidence(folder_, run().evidence(), scenario(), {}));
  EXPECT_EQ(names_in(folder_),
            (std::vector<std::string>{"evidence.jsonl", "stderr", "stdout"}));
}

TEST_F(EvidenceFolder, IsRefusedWhereItCannotBeWritten) {
  put("file", "x");
  auto written =
      write_evidence(folder_ / "file" / "x", run().evidence(), scenario(), {});
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().what.find("create folder"), std::string::npos);
  fs::create_directories(folder_ / "taken" / "stdout" / "x");
  written = write_evidence(folder_ / "taken", run().evidence(), scenario(), {});
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().what.find("stdout"), std::string::npos);
  EXPECT_FALSE(fs::exists(folder_ / "taken" / "stdout.new"));
}

TEST_F(EvidenceFolder, IsNotReadWhereThereIsNone) {
  EXPECT_FALSE(read_evidence(folder_));
  fs::create_directories(folder_ / "evidence.jsonl");
  auto kept = read_evidence(folder_);
  ASSERT_FALSE(kept);
  EXPECT_NE(kept.error().what.find("not a regular file"), std::string::npos);
}

constexpr const char* kHeader =
    R"({"format":1,"faults":[{"name":"m","injector":"memory"}]})"
    "\n";

std::string trouble_of(const std::string& text) {
  auto kept = parse_evidence(text, "e.jsonl");
  return kept ? "" : kept.error().what;
}

TEST(EvidenceText, PassesOverFactsAndKeysThatItDoesNotKnow) {
  auto kept = parse_evidence(
      kHeader + std::string(R"({"at_ns":5,"fact":"miracle","x":[1]})") + "\n" +
          R"({"at_ns":6,"from":"hearsay","fact":"trouble","y":{}})" + "\n",
      "e.jsonl");
  ASSERT_TRUE(kept);
  ASSERT_EQ(kept->parts.trace.size(), 1u);
  EXPECT_EQ(kept->parts.trace[0].at, std::chrono::nanoseconds(6));
}

TEST(EvidenceText, NamesFileAndLineOfAWrongValue) {
  auto line = [](const char* json) { return kHeader + std::string(json); };
  EXPECT_EQ(trouble_of(""), "e.jsonl:1: empty");
  EXPECT_EQ(trouble_of("nonsense\n"), "e.jsonl:1: not an object of JSON");
  EXPECT_EQ(trouble_of(line("[1]")), "e.jsonl:2: not an object of JSON");
  EXPECT_EQ(trouble_of(line(R"({"at_ns":"x","fact":"trouble"})")),
            "e.jsonl:2: wrong value of 'at_ns'");
  EXPECT_EQ(trouble_of(line(R"({"at_ns":-1,"fact":"trouble"})")),
            "e.jsonl:2: wrong value of 'at_ns'");
  EXPECT_EQ(trouble_of(line(R"({"at_ns":1,"fact":7})")),
            "e.jsonl:2: wrong value of 'fact'");
  EXPECT_EQ(trouble_of(line(R"({"at_ns":1})")), "e.jsonl:2: no 'fact'");
  EXPECT_EQ(trouble_of(line(R"({"at_ns":1,"fact":"trouble","fault":1})")),
            "e.jsonl:2: wrong value of 'fault'");
  EXPECT_EQ(trouble_of(line(R"({"at_ns":1,"fact":"trouble","error":"EX"})")),
            "e.jsonl:2: wrong value of 'error'");
  EXPECT_EQ(
      trouble_of(line(
          R"({"at_ns":1,"fact":"trouble","number":18446744073709551615})")),
      "e.jsonl:2: wrong value of 'number'");
}

TEST(EvidenceText, RefusesWrongHeaders) {
  EXPECT_EQ(trouble_of(R"({"format":2})"),
            "e.jsonl:1: evidence of format 2; this faultrig reads format 1");
  EXPECT_EQ(trouble_of(R"({"format":1,"golden":"silver"})"),
            "e.jsonl:1: wrong value of 'golden'");
  EXPECT_EQ(trouble_of(R"({"format":1,"faults":[{"name":"m"}]})"),
            "e.jsonl:1: wrong value of 'faults'");
  EXPECT_EQ(trouble_of(R"({"format":1,"seed":-1})"),
            "e.jsonl:1: wrong value of 'seed'");
}

TEST(EvidenceText, RefusesLinesThatAreTooLong) {
  EXPECT_EQ(trouble_of(kHeader + std::string((1 << 20) + 1, ' ')),
            "e.jsonl:2: a line of over 1 MiB");
}

TEST(EvidenceText, TakesDeepNestingWithoutFalling) {
  EXPECT_EQ(trouble_of(kHeader + std::string(1 << 20, '[')),
            "e.jsonl:2: not an object of JSON");
}

// `faultrig judge DIR` of the DIR that was given to `run --evidence`.
TEST_F(EvidenceFolder, IsFoundBelowWhereItIsTheOnlyOne) {
  fs::create_directories(folder_ / "memory" / "a");
  put("memory/a/evidence.jsonl", "");
  EXPECT_EQ(one_run_of(folder_).value(), folder_ / "memory" / "a");
  EXPECT_EQ(one_run_of(folder_ / "memory" / "a").value(),
            folder_ / "memory" / "a");
  put("memory/evidence.jsonl", "");
  auto two = one_run_of(folder_);
  ASSERT_FALSE(two);
  EXPECT_EQ(two.error().what,
            folder_.string() +
                " holds 2 runs; name those to judge: " + folder_.string() +
                "/memory, " + folder_.string() + "/memory/a");
  // What is not there is said by who reads it.
  EXPECT_EQ(one_run_of(folder_ / "x").value(), folder_ / "x");
}

TEST(EvidenceText, TellsAStackOnceAndByItsNumberAfterwards) {
  TraceBuilder trace;
  auto stack = std::make_shared<const GoStack>(
      GoStack{{{"a.com/b.F", "/x/f.go", 3}}, "C made the call"});
  for (int i = 0; i < 2; ++i) {
    Observation seen;
    seen.fact = Fact::call_intercepted;
    seen.call = "fsync";
    seen.stack = stack;
    seen.site = "0123456789abcdef";
    trace.add(seen);
  }
  std::string text = evidence_text(Evidence(trace.parts), scenario());
  EXPECT_EQ(text.find("a.com/b.F"), text.rfind("a.com/b.F"));
  auto kept = parse_evidence(text, "kept");
  ASSERT_TRUE(kept) << kept.error().what;
  for (const Observation& seen : kept->parts.trace) {
    ASSERT_NE(seen.stack, nullptr);
    EXPECT_EQ(*seen.stack, *stack);
    EXPECT_EQ(seen.site, "0123456789abcdef");
  }
}

TEST(EvidenceText, RefusesAStackThatNobodyTold) {
  std::string text =
      "{\"format\":1}\n"
      "{\"at_ns\":1,\"fact\":\"call_intercepted\",\"stack_id\":7}\n";
  EXPECT_FALSE(parse_evidence(text, "kept"));
}

}  // namespace
}  // namespace faultrig
