// A run of a sweep is a scenario like any other: what is tried at a point can
// be written to a file, and run again.
#include "harness/campaign/base_scenario.h"

#include <algorithm>
#include <utility>

#include "harness/base/units.h"
#include "harness/campaign/frame.h"
#include "harness/campaign/yaml_edit.h"
#include "harness/campaign/yaml_text.h"
#include "harness/report/json.h"

namespace faultrig {

namespace {

using Kind = YamlNode::Kind;

void name_build(YamlNode& program, const std::optional<GoBuild>& build) {
  YamlNode* node = below(program, "go_build");
  if (node != nullptr && build) {
    set_text(*node, "dir", build->dir.string());
  }
}

void name_folders(YamlNode& node, const Workload& workload) {
  if (workload.go_test) {
    set_text(made_below(node, "go_test"), "dir",
             workload.go_test->dir.string());
    return;
  }
  YamlNode* service = below(node, "service");
  if (service == nullptr || !workload.service) {
    set_text(node, "cwd", workload.cwd.string());
    return;
  }
  if (!workload.cwd.empty() && service->is(Kind::map)) {
    set_text(*service, "cwd", workload.cwd.string());
  }
  name_build(*service, workload.service->build);
  YamlNode* needs = below(*service, "needs");
  for (std::size_t i = 0; needs != nullptr && i < needs->children.size(); ++i) {
    if (i < workload.service->needs.size()) {
      const Need& need = workload.service->needs[i];
      name_build(needs->children[i], need.build);
      set_text(needs->children[i], "cwd", need.cwd.string());
    }
  }
}

// What is asked of all runs together is asked of no single one.
void keep_single(YamlNode& root) {
  YamlNode* expect = below(root, "expect");
  if (expect == nullptr) {
    return;
  }
  std::erase_if(expect->children, [](const YamlNode& element) {
    return !element.children.empty() && element.children[0].key == "sweep";
  });
  if (expect->children.empty()) {
    drop(root, {"expect"});
  }
}

// A snapshot is read again from wherever the base stands.
void name_snapshots(YamlNode& root, const std::filesystem::path& folder) {
  YamlNode* expect = below(root, "expect");
  for (std::size_t i = 0; expect != nullptr && i < expect->children.size();
       ++i) {
    YamlNode* asked = below(expect->children[i], "snapshot");
    if (asked == nullptr) {
      continue;
    }
    if (asked->is(Kind::scalar)) {
      asked->quoted = true;
      asked->scalar = (folder / asked->scalar).string();
    } else if (YamlNode* like = below(*asked, "like"); like != nullptr) {
      set_text(*asked, "like", (folder / like->scalar).string());
    }
  }
}

// Its list, before what stands there, or behind it.
Result<> add_list(YamlNode& root, const std::string& yaml, const char* key,
                  bool before) {
  if (yaml.empty()) {
    return Ok{};
  }
  TRY_ASSIGN(YamlNode more, tree_of(yaml));
  YamlNode* added = below(more, key);
  if (added == nullptr) {
    return internal_error(std::string("a part of a run without ") + key);
  }
  YamlNode& list = made_below(root, key);
  list.kind = Kind::list;
  list.children.insert(before ? list.children.begin() : list.children.end(),
                       added->children.begin(), added->children.end());
  return Ok{};
}

// How `recover` ended is told as an outcome; a run of its own is to ask for it.
Result<> ask_for_recover(YamlNode& root, const Scenario& scenario) {
  bool asked =
      std::any_of(scenario.expect.begin(), scenario.expect.end(),
                  [](const Expectation& one) { return one.type == "recover"; });
  return scenario.workload.recover.empty() || asked
             ? Result<>(Ok{})
             : add_list(root, "expect:\n- recover: {exited: {at_least: 0}}\n",
                        "expect", false);
}

}  // namespace

Result<std::string> base_yaml(const Entry& entry) {
  const Workload& workload = entry.plan.scenario.workload;
  TRY_ASSIGN(YamlNode root, tree_of(entry.yaml));
  drop(root, {"about", "tags", "sweep", "allow"});
  keep_single(root);
  name_snapshots(root, std::filesystem::path(
                           absolute_file(entry.plan.scenario.file.string()))
                           .parent_path());
  YamlNode* node = below(root, "workload");
  if (node == nullptr || !node->is(Kind::map)) {
    return internal_error("a scenario without a workload");
  }
  name_folders(*node, workload);
  if (workload.go_test) {
    set_text(*node, "compile_within", format_duration(workload.compile_within));
  }
  TRY(ask_for_recover(root, entry.plan.scenario));
  return yaml_text(root);
}

Result<std::string> with_parts(const std::string& base, const RunParts& parts) {
  TRY_ASSIGN(YamlNode root, tree_of(base));
  set_text(made_below(root, "workload"), "deadline",
           format_duration(parts.deadline));
  TRY(add_list(root, parts.faults, "faults", true));
  TRY(add_list(root, parts.expect, "expect", false));
  return parts.head + yaml_text(root);
}

Judgement with_numbers(Judgement judgement, const Scenario& scenario) {
  for (Finding& finding : judgement.findings) {
    Place place = std::exchange(finding.place, {});
    for (std::size_t i = 0; i < scenario.expect.size(); ++i) {
      const Place& asked = scenario.expect[i].place;
      bool same = place.line == asked.line && place.column == asked.column &&
                  place.line > 0;
      finding.place.line = same ? static_cast<int>(i) + 1 : finding.place.line;
    }
  }
  return judgement;
}

std::vector<Finding> unmet_in(const JudgedRun& run) {
  std::vector<Finding> out;
  for (std::size_t i = 0; run.judgement && i < run.judgement->findings.size();
       ++i) {
    const Finding& one = run.judgement->findings[i];
    if (one.verdict != Verdict::pass) {
      out.push_back(one);
    }
  }
  return out;
}

// A line is JSON, and begins with none of the digits of a frame.
std::string judged_text(const JudgedRun& run) {
  return run.judgement
             ? texts_text({0, {run.line, judgement_line(*run.judgement)}})
             : run.line;
}

Result<JudgedRun> parse_judged(const std::string& text) {
  if (text.starts_with('{')) {
    return JudgedRun{text, {}};
  }
  TRY_ASSIGN(FramedTexts frame, parse_texts(text, 2));
  TRY_ASSIGN(Judgement judgement, parse_judgement_line(frame.texts[1]));
  return JudgedRun{frame.texts[0], std::move(judgement)};
}

}  // namespace faultrig
