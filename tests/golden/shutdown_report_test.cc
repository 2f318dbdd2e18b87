// The shutdown map as people, programs and pages get it, byte for byte.
#include "harness/report/shutdown_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/sweep/findings.h"
#include "harness/sweep/instants.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using End = StopOutcome::End;
using Json = nlohmann::json;

Instant call(Phase phase, const std::string& name, std::int64_t nth) {
  Instant out;
  out.phase = phase;
  out.tie = Instant::Tie::call;
  out.call = name;
  out.counted = "%network";
  out.nth = nth;
  out.at = std::chrono::microseconds(100 * nth);
  return out;
}

ShutdownMap late_handler() {
  ShutdownMap map;
  map.asked.command = {"./server", "--addr", "127.0.0.1:0"};
  map.golden.how = "http";
  map.golden.port = 40123;
  map.golden.ready = std::chrono::milliseconds(12);
  map.golden.calls.resize(31);
  StopOutcome dead{End::unhandled};
  StopOutcome clean{End::exited, 0};
  StopOutcome lossy = clean;
  lossy.requests.answered = 20;
  lossy.requests.reset = 3;
  lossy.requests.lost = 3;
  lossy.requests.in_flight = 5;
  StopOutcome never{End::never};
  never.why = "the moment did not come";
  map.points = {
      {Instant(), {dead, dead, dead}},
      {call(Phase::before_listen, "socket", 1), {dead, dead, dead}},
      {call(Phase::before_listen, "listen", 3), {dead, dead, dead}},
      {call(Phase::listening, "accept4", 4), {dead, clean, clean, dead, clean}},
      {call(Phase::listening, "getsockname", 5), {never, never, never}},
      {lone_instants(false)[2], {clean, clean, clean}},
      {lone_instants(true)[3], {lossy, clean, lossy}}};
  map.took = std::chrono::milliseconds(4210);
  conclude_map(map);
  map.findings[0].scenario = "out/1-listening-unhandled.yaml";
  return map;
}

TEST(ShutdownReport, IsATableTheWindowsTheFindingsAndALine) {
  EXPECT_EQ(
      shutdown_text(late_handler()),
      "shutdown map of ./server --addr 127.0.0.1:0, told by SIGTERM\n"
      "ready after 12 ms (http on port 40123), 31 calls until then\n"
      "\n"
      "phase          exit 0  unhandled  never   lost\n"
      "exec           .       3 of 3     .       .\n"
      "before listen  .       6 of 6     .       .\n"
      "listening      3 of 5  2 of 5     3 of 8  .\n"
      "ready          3 of 3  .          .       .\n"
      "loaded         3 of 3  .          .       6\n"
      "\n"
      "windows\n"
      "  exec           killed unhandled 3 of 3 (44-100 %): exec\n"
      "  before listen  killed unhandled 6 of 6 (61-100 %): socket "
      "(%network 1) to\n"
      "                 listen (%network 3)\n"
      "  listening      exited 0 3 of 5 (23-88 %): accept4 (%network 4)\n"
      "  listening      killed unhandled 2 of 5 (12-77 %): accept4 "
      "(%network 4)\n"
      "  listening      never 3 of 3 (44-100 %): getsockname (%network 5)\n"
      "  ready          exited 0 3 of 3 (44-100 %): ready + 300ms\n"
      "  loaded         exited 0 1 of 3 (6-79 %): ready + 200ms\n"
      "  loaded         exited 0, requests lost 2 of 3 (21-94 %): ready + "
      "200ms\n"
      "\n"
      "requests\n"
      "  - loaded: 40 answered, 6 reset, 6 lost; in flight when told: 0 to 5\n"
      "\n"
      "says nothing\n"
      "  - getsockname (%network 5): never: the moment did not come\n"
      "\n"
      "findings\n"
      "  - listening: killed by the default action of SIGTERM, unhandled, "
      "told before\n"
      "    accept4 (%network 4), 2 of 5 (12-77 %)\n"
      "    faultrig run out/1-listening-unhandled.yaml\n"
      "  - loaded: 6 requests lost that it had read, told at ready + "
      "200ms, 2 of 3\n"
      "    (21-94 %)\n"
      "\n"
      "2 findings in 4.2 s: 6 requests lost that it had read, "
      "told at ready + 200ms (2 of 3); and 1 more\n");
}

TEST(ShutdownReport, IsAPage) {
  EXPECT_EQ(
      shutdown_markdown(late_handler()),
      "# Shutdown map\n"
      "\n"
      "./server --addr 127.0.0.1:0, told by SIGTERM: ready after 12 ms "
      "(http on port 40123), 31 calls until then.\n"
      "\n"
      "**findings**: 6 requests lost that it had read, "
      "told at ready + 200ms (2 of 3); and 1 more\n"
      "\n"
      "| phase | exit 0 | unhandled | never | lost |\n"
      "|---|---|---|---|---|\n"
      "| exec |  | 3 of 3 |  |  |\n"
      "| before listen |  | 6 of 6 |  |  |\n"
      "| listening | 3 of 5 | 2 of 5 | 3 of 8 |  |\n"
      "| ready | 3 of 3 |  |  |  |\n"
      "| loaded | 3 of 3 |  |  | 6 |\n"
      "\n"
      "## Findings\n"
      "\n"
      "- **listening**: killed by the default action of SIGTERM, "
      "unhandled, told before accept4 (%network 4), 2 of 5 (12-77 %), "
      "repeated by out/1-listening-unhandled.yaml\n"
      "- **loaded**: 6 requests lost that it had read, told at ready + "
      "200ms, 2 of 3 (21-94 %)\n"
      "\n"
      "## Windows\n"
      "\n"
      "At a call the signal comes before the call runs.\n"
      "\n"
      "| phase | from | to | outcome | k of n (95 %) |\n"
      "|---|---|---|---|---|\n"
      "| exec | exec | exec | killed unhandled | 3 of 3 (44-100 %) |\n"
      "| before listen | socket (%network 1) | listen (%network 3) | "
      "killed unhandled | 6 of 6 (61-100 %) |\n"
      "| listening | accept4 (%network 4) | accept4 (%network 4) | exited "
      "0 | 3 of 5 (23-88 %) |\n"
      "| listening | accept4 (%network 4) | accept4 (%network 4) | killed "
      "unhandled | 2 of 5 (12-77 %) |\n"
      "| listening | getsockname (%network 5) | getsockname (%network 5) | "
      "never | 3 of 3 (44-100 %) |\n"
      "| ready | ready + 300ms | ready + 300ms | exited 0 | 3 of 3 (44-100 "
      "%) |\n"
      "| loaded | ready + 200ms | ready + 200ms | exited 0 | 1 of 3 (6-79 "
      "%) |\n"
      "| loaded | ready + 200ms | ready + 200ms | exited 0, requests lost "
      "| 2 of 3 (21-94 %) |\n"
      "\n"
      "## Requests\n"
      "\n"
      "- loaded: 40 answered, 6 reset, 6 lost; in flight when told: 0 to 5\n"
      "\n"
      "## What says nothing\n"
      "\n"
      "- getsockname (%network 5): never: the moment did not come\n");
}

TEST(ShutdownReport, HasTheKeysThatProgramsReadAsJson) {
  Json json = Json::parse(shutdown_json(late_handler()));
  EXPECT_EQ(json["service"][0], "./server");
  EXPECT_EQ(json["golden"]["ready_ns"], 12'000'000);
  EXPECT_EQ(json["verdict"], "fail");
  Json point = json["points"][3];
  EXPECT_EQ(point["phase"], "listening");
  EXPECT_EQ(point["call"], "accept4");
  EXPECT_EQ(point["nth"], 4);
  EXPECT_EQ(point["at_ns"], 400'000);
  EXPECT_EQ(point["times"], 5);
  EXPECT_EQ(point["outcomes"],
            Json({{"exited 0", 3}, {"killed unhandled", 2}}));
  EXPECT_EQ(json["points"][6]["requests"]["lost"], 6);
  EXPECT_EQ(json["points"][6]["left"], Json::array());
  EXPECT_EQ(json["points"][4]["untold"][0]["outcome"], "never");
  Json window = json["windows"][1];
  EXPECT_EQ(window["phase"], "before listen");
  EXPECT_EQ(window["from"], "socket (%network 1)");
  EXPECT_EQ(window["to"], "listen (%network 3)");
  EXPECT_EQ(window["k"], 6);
  EXPECT_EQ(window["n"], 6);
  Json finding = json["findings"][0];
  EXPECT_EQ(finding["where"], "accept4 (%network 4)");
  EXPECT_EQ(finding["scenario"], "out/1-listening-unhandled.yaml");
  EXPECT_TRUE(json["findings"][1]["scenario"].is_null());
}

TEST(ShutdownReport, HasAsJsonWhereWhatHungStood) {
  ShutdownMap map = late_handler();
  std::string place = "1 goroutine [select] in main.drain (m.go:7)";
  map.points[5].tries = {{StopOutcome::End::hung}};
  map.points[5].tries[0].hanging = {place};
  conclude_map(map);
  Json json = Json::parse(shutdown_json(map));
  EXPECT_EQ(json["points"][5]["hanging"], Json::array({place}));
  EXPECT_EQ(json["points"][4]["hanging"], Json::array());
}

// What a service is called, or leaves behind, is not ours to print.
TEST(ShutdownReport, PrintsNothingThatATerminalWouldObey) {
  ShutdownMap map = late_handler();
  map.asked.command = {"./server", "\x1b[2J", "a|b", "<b>"};
  map.golden.trouble = "\x1b[31m\xff";
  map.points[5].tries[0].left = {"\x1b]0;x\n| `x`"};
  conclude_map(map);
  for (const std::string& text :
       {shutdown_text(map), shutdown_json(map), shutdown_markdown(map)}) {
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
    EXPECT_THAT(text, Not(HasSubstr("\xff")));
  }
  EXPECT_THAT(shutdown_markdown(map), HasSubstr("a\\|b"));
  EXPECT_THAT(shutdown_markdown(map), HasSubstr("&lt;b&gt;"));
}

TEST(ShutdownReport, SaysWhyThereIsNoMap) {
  ShutdownMap map;
  map.asked.command = {"./server"};
  map.golden.trouble = "the service ended of its own accord: exited 1";
  conclude_map(map);
  EXPECT_EQ(shutdown_text(map),
            "shutdown map of ./server, told by SIGTERM\n"
            "not ready: the service ended of its own accord: exited 1\n\n"
            "could not tell in 0.0 s: the service ended of its own accord: "
            "exited 1\n");
}

TEST(ShutdownReport, SaysLastThatItWasInterrupted) {
  ShutdownMap map = late_handler();
  map.interrupted = "interrupted: 36 runs were made, at least 54 were not";
  conclude_map(map);
  map.remarks = {"port 8081 was not asked"};
  EXPECT_THAT(
      shutdown_text(map),
      HasSubstr("\n\ndoes not cover\n  - port 8081 was not asked\n\n"
                "interrupted: 36 runs were made, at least 54 were not\n"));
}

TEST(ShutdownReport, KeepsWithin80ColumnsHoweverManyOutcomesThereAre) {
  ShutdownMap map = late_handler();
  for (int code = 1; code < 9; ++code) {
    map.points[3].tries.push_back({End::exited, code});
  }
  conclude_map(map);
  std::string text = shutdown_text(map);
  std::size_t table = text.find("windows");
  std::string head = text.substr(0, table);
  std::size_t from = 0;
  while (from < head.size()) {
    std::size_t end = head.find('\n', from);
    EXPECT_LE(end - from, 80U) << head.substr(from, end - from);
    from = end + 1;
  }
}

}  // namespace
}  // namespace faultrig
