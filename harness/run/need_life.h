#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/load/driver.h"
#include "harness/model/service.h"
#include "harness/run/capture.h"
#include "harness/run/loop.h"
#include "harness/run/ready_sign.h"
#include "harness/run/recorder.h"
#include "harness/run/session.h"

namespace faultrig {

// How a need is started.
struct NeedStart {
  std::string program;
  std::vector<std::string> env;  // NAME=value
  bool own_network = false;      // enters `network`, or makes one
  int network = -1;              // of a /proc/PID/ns/net; -1: none is there yet
};

// One service that another one needs: its group, its process, what it says. It
// is started, gets ready, is told to stop, and ends. Not after fork.
class NeedLife {
 public:
  enum class State {
    waiting,  // for those that it needs
    started,
    ready,
    failed,  // it did not start, or did not get ready
    ended
  };
  // All must outlive it.
  NeedLife(Session& session, const Need& need);
  NeedLife(const NeedLife&) = delete;
  NeedLife& operator=(const NeedLife&) = delete;
  // Kills what lives of it.
  ~NeedLife();

  const Need& need() const { return need_; }
  State state() const { return state_; }
  bool is_there() const { return pid_ > 0 && state_ != State::ended; }

  // Starts it and its probes in this loop. That it cannot be started, or never
  // gets ready, is told to the recorder, and it has failed.
  void start(const NeedStart& how, Loop& loop, Recorder& recorder);
  // It was not built; `why` in one line.
  void never_started(const std::string& why, Recorder& recorder);
  // Its network, while its process lives.
  Result<Fd> open_network() const;
  // Reads what it prints, in this loop; in one at a time.
  void listen(Loop& loop);
  void leave(Loop& loop);
  // Is this its end? Then it, and its last words, are told.
  bool take(const Ended& told, Recorder& recorder);
  // Its processes now. May be asked in another process.
  std::vector<int> pids() const;
  // SIGTERM; the grace counts from now on.
  void stop(Recorder& recorder);
  std::optional<Loop::Clock::time_point> grace_ends() const { return until_; }
  // SIGKILL to all of it.
  void kill(Recorder& recorder);

 private:
  Observation about(Fact fact, Source source) const;
  Result<> launch(const NeedStart& how, Recorder& recorder);
  Result<> probe(const NeedStart& how, Loop& loop, Recorder& recorder);
  void take_news(Loop& loop, Recorder& recorder);
  void look_for_file(Loop& loop);
  void end_probe(Loop& loop);
  void tell_signal(int signal, Recorder& recorder);
  void tell_output(const char* stream, const Capture& said,
                   Recorder& recorder) const;

  Session& session_;
  const Need& need_;
  ReadySign sign_;
  Cgroup group_;
  struct Started {
    std::string program;
    Fd pidfd;
    Fd out;
    Fd err;
  };
  Started process_;
  int pid_ = 0;
  Capture out_;
  Capture err_;
  std::optional<Driver> driver_;
  State state_ = State::waiting;
  std::optional<Loop::Clock::time_point> until_;
};

}  // namespace faultrig
