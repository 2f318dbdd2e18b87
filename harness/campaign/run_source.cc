#include "harness/campaign/run_source.h"

#include <algorithm>
#include <utility>

#include "harness/model/golden_plan.h"

namespace faultrig {

namespace {

bool needs_golden(const Entry& entry) {
  const Scenario& scenario = entry.plan.scenario;
  return scenario.golden && !scenario.faults.empty();
}

}  // namespace

RunSource::RunSource(const std::vector<Entry>& entries, const Options& options,
                     Sink<Judgement>& sink)
    : entries_(entries), stop_early_(options.stop_early), sink_(sink) {
  golden_keys_.reserve(entries.size());
  for (const Entry& entry : entries) {
    golden_keys_.push_back(needs_golden(entry) ? golden_key(entry.plan) : "");
  }
  for (int repeat = 1; repeat <= std::max(options.repeat, 1); ++repeat) {
    for (std::size_t i = 0; i < entries.size(); ++i) {
      turns_.push_back({i, options.repeat > 0 ? repeat : 0});
    }
  }
  total_ = turns_.size();
}

// The first turn that can be taken now: its own, or the golden run that it
// waits for.
std::optional<ScenarioTask> RunSource::next_task() {
  for (auto turn = turns_.begin(); turn != turns_.end(); ++turn) {
    const std::string& key = golden_keys_[turn->entry];
    ScenarioTask task{false, turn->entry, turn->repeat, {}};
    if (!key.empty()) {
      GoldenRun& golden = golden_[key];
      if (golden.state == GoldenState::running) {
        continue;
      }
      if (golden.state == GoldenState::unknown) {
        golden.state = GoldenState::running;
        task.golden = true;
        return task;
      }
      task.result = golden.result;
    }
    turns_.erase(turn);
    return task;
  }
  return std::nullopt;
}

void RunSource::show(const ScenarioTask& task) {
  const std::string& name = entries_[task.entry].plan.scenario.name;
  sink_.progress(std::to_string(done_ + 1) + "/" + std::to_string(total_) +
                 " " + name + (task.golden ? " (golden run)" : ""));
}

std::optional<Task> RunSource::next() {
  auto task = stopping_ ? std::nullopt : next_task();
  if (!task) {
    return std::nullopt;
  }
  show(*task);
  std::size_t number = numbers_++;
  given_[number] = *task;
  return Task{number, order_text(*task)};
}

void RunSource::finish(const Judgement& judgement) {
  ++done_;
  bool good = judgement.verdict == Verdict::pass ||
              judgement.verdict == Verdict::skipped;
  stopping_ = stopping_ || (stop_early_ && !good);
  sink_.result(judgement);
}

void RunSource::drop_turn(const ScenarioTask& task) {
  auto turn = std::find_if(turns_.begin(), turns_.end(), [&](const Turn& one) {
    return one.entry == task.entry && one.repeat == task.repeat;
  });
  if (turn != turns_.end()) {
    turns_.erase(turn);
  }
}

void RunSource::golden_done(const ScenarioTask& task,
                            const ScenarioAnswer& answer) {
  GoldenRun& golden = golden_[golden_keys_[task.entry]];
  if (!answer.refused) {
    golden = {GoldenState::known, answer.golden};
    return;
  }
  // This entry cannot run here; another with the same workload may.
  golden.state = GoldenState::unknown;
  drop_turn(task);
  finish(judgement_without_run(entries_[task.entry].plan, *answer.refused,
                               task.repeat));
}

void RunSource::learned(const Task& task, const Result<std::string>& answer) {
  ScenarioTask given = std::move(given_.extract(task.number).mapped());
  auto read = answer ? parse_answer(given, *answer)
                     : Result<ScenarioAnswer>(answer.error());
  ScenarioAnswer what = read ? std::move(*read)
                             : answer_without_run(entries_[given.entry].plan,
                                                  read.error(), given.repeat);
  if (given.golden) {
    golden_done(given, what);
  } else {
    finish(what.judgement);
  }
}

void RunSource::take_back(const Task& task) {
  ScenarioTask given = std::move(given_.extract(task.number).mapped());
  if (given.golden) {
    golden_[golden_keys_[given.entry]].state = GoldenState::unknown;
  } else {
    turns_.push_front({given.entry, given.repeat});
  }
}

}  // namespace faultrig
