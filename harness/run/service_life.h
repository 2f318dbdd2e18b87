#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "harness/load/driver.h"
#include "harness/model/scenario.h"
#include "harness/os/cgroup_freeze.h"
#include "harness/run/file_looks.h"
#include "harness/run/loop.h"
#include "harness/run/ready_sign.h"
#include "harness/run/recorder.h"
#include "harness/run/recoveries.h"
#include "harness/run/request_book.h"
#include "harness/run/triggers.h"

namespace faultrig {

// The life of a service: it gets ready, is asked for things, is told to stop,
// and has its grace. Not after fork.
class ServiceLife {
 public:
  // What it works with; all must outlive it.
  struct Tools {
    Loop& loop;
    Recorder& recorder;
    Triggers& triggers;
    Recoveries& recoveries;
    const Cgroup& group;
    // Its processes; asked in another process too.
    std::function<std::vector<int>()> pids;
    // Sends a signal to the service; false: nobody was left to get it.
    std::function<bool(int signal)> send;
    // Ends the run now, and tells why.
    std::function<void(const std::string& why)> end;
    // Hears that it is ready.
    std::function<void()> ready;
    const ServiceWatch& watch;
    // The TMPDIR that it was given; empty: none of its own.
    std::function<std::filesystem::path()> tmp;
    // A second life's: what it is asked for once it is ready.
    std::vector<SoughtWrite> seek;
    // As in Session::Options.
    std::optional<std::chrono::nanoseconds> patience;
  };
  // `end_signal`: ends it where no fault does.
  ServiceLife(const Workload& workload, int end_signal, Tools tools);
  ~ServiceLife();
  ServiceLife(const ServiceLife&) = delete;
  ServiceLife& operator=(const ServiceLife&) = delete;

  // Its program has been started as `pid`, in a network of its own or not: from
  // now on it is probed, and its time to get ready counts.
  void started(int pid, bool own_network);
  // Does `ready: {output: ...}` wait for lines?
  bool wants_lines() const { return sign_.is_a_line(); }
  // A line of its output. True: that was waited for.
  bool line(std::string_view line);
  // Once a turn of the loop: when no fault will stop it, it is told to stop.
  void look();
  // A platform begins to stop it: nobody else does any more, and this is how
  // its next signal is meant.
  void expect_stop(const ServiceStop& stop);
  // It has ended: waits for what the requests in flight came to, and tells all.
  void ended();
  const RequestBook& requests() const { return requests_; }
  // So has all that it left.
  void gone() { files_.look("end", tools_.tmp(), tools_.recorder); }

  // Around the sending of a signal by a fault. The first one that is to stop
  // the service finds it frozen, while it is noted where each request is; with
  // that its grace begins, and nothing new is asked.
  class Stop {
   public:
    Stop(ServiceLife* life, int signal);
    ~Stop();
    Stop(const Stop&) = delete;
    Stop& operator=(const Stop&) = delete;
    // Does the service stand still meanwhile?
    bool frozen() const { return freeze_ && freeze_->holds(); }

   private:
    ServiceLife* life_ = nullptr;  // none: not the first that stops it
    std::optional<CgroupFreeze> freeze_;
  };

 private:
  void take_news();
  void take(const SeekDone& news);
  // What is only told.
  template <typename Told>
  void take(const Told&) {}
  void take(const ServiceReady& news);
  void take(const NeverReady& news);
  void take(const RequestRecord& record);
  void take(const MoreInFlight& news);
  void take(const Marked& news);
  void take(const LoadDone& news);
  void take(const DriverFailed& news);
  void begin_stop();
  void mark();
  void stop_it();
  void on_grace();
  void look_for_file();

  const Workload& workload_;
  const Service& service_;
  int end_signal_;
  Tools tools_;
  ReadySign sign_;
  std::optional<Driver> driver_;
  bool ready_ = false;
  std::optional<Loop::Clock::time_point> steady_since_;
  bool seeking_ = false;
  bool stopping_ = false;
  bool ended_ = false;
  bool over_ = false;  // nothing more will come from the driver
  // A platform stops it, and how; until when load goes on.
  struct Expected {
    ServiceStop order;
    Loop::Clock::time_point load_until;
  };
  std::optional<Expected> stop_;
  RequestBook requests_;
  FileLooks files_;
};

}  // namespace faultrig
