#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/cli/job.h"
#include "harness/os/worker.h"

namespace faultrig {

// Hands entries to worker processes: golden runs first and once a golden_key(),
// then the entries that waited for them. A worker that dies costs the entry it
// was at an `error`, nothing else.
class Crew {
 public:
  struct Events {
    std::function<void(const Judgement&)> done;
    std::function<void(const std::string& what)> progress;
  };
  Crew(const std::vector<Entry>& entries, const Options& options,
       std::vector<std::string> environment, Events events);

  // Does everything, or until a signal arrives at `signals`, or after the first
  // result that is no pass with --stop-early. Gives the signal, or 0.
  Result<int> run(const Fd& signals);
  // After run(): does nothing live on of what was started?
  bool all_gone() const { return all_gone_; }

 private:
  struct Seat {
    std::optional<Worker> worker;
    // What it was handed and has not answered, the one it is at first.
    std::deque<Job> jobs;
    std::chrono::steady_clock::time_point since;  // it is at that one
    bool quick = false;  // its last answer came at once
  };
  struct Turn {
    std::size_t entry = 0;
    int repeat = 0;
  };
  enum class GoldenState { unknown, running, known };
  struct GoldenRun {
    GoldenState state = GoldenState::unknown;
    GoldenResult result;
  };

  Result<> fill_seat(Seat& seat);
  Result<> hand_over(Seat& seat, const Job& job);
  std::size_t wanted(const Seat& seat) const;
  std::optional<Job> next_job();
  bool needs_golden(const Entry& entry) const;
  void take_answer(Seat& seat);
  void worker_died(Seat& seat);
  void take_back(const Job& job);
  void golden_done(const Job& job, const JobOutcome& outcome);
  void finish(const Judgement& judgement);
  bool wait(const Fd& signals);
  std::optional<int> ending_signal(const Fd& signals);
  void dismiss(const Fd& signals);
  void kill_workers();
  bool any_busy() const;

  const std::vector<Entry>& entries_;
  const Options& options_;
  std::vector<std::string> environment_;
  Events events_;
  std::deque<Turn> turns_;
  std::vector<std::string> golden_keys_;  // by entry
  std::map<std::string, GoldenRun> golden_;
  std::vector<Seat> seats_;
  std::size_t done_ = 0;
  std::size_t total_ = 0;
  bool stopping_ = false;
  int signal_ = 0;
  bool all_gone_ = true;
};

}  // namespace faultrig
