#include "harness/cli/crew.h"

#include <poll.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "harness/model/golden_plan.h"
#include "harness/os/signals.h"

namespace faultrig {

namespace {

constexpr std::chrono::milliseconds kQuick{100};
constexpr int kPatience = 15'000;  // milliseconds, for shims to clean up

std::string how_it_ended(WaitStatus status) {
  if (status.exited() && status.exit_code() == Worker::kOutOfMemory) {
    return "a worker of faultrig ran out of memory";
  }
  bool killed = status.killed() && status.signal() == SIGKILL;
  return "a worker of faultrig ended early: " + status.text() +
         (killed ? " (by the kernel, if memory ran out)" : "");
}

}  // namespace

Crew::Crew(const std::vector<Entry>& entries, const Options& options,
           std::vector<std::string> environment, Events events)
    : entries_(entries),
      options_(options),
      environment_(std::move(environment)),
      events_(std::move(events)) {
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
  auto seats = std::min<std::size_t>(static_cast<std::size_t>(options.jobs),
                                     std::max<std::size_t>(total_, 1));
  seats_.resize(seats);
}

bool Crew::needs_golden(const Entry& entry) const {
  const Scenario& scenario = entry.plan.scenario;
  return scenario.golden && !scenario.faults.empty();
}

// The first turn that can be taken now: its own, or the golden run that it
// waits for.
std::optional<Job> Crew::next_job() {
  for (auto turn = turns_.begin(); turn != turns_.end(); ++turn) {
    const Entry& entry = entries_[turn->entry];
    Job job{false, turn->entry, turn->repeat, {}};
    if (needs_golden(entry)) {
      GoldenRun& golden = golden_[golden_keys_[turn->entry]];
      if (golden.state == GoldenState::running) {
        continue;
      }
      if (golden.state == GoldenState::unknown) {
        golden.state = GoldenState::running;
        job.golden = true;
        return job;
      }
      job.result = golden.result;
    }
    turns_.erase(turn);
    return job;
  }
  return std::nullopt;
}

// A worker whose jobs take no time would mostly wait for the next one: it gets
// a second one ahead. Of long ones each waits for whoever is free first.
std::size_t Crew::wanted(const Seat& seat) const {
  return seat.quick && turns_.size() >= seats_.size() ? 2 : 1;
}

Result<> Crew::fill_seat(Seat& seat) {
  while (!stopping_ && seat.jobs.size() < wanted(seat)) {
    auto job = next_job();
    if (!job) {
      return Ok{};
    }
    TRY(hand_over(seat, *job));
  }
  return Ok{};
}

Result<> Crew::hand_over(Seat& seat, const Job& job) {
  if (!seat.worker) {
    TRY_ASSIGN(seat.worker, Worker::start([this](int socket) {
                 return work(socket, entries_, options_, environment_);
               }));
  }
  if (seat.jobs.empty()) {
    seat.since = std::chrono::steady_clock::now();
  }
  seat.jobs.push_back(job);
  const std::string& name = entries_[job.entry].plan.scenario.name;
  events_.progress(std::to_string(done_ + 1) + "/" + std::to_string(total_) +
                   " " + name + (job.golden ? " (golden run)" : ""));
  if (!send_text(seat.worker->fd(), job_text(job))) {
    worker_died(seat);
  }
  return Ok{};
}

void Crew::finish(const Judgement& judgement) {
  ++done_;
  stopping_ =
      stopping_ || (options_.stop_early && judgement.verdict != Verdict::pass &&
                    judgement.verdict != Verdict::skipped);
  events_.done(judgement);
}

void Crew::golden_done(const Job& job, const JobOutcome& outcome) {
  const Scenario& scenario = entries_[job.entry].plan.scenario;
  GoldenRun& golden = golden_[golden_keys_[job.entry]];
  if (outcome.skip.empty()) {
    golden = {GoldenState::known, outcome.golden};
    return;
  }
  // This entry cannot run here; another with the same workload may.
  golden.state = GoldenState::unknown;
  auto turn = std::find_if(turns_.begin(), turns_.end(), [&](const Turn& one) {
    return one.entry == job.entry && one.repeat == job.repeat;
  });
  if (turn != turns_.end()) {
    turns_.erase(turn);
  }
  Judgement skipped;
  skipped.scenario = scenario.name;
  skipped.file = scenario.file.string();
  skipped.verdict = Verdict::skipped;
  skipped.repeat = job.repeat;
  Finding finding;
  finding.verdict = Verdict::skipped;
  finding.because = outcome.skip;
  skipped.findings.push_back(finding);
  finish(skipped);
}

void Crew::take_answer(Seat& seat) {
  auto text = receive_text(seat.worker->fd());
  if (!text || !*text) {
    worker_died(seat);
    return;
  }
  auto now = std::chrono::steady_clock::now();
  seat.quick = now - seat.since < kQuick;
  seat.since = now;
  Job job = seat.jobs.front();
  seat.jobs.pop_front();
  auto outcome = parse_outcome(job, **text);
  if (!outcome) {
    outcome = JobOutcome{};
    outcome->judgement.scenario = entries_[job.entry].plan.scenario.name;
    outcome->judgement.verdict = Verdict::error;
  }
  if (job.golden) {
    golden_done(job, *outcome);
  } else {
    finish(outcome->judgement);
  }
}

void Crew::worker_died(Seat& seat) {
  WaitStatus status = seat.worker->finish();
  seat.worker.reset();
  std::deque<Job> jobs = std::exchange(seat.jobs, {});
  seat.quick = false;
  if (jobs.empty() || stopping_) {
    return;
  }
  // It never came to the second one.
  for (auto later = jobs.rbegin(); later + 1 != jobs.rend(); ++later) {
    take_back(*later);
  }
  const Job* job = &jobs.front();
  std::string why = how_it_ended(status);
  if (job->golden) {
    JobOutcome outcome;
    outcome.golden = {Golden::bad, why};
    golden_done(*job, outcome);
    return;
  }
  Judgement lost;
  lost.scenario = entries_[job->entry].plan.scenario.name;
  lost.file = entries_[job->entry].plan.scenario.file.string();
  lost.verdict = Verdict::error;
  lost.repeat = job->repeat;
  Finding finding;
  finding.verdict = Verdict::error;
  finding.because = why;
  lost.findings.push_back(finding);
  finish(lost);
}

void Crew::take_back(const Job& job) {
  if (job.golden) {
    golden_[golden_keys_[job.entry]].state = GoldenState::unknown;
  } else {
    turns_.push_front({job.entry, job.repeat});
  }
}

bool Crew::any_busy() const {
  return std::any_of(seats_.begin(), seats_.end(),
                     [](const Seat& seat) { return !seat.jobs.empty(); });
}

// The next signal that asks us to stop. A worker that its workload has stopped
// would keep us waiting: it goes on.
std::optional<int> Crew::ending_signal(const Fd& signals) {
  while (auto number = next_signal(signals)) {
    if (*number != SIGCHLD) {
      return number;
    }
    for (Seat& seat : seats_) {
      if (seat.worker) {
        seat.worker->keep_going();
      }
    }
  }
  return std::nullopt;
}

// False: a signal asked us to stop.
bool Crew::wait(const Fd& signals) {
  std::vector<pollfd> waits{{signals.get(), POLLIN, 0}};
  std::vector<Seat*> busy;
  for (Seat& seat : seats_) {
    if (!seat.jobs.empty()) {
      waits.push_back({seat.worker->fd(), POLLIN, 0});
      busy.push_back(&seat);
    }
  }
  if (poll(waits.data(), waits.size(), -1) < 0) {
    return true;
  }
  if (auto number = ending_signal(signals)) {
    signal_ = *number;
    return false;
  }
  for (std::size_t i = 0; i < busy.size(); ++i) {
    if (waits[i + 1].revents != 0) {
      take_answer(*busy[i]);
    }
  }
  return true;
}

void Crew::kill_workers() {
  for (Seat& seat : seats_) {
    if (seat.worker) {
      seat.worker->kill();
    }
  }
}

// Closing a worker's socket tells it to stop; it cleans up and ends. Whoever
// asks a second time does not want to wait for that: the workers are killed,
// and their shims clean up.
void Crew::dismiss(const Fd& signals) {
  for (Seat& seat : seats_) {
    if (seat.worker) {
      seat.worker->hang_up();
    }
  }
  for (Seat& seat : seats_) {
    while (seat.worker && !seat.worker->ended(signals)) {
      if (ending_signal(signals)) {
        kill_workers();
      }
    }
    seat.worker.reset();
  }
  all_gone_ = await_orphans(kPatience);
}

Result<int> Crew::run(const Fd& signals) {
  adopt_orphans();
  refuse_tracers();
  Result<> filled = Ok{};
  while (true) {
    for (Seat& seat : seats_) {
      filled = filled ? fill_seat(seat) : filled;
    }
    if (!filled || !any_busy() || !wait(signals)) {
      break;
    }
  }
  stopping_ = true;
  dismiss(signals);
  if (!filled) {
    return filled.error();
  }
  return signal_;
}

}  // namespace faultrig
