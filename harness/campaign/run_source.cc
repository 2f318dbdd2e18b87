#include "harness/campaign/run_source.h"

#include <algorithm>
#include <utility>

#include "harness/model/golden_plan.h"

namespace faultrig {

namespace {

constexpr const char* kStoppedEarly = "the run stopped at the first no pass";

bool needs_golden(const Entry& entry) {
  const Scenario& scenario = entry.plan.scenario;
  return scenario.golden && !scenario.faults.empty() && !scenario.sweep;
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
  so_far_.all = turns_.size();
}

// A part of the sweep of a turn; once it has none left its verdict is told.
std::optional<RunSource::Step> RunSource::next_part(const Turn& turn) {
  auto& sweep = sweeps_[{turn.entry, turn.repeat}];
  if (!sweep) {
    sink_.begun(shown_[turn.entry].name, turn.repeat);
    sweep = std::make_unique<SweepTurn>(
        entries_[turn.entry], turn.entry,
        [this](const std::string& what) { sink_.progress(what); });
  }
  auto part = sweep->next();
  return part ? std::optional<Step>(
                    Step{{false, turn.entry, turn.repeat, {}}, part})
              : std::nullopt;
}

// What a turn gives now: itself, the golden run that it waits for, or nothing.
std::optional<RunSource::Step> RunSource::next_of(const Turn& turn) {
  if (entries_[turn.entry].plan.scenario.sweep) {
    return next_part(turn);
  }
  const std::string& key = golden_keys_[turn.entry];
  Step step{{false, turn.entry, turn.repeat, {}}};
  if (!key.empty()) {
    GoldenRun& golden = golden_[key];
    if (golden.state == GoldenState::running) {
      return std::nullopt;
    }
    step.task.golden = golden.state == GoldenState::unknown;
    if (step.task.golden) {
      golden.state = GoldenState::running;
    } else {
      step.task.result = golden.result;
    }
  }
  return step;
}

// The first that can be given now.
std::optional<RunSource::Step> RunSource::next_step() {
  for (std::size_t i = 0; i < turns_.size();) {
    Turn turn = turns_[i];
    auto step = next_of(turn);
    if (step && !step->task.golden && !step->part) {
      drop_turn(turn);
      sink_.begun(shown_[turn.entry].name, turn.repeat);
    }
    if (step) {
      return step;
    }
    auto sweep = sweeps_.find({turn.entry, turn.repeat});
    if (sweep != sweeps_.end() && sweep->second->ended()) {
      end_sweep(turn);
    } else {
      ++i;
    }
  }
  return std::nullopt;
}

void RunSource::end_sweep(const Turn& turn) {
  auto sweep = sweeps_.extract({turn.entry, turn.repeat});
  Judgement judgement = sweep.mapped()->judgement();
  judgement.repeat = turn.repeat;
  drop_turn(turn);
  finish(turn.entry, std::move(judgement));
}

std::size_t RunSource::left() const {
  std::size_t left = turns_.size();
  for (const auto& [key, sweep] : sweeps_) {
    left += sweep->left();
  }
  return left;
}

Standing RunSource::standing() const {
  Standing out = so_far_;
  for (const auto& [number, given] : given_) {
    const ScenarioTask& task = given.step.task;
    std::string what = shown_[task.entry].name;
    what += task.repeat > 0 ? " #" + std::to_string(task.repeat) : "";
    what += task.golden ? " (golden run)" : given.step.part ? " (sweep)" : "";
    out.running.push_back({what, given.since});
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
  auto step = goes_on() ? next_step() : std::nullopt;
  if (!step) {
    return std::nullopt;
  }
  std::size_t number = numbers_++;
  std::string order = step->part ? step->part->order : order_text(step->task);
  given_[number] = {*std::move(step), std::chrono::steady_clock::now()};
  return Task{number, std::move(order)};
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
    // The turn of a golden run, or of a sweep, is still in its row.
    if (!given.step.task.golden && !given.step.part) {
      add(given.step.task.entry, given.step.task.repeat);
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
  ++so_far_.done;
  so_far_.bad += is_red(judgement) ? 1 : 0;
  if (stop_early_ && !is_good(judgement.verdict) && stopped_.empty()) {
    stopped_ = kStoppedEarly;
  }
  sink_.result(judgement);
}

void RunSource::drop_turn(const Turn& turn) {
  auto same = std::find_if(turns_.begin(), turns_.end(), [&](const Turn& one) {
    return one.entry == turn.entry && one.repeat == turn.repeat;
  });
  if (same != turns_.end()) {
    turns_.erase(same);
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
  drop_turn({task.entry, task.repeat});
  finish(task.entry, judgement_without_run(entries_[task.entry].plan,
                                           *answer.refused, task.repeat));
}

void RunSource::part_done(const Given& given,
                          const Result<std::string>& answer) {
  const ScenarioTask& task = given.step.task;
  sweeps_.at({task.entry, task.repeat})->learned(*given.step.part, answer);
}

void RunSource::learned(const Task& task, const Result<std::string>& answer) {
  Given found = std::move(given_.extract(task.number).mapped());
  if (found.step.part) {
    part_done(found, answer);
    return;
  }
  const ScenarioTask& given = found.step.task;
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
  Step step = std::move(given_.extract(task.number).mapped().step);
  const ScenarioTask& given = step.task;
  if (step.part) {
    sweeps_.at({given.entry, given.repeat})->take_back(*step.part);
  } else if (given.golden) {
    golden_[golden_keys_[given.entry]].state = GoldenState::unknown;
  } else {
    turns_.push_front({given.entry, given.repeat});
  }
}

}  // namespace faultrig
