#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/parse/scenario_reader.h"
#include "tests/unit/scenario_readings.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;

const std::string kAsk = "expect: [{output: {contains: a}}]\n";

std::string service(const std::string& needs) {
  return "workload:\n  env: {A: b}\n  service:\n    command: [s]\n"
         "    env: {S: t}\n    needs:\n" +
         needs + kAsk;
}

Workload read_needs(const std::string& needs) {
  return good(service(needs)).workload;
}

std::string complaint_about(const std::string& needs) {
  return complaints_of(service(needs));
}

TEST(NeedsReader, ReadsWhatAServiceHasAndItsName) {
  Workload workload = read_needs(
      "    - {name: db, command: [./db, --port, '0'], env: {C: d}, ready: "
      "{tcp: 5432}, ready_within: 3s, grace: 1s}\n");
  ASSERT_EQ(workload.service->needs.size(), 1U);
  const Need& need = workload.service->needs[0];
  EXPECT_EQ(need.name, "db");
  EXPECT_THAT(need.command, ElementsAre("./db", "--port", "0"));
  EXPECT_EQ(need.env,
            (std::map<std::string, std::string>{{"A", "b"}, {"C", "d"}}));
  EXPECT_EQ(need.ready.kind, Ready::Kind::tcp);
  EXPECT_EQ(need.ready.port, 5432);
  EXPECT_EQ(need.ready_within, std::chrono::seconds(3));
  EXPECT_EQ(need.grace, std::chrono::seconds(1));
  EXPECT_EQ(workload.env,
            (std::map<std::string, std::string>{{"A", "b"}, {"S", "t"}}));
  EXPECT_THAT(workload.command, ElementsAre("s"));
}

TEST(NeedsReader, PutsEachBehindThoseThatItNeeds) {
  Workload workload = read_needs(
      "    - {name: a, command: [x], needs: [b, c]}\n"
      "    - {name: b, command: [x], needs: [c]}\n"
      "    - {name: c, command: [x]}\n");
  std::vector<std::string> names;
  for (const Need& need : workload.service->needs) {
    names.push_back(need.name);
  }
  EXPECT_THAT(names, ElementsAre("c", "b", "a"));
}

TEST(NeedsReader, RefusesThoseThatWaitForEachOther) {
  EXPECT_EQ(complaint_about("    - {name: a, command: [x], needs: [b]}\n"
                            "    - {name: b, command: [x], needs: [a]}\n"),
            "8:39 none of these can start, each waits for the next: a, b, "
            "a\n");
  EXPECT_EQ(complaint_about("    - {name: a, command: [x], needs: [a]}\n"),
            "7:39 none of these can start, each waits for the next: a, a\n");
}

TEST(NeedsReader, RefusesNamesThatNobodyHasOrThatAreTaken) {
  EXPECT_EQ(complaint_about("    - {name: dbs, command: [x]}\n"
                            "    - {name: b, command: [x], needs: [db]}\n"),
            "8:39 no need has the name 'db' (did you mean 'dbs'?)\n");
  EXPECT_EQ(complaint_about("    - {name: db, command: [x]}\n"
                            "    - {name: db, command: [x]}\n"),
            "8:14 another link has the name 'db'\n");
  EXPECT_EQ(complaint_about("    - {name: service, command: [x]}\n"),
            "7:14 another link has the name 'service'\n");
  EXPECT_EQ(complaint_about("    - {name: a/b, command: [x]}\n"),
            "7:14 a name has letters, digits, '-', '_' and '.', not 'a/b'\n");
}

TEST(NeedsReader, RefusesWhatIsNoService) {
  EXPECT_EQ(complaint_about("    - {name: a}\n"),
            "7:7 needs needs exactly one of command, go_build\n");
  EXPECT_EQ(complaint_about("    - {name: a, command: []}\n"),
            "7:26 command must begin with a program\n");
}

// Golden runs are shared by those that need the same.
TEST(NeedsReader, WhatIsNeededIsAPartOfWhatIsRun) {
  auto key = [](const std::string& need) { return read_needs(need).key(); };
  std::string one = key("    - {name: a, command: [x]}\n");
  EXPECT_EQ(key("    - {name: a, command: [x]}\n"), one);
  EXPECT_NE(key("    - {name: a, command: [y]}\n"), one);
  EXPECT_NE(key("    - {name: a, command: [x], ready: {tcp: true}}\n"), one);
  EXPECT_NE(key("    - {name: a, command: [x], ready: {http: /}}\n"),
            key("    - {name: a, command: [x], ready: {http: 'https:///'}}\n"));
}

}  // namespace
}  // namespace faultrig
