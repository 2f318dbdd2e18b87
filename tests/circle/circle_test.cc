// The circle: the scenario of each cause is run, and from what it leaves the
// same cause is named. No explanation may name another one. To renew the table:
//   FAULTRIG_TABLE=docs/precision.md build/release/circle_test
// and, to keep the logs of one Go version for the unit tests:
//   FAULTRIG_LOGS=tests/unit/testdata/go1.26.txtar build/release/circle_test
#include "tests/circle/circle.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <map>

#include <gtest/gtest.h>
#include <re2/re2.h>

#include "harness/cli/cause_table.h"
#include "tests/circle/outcome.h"

namespace faultrig {
namespace {

const std::vector<Cause>& causes() {
  static const std::vector<Cause> table = cause_table().value();
  return table;
}

// A general cause is a symptom: its proof is what it may be.
std::vector<const Cause*> provoked() {
  std::vector<const Cause*> out;
  for (const Cause& cause : causes()) {
    if (!cause.general) {
      out.push_back(&cause);
    }
  }
  return out;
}

// Paths of this machine and of this run say nothing.
std::string without_paths(std::string log) {
  static const RE2 kScratch(R"(/dev/shm/faultrig-[\w.-]+(/run-\d+)?)");
  static const RE2 kSources(RE2::QuoteMeta(FAULTRIG_SOURCE_DIR));
  RE2::GlobalReplace(&log, kScratch, "/dev/shm/faultrig");
  RE2::GlobalReplace(&log, kSources, "/src/faultrig");
  return log;
}

const Explainer& explainer() {
  static const Explainer with(causes());
  return with;
}

Explained explained(const std::string& log) {
  LogExplainer reader(explainer());
  reader.feed(log);
  return reader.finish();
}

void append_to(const char* variable, const std::string& text) {
  const char* file = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe)
  if (file != nullptr) {
    std::ofstream(file, std::ios::app) << text;
  }
}

bool renews() {
  return std::getenv("FAULTRIG_TABLE") != nullptr ||  // NOLINT
         std::getenv("FAULTRIG_LOGS") != nullptr;     // NOLINT
}

class Circle : public ::testing::TestWithParam<const Cause*> {
 protected:
  void check(const std::string& form, const std::string& became,
             const std::string& log) {
    outcomes_.push_back(became);
    EXPECT_TRUE(is_allowed(*GetParam(), form, became))
        << form << " gave " << became << " for:\n"
        << log;
  }

  std::vector<std::string> outcomes_;
};

TEST_P(Circle, NamesTheCauseThatWasProvoked) {
  const Cause& cause = *GetParam();
  std::string evidence;
  std::string go;
  for (const std::string& form : log_forms()) {
    if (!has_form(cause, form)) {
      outcomes_.emplace_back("-");
      continue;
    }
    Remains remains = run_cause(cause, form);
    if (!remains.trouble.empty()) {
      GTEST_SKIP() << "needs what is missing: " << remains.trouble;
    }
    if (form == "text") {
      evidence = outcome(cause, explainer().explain(*remains.evidence));
      go = remains.evidence->provenance().go;
    }
    check(form, outcome(cause, explained(remains.log)), remains.log);
    append_to("FAULTRIG_LOGS", "-- log: " + cause.id + "/" + form + " " +
                                   outcomes_.back() + " --\n" +
                                   without_paths(remains.log) + "\n");
  }
  check("evidence", evidence, "");
  std::string row = table_row(cause, outcomes_);
  append_to("FAULTRIG_TABLE", row + "\n");
  // Another Go may hide more or less; no Go may make it wrong.
  if (!renews() && go.find("go1.26") != std::string::npos) {
    EXPECT_EQ(kept_row(cause), row);
  }
}

INSTANTIATE_TEST_SUITE_P(All, Circle, ::testing::ValuesIn(provoked()),
                         [](const auto& chosen) { return chosen.param->id; });

}  // namespace
}  // namespace faultrig
