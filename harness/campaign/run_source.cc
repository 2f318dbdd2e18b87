#include "harness/campaign/run_source.h"

#include <algorithm>
#include <utility>

#include "harness/model/golden_plan.h"

namespace faultrig {

namespace {

constexpr const char* kStoppedEarly = "the run stopped at the first no pass";

bool needs_golden(const Entry& entry) {
  const Scenario& scenario = entry.plan.scenario;
  return scenario.golden && !scenario.faults.empty();
}

}  // namespace

RunSource::RunSource(const std::vector<Entry>& entries, const Options& options,
                     Sink<Judgement>& sink)
    : entries_(entries),
      stop_early_(options.stop_early),
      stop_(options.stop),
      sink_(sink) {
  golden_keys_.reserve(entries.size());
  shown_.reserve(entries.size());
  for (const Entry& entry : entries) {
    shown_.push_back(shown_of(entry, options.environment));
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
  if (!task.golden) {
    sink_.begun(shown_[task.entry].name, task.repeat);
  }
}

Standing RunSource::standing() const {
  Standing out{done_, total_, bad_, started_, {}};
  for (const auto& [number, given] : given_) {
    const ScenarioTask& task = given.task;
    std::string what = shown_[task.entry].name;
    what += task.repeat > 0 ? " #" + std::to_string(task.repeat) : "";
    out.running.push_back(
        {what + (task.golden ? " (golden run)" : ""), given.since});
  }
  return out;
}

// A source with nothing left came to its end, whatever the time.
bool RunSource::goes_on() {
  if (stopped_.empty() && !turns_.empty()) {
    stopped_ = stop_();
  }
  return stopped_.empty();
}

std::optional<Task> RunSource::next() {
  auto task = goes_on() ? next_task() : std::nullopt;
  if (!task) {
    return std::nullopt;
  }
  show(*task);
  std::size_t number = numbers_++;
  given_[number] = {*task, std::chrono::steady_clock::now()};
  return Task{number, order_text(*task)};
}

std::vector<Judgement> RunSource::not_run(const std::string& why) const {
  std::vector<Judgement> out;
  auto add = [&](std::size_t entry, int repeat) {
    Judgement one;
    one.scenario = shown_[entry].name;
    one.file = shown_[entry].file.string();
    one.verdict = Verdict::skipped;
    one.repeat = repeat;
    one.apart.not_run = why;
    out.push_back(std::move(one));
  };
  for (const auto& [number, given] : given_) {
    if (!given.task.golden) {  // the turn of a golden run is still in its row
      add(given.task.entry, given.task.repeat);
    }
  }
  for (const Turn& turn : turns_) {
    add(turn.entry, turn.repeat);
  }
  return out;
}

void RunSource::finish(std::size_t entry, Judgement judgement) {
  judgement.scenario = shown_[entry].name;
  judgement.file = shown_[entry].file.string();
  ++done_;
  bad_ += is_red(judgement) ? 1 : 0;
  if (stop_early_ && !is_good(judgement.verdict) && stopped_.empty()) {
    stopped_ = kStoppedEarly;
  }
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
  finish(task.entry, judgement_without_run(entries_[task.entry].plan,
                                           *answer.refused, task.repeat));
}

void RunSource::learned(const Task& task, const Result<std::string>& answer) {
  ScenarioTask given = std::move(given_.extract(task.number).mapped().task);
  auto read = answer ? parse_answer(given, *answer)
                     : Result<ScenarioAnswer>(answer.error());
  ScenarioAnswer what = read ? std::move(*read)
                             : answer_without_run(entries_[given.entry].plan,
                                                  read.error(), given.repeat);
  if (given.golden) {
    golden_done(given, what);
  } else {
    finish(given.entry, std::move(what.judgement));
  }
}

void RunSource::take_back(const Task& task) {
  ScenarioTask given = std::move(given_.extract(task.number).mapped().task);
  if (given.golden) {
    golden_[golden_keys_[given.entry]].state = GoldenState::unknown;
  } else {
    turns_.push_front({given.entry, given.repeat});
  }
}

}  // namespace faultrig
