#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/fd.h"
#include "harness/campaign/task_source.h"
#include "harness/os/worker.h"

namespace faultrig {

// Worker processes that do what a source gives. One that dies costs the task
// it was at, nothing else; one that was stopped goes on; what they leave behind
// is adopted.
class Pool {
 public:
  // `body` is that of a worker (Worker::start): it reads orders from its socket
  // with receive_text() and answers each, in their order, with send_text().
  Pool(TaskSource& source, int workers, std::function<int(int socket)> body);

  // Called by run() before it waits, and once a second at least.
  void each_second(std::function<void()> tick) { tick_ = std::move(tick); }

  // Does everything, or until a signal arrives at `signals`. Gives the signal,
  // or 0. Memory that runs out is an error, after which results can be told.
  Result<int> run(const Fd& signals);
  // After run(): does nothing live on of what was started?
  bool all_gone() const { return all_gone_; }

 private:
  struct Seat {
    std::optional<Worker> worker;
    // What it was handed and has not answered, the one it is at first.
    std::deque<Task> tasks;
    std::chrono::steady_clock::time_point since;  // it is at that one
    bool quick = false;  // its last answer came at once
  };

  Result<int> do_all(const Fd& signals);
  Result<> fill_seat(Seat& seat);
  Result<> hand_over(Seat& seat, const Task& task);
  std::size_t wanted(const Seat& seat) const;
  void take_answer(Seat& seat);
  void worker_died(Seat& seat);
  bool wait(const Fd& signals);
  std::optional<int> ending_signal(const Fd& signals);
  void dismiss(const Fd& signals);
  void kill_workers();
  bool any_busy() const;

  TaskSource& source_;
  std::function<int(int socket)> body_;
  std::vector<Seat> seats_;
  std::function<void()> tick_;
  int signal_ = 0;
  bool all_gone_ = true;
};

}  // namespace faultrig
