// Kept runs for other tools.
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "tests/kernel/command_folder.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Json = nlohmann::json;

class Exports : public CommandFolder {
 protected:
  // Two runs, one of which fails.
  void keep_two() {
    write("s/good.yaml",
          "workload: {command: [echo, hello]}\n"
          "expect:\n  - output: {contains: hello}\n");
    write("s/bad.yaml",
          "workload: {command: [sleep, 60]}\ngolden: false\n"
          "faults:\n  - signal: {send: SIGKILL}\n"
          "expect:\n  - command: {exited: 0}\n");
    ASSERT_EQ(sh("\"$faultrig\" run s --evidence e").status.text(), "exited 1");
  }
};

// It asks for no verdict.
TEST_F(Exports, AreAProcessForEachRunInATraceOfChrome) {
  keep_two();
  Outcome told = sh("\"$faultrig\" export e --as chrome -o trace.json");
  ASSERT_EQ(told.status.text(), "exited 0") << told.err;
  EXPECT_EQ(told.out, "");
  std::set<std::string> processes;
  std::set<std::string> instants;
  Json trace = Json::parse(read("trace.json"));
  for (const Json& event : trace["traceEvents"]) {
    if (event["name"] == "process_name") {
      processes.insert(event["args"]["name"]);
    }
    if (event["ph"] == "i") {
      instants.insert(event["cat"]);
    }
  }
  EXPECT_THAT(processes, ElementsAre("bad", "good"));
  EXPECT_TRUE(instants.contains("signal_sent"));
}

TEST_F(Exports, AreALineForEachRunInOtlp) {
  keep_two();
  Outcome told = sh("\"$faultrig\" export e/bad e/good --as otlp");
  ASSERT_EQ(told.status.text(), "exited 0") << told.err;
  std::vector<std::string> names;
  std::set<std::string> traces;
  for (std::string_view line : lines_of(told.out)) {
    Json one = Json::parse(line);
    const Json& span = one["resourceSpans"][0]["scopeSpans"][0]["spans"][0];
    names.push_back(span["name"]);
    traces.insert(span["traceId"]);
  }
  EXPECT_THAT(names, ElementsAre("bad", "good"));
  EXPECT_EQ(traces.size(), 2U);
}

TEST_F(Exports, TellWhichRunIsNotInThem) {
  keep_two();
  std::filesystem::remove(folder() / "e/good/evidence.jsonl");
  Outcome told = sh("\"$faultrig\" export e --as otlp");
  EXPECT_EQ(told.status.text(), "exited 3");
  EXPECT_THAT(told.err, HasSubstr("e/good: its evidence.jsonl is gone"));
  EXPECT_EQ(lines_of(told.out).size(), 1U);
  Outcome one = sh("\"$faultrig\" export e/bad --as otlp");
  EXPECT_EQ(one.status.text(), "exited 0") << one.err;
}

// Spans of a run have their length there, and rows by service and trace.
TEST_F(Exports, HaveTheSpansOfTheWorkload) {
  keep_two();
  std::string spans;
  for (auto [id, name, at, took] :
       {std::tuple(1, "checkout", 90, 80), std::tuple(2, "pay", 60, 30),
        std::tuple(3, "mail", 80, 40)}) {
    spans += "{\"at_ns\":" + std::to_string(at * 1'000'000) +
             ",\"source\":\"go\",\"fact\":\"span\",\"link\":\"command\","
             "\"number\":" +
             std::to_string(took * 1'000'000) + ",\"text\":\"" + name +
             "\",\"stream\":\"shop\",\"action\":\"unset\",\"names\":[\"" +
             std::string(32, 'a') + "\",\"" + std::string(15, '0') +
             std::to_string(id) + "\",\"\",\"client\",\"\",\"\",\"\"]}\n";
  }
  std::string kept = read("e/good/evidence.jsonl");
  std::size_t end = kept.rfind('\n', kept.size() - 2) + 1;
  write("e/good/evidence.jsonl",
        kept.substr(0, end) + spans + kept.substr(end));
  Outcome told = sh("\"$faultrig\" export e/good --as chrome");
  ASSERT_EQ(told.status.text(), "exited 0") << told.err;
  std::map<std::string, std::int64_t> rows;
  std::vector<std::string> names;
  Json trace = Json::parse(told.out);
  for (const Json& event : trace["traceEvents"]) {
    if (event.value("cat", "") == "span") {
      EXPECT_EQ(event["ph"], "X");
      EXPECT_GT(event["dur"], 0);
      rows[event["name"]] = event["tid"];
    }
    if (event["name"] == "thread_name") {
      names.push_back(event["args"]["name"]);
    }
  }
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows["pay"], rows["checkout"]) << "it is within the other";
  EXPECT_NE(rows["mail"], rows["checkout"]) << "it overlaps with the first";
  EXPECT_THAT(names, testing::Contains("shop aaaaaaaa").Times(2));
  Json line = Json::parse(sh("\"$faultrig\" export e/good --as otlp").out);
  const Json& shop = line["resourceSpans"][1];
  EXPECT_EQ(shop["resource"]["attributes"][0]["value"]["stringValue"], "shop");
  EXPECT_EQ(shop["scopeSpans"][0]["spans"].size(), 3U);
  EXPECT_EQ(shop["scopeSpans"][0]["spans"][0]["traceId"], std::string(32, 'a'));
}

TEST_F(Exports, AreRefusedWithTheReason) {
  keep_two();
  for (auto [words, why] :
       {std::pair("e", "--as is needed: otlp or chrome"),
        std::pair("e --as jaeger", "expected otlp or chrome"),
        std::pair("none --as otlp", "No such file"),
        std::pair("e --as otlp -o e/bad/plan.txt", "would write over")}) {
    Outcome told = sh("\"$faultrig\" export " + std::string(words));
    EXPECT_EQ(told.status.text(), "exited 2") << words;
    EXPECT_THAT(told.err, HasSubstr(why));
    EXPECT_EQ(told.out, "");
  }
  EXPECT_EQ(sh("\"$faultrig\" export e --as otlp >/dev/full").status.text(),
            "exited 3");
}

}  // namespace
}  // namespace faultrig
