#include "tests/injectors/rig.h"

#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/judge/expectation.h"
#include "harness/parse/scenario_reader.h"
#include "harness/plan/possible.h"
#include "tests/source_dir.h"

namespace faultrig {

using ::testing::HasSubstr;

namespace {

// Relative paths in the scenarios are relative to scenarios/<stem>/.
ScenarioSource source() {
  return {"rig/test", source_dir() + "/scenarios/signal/test.yaml"};
}

std::vector<std::string> environment() {
  std::vector<std::string> out;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    out.emplace_back(*entry);
  }
  return out;
}

std::string line_of(Place place, const std::string& what) {
  return std::to_string(place.line) + ":" + std::to_string(place.column) +
         ": " + what + "\n";
}

GoldenResult golden_of(const Plan& plan) {
  if (!plan.scenario.golden || plan.scenario.faults.empty()) {
    return {};
  }
  auto golden = run_golden(Rig::session(), plan);
  EXPECT_TRUE(golden) << (golden ? "" : golden.error().what);
  return golden ? *golden : GoldenResult{};
}

Rig::Told run_planned(const Plan& plan) {
  auto evidence = run_plan(Rig::session(), plan, golden_of(plan));
  if (!evidence) {
    ADD_FAILURE() << evidence.error().what;
    return {};
  }
  auto kept = std::make_shared<Evidence>(std::move(*evidence));
  return {judge(plan.scenario, *kept), kept};
}

}  // namespace

std::string Rig::complaints(const std::string& yaml) {
  std::string out;
  ReadScenario read = read_scenario(yaml, source(), full_language());
  for (const Complaint& complaint : read.complaints) {
    out += line_of(complaint.place, complaint.what);
  }
  if (read.scenario) {
    for (const PlanTrouble& trouble : make_plan(*read.scenario, 1).troubles) {
      out += line_of(trouble.place, trouble.what);
    }
    for (const PlanTrouble& trouble : impossible_in(*read.scenario)) {
      out += line_of(trouble.place, trouble.what);
    }
  }
  return out;
}

Plan Rig::plan(const std::string& yaml) {
  EXPECT_EQ(complaints(yaml), "");
  ReadScenario read = read_scenario(yaml, source(), full_language());
  Planned planned = make_plan(read.scenario.value(), 1);
  return planned.plan.value();
}

Rig::Told Rig::run(const std::string& yaml) { return run_planned(plan(yaml)); }

Rig::Told Rig::run_to(Verdict verdict, const std::string& yaml) {
  Told ran = run(yaml);
  EXPECT_EQ(ran.judgement.verdict, verdict) << told(ran.judgement);
  return ran;
}

Rig::Told Rig::run_unharmed(const std::string& yaml) {
  Scenario scenario = plan(yaml).scenario;
  scenario.faults.clear();
  return run_planned(make_plan(scenario, 1).plan.value());
}

std::string Rig::missing(const std::string& yaml) {
  auto can = session().can_run(plan(yaml));
  return can ? "" : can.error().what;
}

Session& Rig::session() {
  auto open = [] {
    Session::Options options;
    options.environment = environment();
    options.version = "test";
    return Session::open(std::move(options));
  };
  static auto opened = open();
  EXPECT_TRUE(opened) << (opened ? "" : opened.error().what);
  if (!opened.value().healthy()) {  // a test has killed its shim
    opened = open();
  }
  return opened.value();
}

std::string told(const Judgement& judgement) {
  std::string out = std::string(verdict_name(judgement.verdict)) + ": " +
                    judgement.observed + "\n";
  for (const Finding& finding : judgement.findings) {
    out += finding.because + "\n";
  }
  return out;
}

void expect_verdict(const std::string& yaml, Verdict verdict) {
  SKIP_IF_MISSING(yaml);
  (void)Rig::run_to(verdict, yaml);
}

void expect_pass(const std::string& yaml) {
  expect_verdict(yaml, Verdict::pass);
}

void expect_inconclusive(const std::string& yaml, const std::string& words) {
  SKIP_IF_MISSING(yaml);
  Rig::Told ran = Rig::run_to(Verdict::inconclusive, yaml);
  EXPECT_THAT(told(ran.judgement), HasSubstr(words));
}

void expect_proof(const std::string& yaml, const std::string& words) {
  SKIP_IF_MISSING(yaml);
  Rig::Told ran = Rig::run_to(Verdict::pass, yaml);
  auto proof = ran.evidence->first(Fact::fault_activated);
  ASSERT_TRUE(proof);
  EXPECT_THAT(ran.evidence->trace()[*proof].text, HasSubstr(words));
}

}  // namespace faultrig
