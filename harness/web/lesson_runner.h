#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/fd.h"
#include "harness/base/result.h"
#include "harness/model/lesson.h"
#include "harness/os/worker.h"
#include "harness/run/session.h"
#include "harness/web/process_look.h"

namespace faultrig {

// Runs lessons in a process of its own, one run at a time, and tells what
// happens while it does. That process may die: the run fails, and the next one
// gets another.
class LessonRunner {
 public:
  // An event as timed_json() makes it.
  using Tell = std::function<void(const std::string& event)>;

  // `session`: that of the worker; its `hear` is ours.
  LessonRunner(std::vector<Lesson> lessons, Session::Options session, Tell tell)
      : lessons_(std::move(lessons)),
        session_(std::move(session)),
        tell_(std::move(tell)) {}

  // Starts the worker and asks what this machine cannot do: for each lesson
  // why, or nothing. Before anything else.
  Result<std::vector<std::string>> open();

  const std::vector<Lesson>& lessons() const { return lessons_; }
  // How many there are, counted through all lessons.
  std::size_t runs() const;

  // Begins that run, from 1. A usage error if there is none of that number, or
  // another one is under way.
  Result<> begin(std::size_t run);
  // Ends the run that is under way, which fails.
  void stop();
  // Is a run under way, or is one still being cleaned up behind?
  bool busy() const { return run_ != 0 || ending_; }

  // Where the worker is heard; -1: there is none. read() when it is readable.
  int fd() const { return worker_ && !ending_ ? worker_->fd() : -1; }
  void read();
  // Looks at what is alive; often while a run is under way.
  void look();
  // Continues a worker that its workload has stopped (SIGCHLD).
  void keep_going();

  // At the end: has the worker clean up and end, and waits for it. A signal at
  // `signals` meanwhile kills it. False: something that it started lives on.
  bool close(const Fd& signals);

 private:
  using Clock = std::chrono::steady_clock;

  Result<> start();
  void tell(const std::string& event);
  void fail(const std::string& why);
  void bury();

  std::vector<Lesson> lessons_;
  Session::Options session_;
  Tell tell_;
  std::optional<Worker> worker_;
  std::size_t run_ = 0;  // from 1; 0: none
  bool ending_ = false;
  Clock::time_point since_;  // it began, or is ending
  std::vector<SeenProcess> seen_;
  int looks_ = 0;  // that were told, of this run
};

}  // namespace faultrig
