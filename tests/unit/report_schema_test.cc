// Every report is held against its schema by a reader of its own, which knows
// as much of JSON Schema as that one needs, and refuses the rest.
#include "harness/report/report_schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/report/report.h"

namespace faultrig {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using ::testing::HasSubstr;

class Checker {
 public:
  explicit Checker(json schema) : schema_(std::move(schema)) {}
  // What is wrong; empty: nothing.
  std::string check(const json& value) {
    wrong_.clear();
    check(value, schema_, "");
    return wrong_;
  }

 private:
  void complain(const std::string& at, const std::string& what) {
    wrong_ += at + ": " + what + "\n";
  }

  void check(const json& value, const json& schema, const std::string& at) {
    for (const auto& [key, rule] : schema.items()) {
      if (key == "$ref") {
        std::string name = rule.get<std::string>().substr(1);
        check(value, schema_.at(json::json_pointer(name)), at);
      } else if (key == "type") {
        check_type(value, rule, at);
      } else if (key == "enum") {
        bool in = std::find(rule.begin(), rule.end(), value) != rule.end();
        in ? void() : complain(at, "not one of " + rule.dump());
      } else if (key == "const") {
        value == rule ? void() : complain(at, "is not " + rule.dump());
      } else if (key == "minimum") {
        value >= rule ? void() : complain(at, "is below " + rule.dump());
      } else if (key == "required") {
        for (const std::string name : rule) {
          value.contains(name) ? void() : complain(at, "lacks " + name);
        }
      } else if (key == "items") {
        for (std::size_t i = 0; i < value.size(); ++i) {
          check(value[i], rule, at + "/" + std::to_string(i));
        }
      } else if (key == "properties") {
        check_properties(value, rule, at);
      } else if (key == "additionalProperties") {
        check_keys(value, schema, at);
      } else if (!kNotes.contains(key)) {
        complain(at, "unknown rule " + key);
      }
    }
  }

  void check_type(const json& value, const json& rule, const std::string& at) {
    bool fits = (rule == "object" && value.is_object()) ||
                (rule == "array" && value.is_array()) ||
                (rule == "string" && value.is_string()) ||
                (rule == "integer" && value.is_number_integer());
    fits ? void() : complain(at, "is no " + rule.dump());
  }

  void check_properties(const json& value, const json& rule,
                        const std::string& at) {
    for (const auto& [name, inner] : rule.items()) {
      if (value.contains(name)) {
        check(value.at(name), inner, at + "/" + name);
      }
    }
  }

  void check_keys(const json& value, const json& schema,
                  const std::string& at) {
    for (const auto& [name, inner] : value.items()) {
      bool known = schema.at("properties").contains(name);
      known ? void() : complain(at, "has " + name);
    }
  }

  static inline const std::set<std::string> kNotes{
      "$schema", "title", "description", "definitions"};
  json schema_;
  std::string wrong_;
};

Judgement full() {
  Judgement judgement;
  judgement.scenario = "a\xff";
  judgement.file = "a.yaml";
  judgement.verdict = Verdict::fail;
  judgement.observed = "test killed by SIGTERM";
  judgement.findings = {
      {Verdict::fail, "why", {1, 2}, "test exited 0", {3, 5}}};
  judgement.ends = {{"test", "a.test", "hung", "exited 2", "SIGQUIT"},
                    {"go", "", "never_started", "", ""}};
  judgement.asked = false;
  judgement.evidence = "kept";
  judgement.repeat = 1;
  judgement.faults = {{"signal", 3}};
  judgement.printed = {"out \xe2\x80\xa8", "err\x01"};
  return judgement;
}

json report_of(const std::vector<Judgement>& all, const std::string& ended) {
  ReportStyle style;
  style.started = "2024-05-06T07:08:09Z";
  style.host = "h";
  return json::parse(whole_report(*find_report("json"), style,
                                  {all, milliseconds(500), ended}));
}

TEST(ReportSchema, HoldsForWhateverAReportSays) {
  Checker checker(json::parse(report_schema()));
  Judgement left = full();
  left.verdict = Verdict::skipped;
  left.apart.not_run = "interrupted";
  Judgement again = full();
  again.apart.excused = "known";
  again.repeat = 2;
  EXPECT_EQ(checker.check(report_of({}, "")), "");
  json whole = report_of({full(), again, left}, "interrupted by SIGINT");
  EXPECT_EQ(checker.check(whole), "");
  EXPECT_EQ(whole["scenarios"][2]["verdict"], "not_run");
  EXPECT_EQ(whole["totals"]["all"], 3);
  EXPECT_EQ(whole["tally"][0]["of"], 2);
}

TEST(ReportSchema, RefusesWhatNoReportSays) {
  Checker checker(json::parse(report_schema()));
  json report = report_of({full()}, "");
  report["scenarios"][0]["verdict"] = "maybe";
  report["scenarios"][0].erase("ends");
  report["scenarios"][0]["findings"][0]["colour"] = "red";
  report["totals"]["all"] = -1;
  std::string wrong = checker.check(report);
  for (const char* what :
       {"verdict: not one of", "lacks ends", "has colour", "all: is below 0"}) {
    EXPECT_THAT(wrong, HasSubstr(what));
  }
}

}  // namespace
}  // namespace faultrig
