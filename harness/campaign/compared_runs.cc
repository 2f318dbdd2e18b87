// What is watched costs time, so that runs whose time is compared are others
// than those whose features are. A worker answers with a snapshot of its one
// run: the text that is kept in git is the text that goes over its socket.
#include "harness/campaign/compared_runs.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/base/whole_number.h"
#include "harness/campaign/base_scenario.h"
#include "harness/campaign/frame.h"
#include "harness/campaign/yaml_edit.h"
#include "harness/campaign/yaml_text.h"
#include "harness/judge/features.h"
#include "harness/plan/planner.h"
#include "harness/run/runner.h"
#include "harness/store/secrets.h"
#include "harness/sweep/site_run.h"

namespace faultrig {

namespace {

using std::chrono::nanoseconds;

const std::string kNothing = "expect:\n- leftovers: {at_least: 0}\n";

std::string watch_yaml() {
  return "expect:\n- calls: {call: [" + join(calls_for_snapshots(), ", ") +
         "], count: {at_least: 0}}\n";
}

// Only a package's tests take flags for profiles.
std::string observe_yaml(const SweepTarget& target) {
  return "observe:\n- goroutines: {at: [end]}\n" +
         std::string(target.command.empty() ? "- profile: [block]\n" : "");
}

// What is asked of what an observer saw is asked with it.
bool is_of_observer(const std::string& expectation) {
  return expectation == "goroutines" || expectation == "profile" ||
         expectation == "spans";
}

// Something is to be expected of a run, or it is none.
Result<std::string> without(const std::string& base, bool observers) {
  TRY_ASSIGN(YamlNode root, tree_of(base));
  TRY_ASSIGN(YamlNode nothing, tree_of(kNothing));
  if (observers) {
    drop(root, {"observe"});
  }
  if (YamlNode* expect = below(root, "expect"); expect != nullptr) {
    std::erase_if(expect->children, [observers](const YamlNode& one) {
      std::string key = one.children.empty() ? "" : one.children[0].key;
      return key == "snapshot" || (observers && is_of_observer(key));
    });
    if (expect->children.empty()) {
      *expect = *below(nothing, "expect");
    }
  }
  return yaml_text(root);
}

Result<ComparedYaml> scenario_yaml(const SweepTarget& target,
                                   nanoseconds deadline) {
  ComparedYaml out;
  TRY_ASSIGN(std::string watched, without(target.base, false));
  TRY_ASSIGN(out.watched,
             with_parts(watched, {"", deadline, "", watch_yaml()}));
  TRY_ASSIGN(std::string plain, without(target.base, true));
  TRY_ASSIGN(out.plain, with_parts(plain, {"", deadline, "", kNothing}));
  return out;
}

Result<Plan> plan_of(const std::string& yaml, bool watched) {
  TRY_ASSIGN(Scenario scenario, scenario_from(yaml, "compare", "compare.yaml"));
  TRY_ASSIGN(Plan plan, plan_or_trouble(scenario));
  plan.fresh_folder = true;
  plan.wants_test_events = watched && plan.has_go();
  return plan;
}

// Building, and what faultrig itself does before and behind, is not part of it.
nanoseconds time_of(const Evidence& evidence, const Plan& plan) {
  std::string link(link_name(plan.scenario.workload.main_link()));
  std::optional<nanoseconds> from;
  nanoseconds to{0};
  for (const Observation& seen : evidence.trace()) {
    if (seen.fact == Fact::process_started && seen.link == link) {
      from = from.value_or(seen.at);
    }
    if (seen.fact == Fact::process_ended && seen.link == link) {
      to = seen.at;
    }
  }
  return from ? to - *from : nanoseconds(0);
}

Snapshot snapshot_in(const Evidence& evidence, const Mask& mask) {
  RunFeatures seen = features_of(evidence, true);
  RunFeatures masked{{}, seen.unseen};
  for (const Feature& one : seen.seen) {
    masked.seen.insert({one.kind, mask.text(one.what), mask.text(one.site)});
  }
  for (auto& [kind, why] : masked.unseen) {
    why = mask.text(why);
  }
  Snapshot out = snapshot_of({masked});
  out.faultrig = evidence.provenance().faultrig;
  out.go = evidence.provenance().go;
  return out;
}

Result<std::string> do_run(Session& session, const FramedTexts& asked) {
  bool watched = asked.word == 1;
  TRY_ASSIGN(Plan plan, plan_of(asked.texts[0], watched));
  TRY(session.can_run(plan));
  TRY_ASSIGN(Evidence evidence, run_plan(session, plan, {Golden::good, ""}));
  Mask mask(plan.scenario.workload, session.options().environment,
            asked.texts[0]);
  std::string trouble = recorded_run(evidence).trouble;
  if (!trouble.empty()) {
    return Error{ErrorKind::system, mask.text(trouble), 0};
  }
  std::string text = watched ? snapshot_text(snapshot_in(evidence, mask)) : "";
  return texts_text({time_of(evidence, plan).count(), {std::move(text)}});
}

// Why a run was not made is an answer, too: behind its kind.
constexpr std::int64_t kNotMade = -1;

std::string not_made(const Error& why) {
  return texts_text(
      {kNotMade, {std::to_string(static_cast<int>(why.kind)), why.what}});
}

Result<FramedTexts> read_answer_of(const Result<std::string>& answer) {
  if (!answer) {
    return answer.error();
  }
  TRY_ASSIGN(FramedTexts read, parse_texts(*answer, 1));
  if (read.word == kNotMade && read.texts.size() > 1) {
    int kind = whole_number<int>(read.texts[0]).value_or(0);
    return Error{static_cast<ErrorKind>(kind), read.texts[1], 0};
  }
  return read;
}

}  // namespace

Result<std::string> without_snapshots(const std::string& yaml) {
  return without(yaml, false);
}

Result<ComparedYaml> compared_yaml(const SweepTarget& target,
                                   nanoseconds deadline) {
  if (!target.base.empty()) {
    return scenario_yaml(target, deadline);
  }
  ComparedYaml out;
  TRY_ASSIGN(out.watched, run_yaml(target, {observe_yaml(target), deadline, "",
                                            watch_yaml()}));
  TRY_ASSIGN(out.plain, run_yaml(target, {"", deadline, "", kNothing}));
  return out;
}

std::optional<Task> ComparedRuns::next() {
  if (trouble_) {
    return std::nullopt;
  }
  if (!again_.empty()) {
    Task task = again_.back();
    again_.pop_back();
    return task;
  }
  if (next_ >= orders_.size()) {
    return std::nullopt;
  }
  const ComparedOrder& order = orders_[next_];
  progress_(fmt::format("run {} of {}", next_ + 1, orders_.size()));
  return Task{next_++, texts_text({order.watched ? 1 : 0, {order.yaml}})};
}

std::size_t ComparedRuns::left() const {
  return trouble_ ? 0 : orders_.size() - next_ + again_.size();
}

void ComparedRuns::learned(const Task& task,
                           const Result<std::string>& answer) {
  const ComparedOrder& order = orders_[task.number];
  auto read = read_answer_of(answer);
  ComparedRun run{order.side, order.watched, {}, {}};
  if (read && order.watched) {
    auto seen = parse_snapshot(read->texts[0]);
    if (seen) {
      run.seen = *std::move(seen);
    } else {
      read = with_prefix("what one run showed", seen.error());
    }
  }
  if (!read) {
    trouble_ = trouble_ ? trouble_ : std::optional(read.error());
    return;
  }
  run.took = nanoseconds(read->word);
  runs_.push_back(std::move(run));
}

Result<std::vector<ComparedRun>> ComparedRuns::runs() const {
  if (trouble_) {
    return *trouble_;
  }
  if (runs_.size() < orders_.size()) {
    return Error{ErrorKind::system, "not all runs were made", 0};
  }
  return runs_;
}

Deed compared_deed() {
  return [](Result<Session>& session,
            const std::string& order) -> Result<std::string> {
    TRY_ASSIGN(FramedTexts asked, parse_texts(order, 1));
    auto done = session ? do_run(*session, asked)
                        : Result<std::string>(session.error());
    return done ? *done : not_made(done.error());
  };
}

Snapshot snapshot_of_side(const std::vector<ComparedRun>& runs,
                          std::size_t side) {
  std::vector<RunFeatures> features;
  Snapshot last;
  for (const ComparedRun& run : runs) {
    if (run.side == side && run.seen) {
      last = *run.seen;
      RunFeatures one{{}, run.seen->unseen};
      for (const auto& [feature, stable] : run.seen->lines) {
        one.seen.insert(feature);
      }
      features.push_back(std::move(one));
    }
  }
  Snapshot out = snapshot_of(features);
  out.faultrig = last.faultrig;
  out.go = last.go;
  return out;
}

std::vector<nanoseconds> times_of_side(const std::vector<ComparedRun>& runs,
                                       std::size_t side) {
  std::vector<nanoseconds> out;
  for (const ComparedRun& run : runs) {
    if (run.side == side && !run.watched) {
      out.push_back(run.took);
    }
  }
  return out;
}

}  // namespace faultrig
