#include <array>
#include <utility>

#include "harness/parse/lesson_parts.h"
#include "harness/parse/scenario_parts.h"
#include "harness/parse/section_reader.h"

namespace faultrig {

namespace {

using NodeKind = YamlNode::Kind;
using Wanted = WrittenScenario::Wanted;

const Section& exercise_section() {
  static const Section kSection{
      .name = "exercise",
      .summary = "what the learner is to do, and how that is checked",
      .fields = {{.key = "keep",
                  .kind = Kind::list,
                  .summary = "files that are to stay as they were handed over"},
                 {.key = "golden",
                  .kind = Kind::boolean,
                  .summary = "as of a scenario",
                  .fallback = "true"}}};
  return kSection;
}

constexpr std::array<std::pair<std::string_view, Wanted>, 3> kWanted{
    {{"pass", Wanted::pass},
     {"fail", Wanted::fail},
     {"no_pass", Wanted::no_pass}}};

const Section& written_section() {
  static const Section kSection{
      .name = "scenario",
      .summary = "a scenario that the learner writes",
      .fields = {
          {.key = "file",
           .kind = Kind::text,
           .summary = "its name in the exercise's folder",
           .required = true,
           .filled = true},
          {.key = "here",
           .kind = Kind::choice,
           .summary = "what it must come to there",
           .required = true,
           .choices = {"pass", "fail", "no_pass"}},
          {.key = "other",
           .kind = Kind::choice,
           .summary = "what it must come to with the files of `## Other`",
           .required = true,
           .choices = {"pass", "fail", "no_pass"}}}};
  return kSection;
}

const Section& map_section() {
  static const Section kSection{
      .name = "shutdown",
      .summary = "a program that is to stop well at every instant",
      .fields = {{.key = "package",
                  .kind = Kind::text,
                  .summary = "its package in the exercise's folder",
                  .required = true,
                  .filled = true},
                 {.key = "url",
                  .kind = Kind::text,
                  .summary = "what is asked for under load",
                  .fallback = "/"}}};
  return kSection;
}

LessonMap read_map(const YamlNode& node, Complaints& complaints) {
  Params params = read_section(map_section(), node, complaints);
  return {params.get_or<std::string>("package", ""),
          params.get_or<std::string>("url", "/")};
}

Wanted wanted_in(const Params& params, const std::string& key) {
  for (const auto& [name, wanted] : kWanted) {
    if (params.get_or<std::string>(key, "") == name) {
      return wanted;
    }
  }
  return Wanted::pass;
}

WrittenScenario read_written(const YamlNode& node, Complaints& complaints) {
  Params params = read_section(written_section(), node, complaints);
  return {params.get_or<std::string>("file", ""), wanted_in(params, "here"),
          wanted_in(params, "other")};
}

Scenario read_check(const YamlNode& node, const LessonContext& here) {
  if (child(node, "workload") == nullptr || child(node, "expect") == nullptr) {
    here.complaints.add(name_spot(node),
                        "what is checked has a 'workload' and an 'expect'");
  }
  return read_lesson_scenario(node, here);
}

// Elements of `then` are checks too.
void read_more(const YamlNode& then, const LessonContext& here,
               std::vector<Scenario>& checks) {
  static const Section kCheck{.name = "check"};
  for (const YamlNode& node : then.children) {
    (void)read_section(kCheck, node, here.complaints,
                       {"workload", "faults", "expect"});
    checks.push_back(read_check(node, here));
  }
}

}  // namespace

Scenario read_lesson_scenario(const YamlNode& node, const LessonContext& here) {
  Scenario out;
  read_parts(node, here.folder, here.language, here.complaints, out);
  return out;
}

LessonExercise read_exercise(const YamlNode& node, const LessonContext& here) {
  Params params = read_section(
      exercise_section(), node, here.complaints,
      {"workload", "faults", "expect", "then", "scenario", "shutdown"});
  LessonExercise out;
  out.keep = params.get_or<std::vector<std::string>>("keep", {});
  const YamlNode* written = child(node, "scenario");
  if (written != nullptr) {
    out.written = read_written(*written, here.complaints);
  } else {
    out.checks.push_back(read_check(node, here));
  }
  if (const YamlNode* then = child(node, "then")) {
    read_more(*then, here, out.checks);
  }
  if (const YamlNode* map = child(node, "shutdown")) {
    out.map = read_map(*map, here.complaints);
  }
  for (Scenario& check : out.checks) {
    check.golden = params.get_or("golden", true);
  }
  return out;
}

}  // namespace faultrig
