// Kept runs for other tools.
#include <set>
#include <string>

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
