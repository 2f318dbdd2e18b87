#pragma once

#include <chrono>
#include <functional>
#include <string_view>
#include <vector>

#include "harness/base/result.h"
#include "harness/load/news.h"
#include "harness/load/seek.h"
#include "harness/model/service.h"
#include "harness/os/line_socket.h"
#include "harness/os/worker.h"

namespace faultrig {

struct DriveOrder {
  Service service;   // of it: ready, ready_within, load
  int network = -1;  // of a /proc/PID/ns/net to enter; -1: stays in ours
  int user = -1;     // of a /proc/PID/ns/user to enter first; -1: stays in ours
  // The processes of the service now. Called in the driver, which was forked:
  // what descriptors it uses are to be kept there.
  std::function<std::vector<int>()> pids;
  std::vector<int> keep;          // those; borrowed until start() returns
  std::vector<SoughtWrite> seek;  // what seek() asks for
  bool watch_health = false;      // watch_stop() asks its ready URL as well
  bool tell_each_ask = false;     // MoreInFlight, though there were more before
};

// The process that drives a service under test: finds where it listens, tells
// when it is ready, asks for things, and tells how each request ended. A child
// of the caller's, forked without exec; it belongs to no cgroup, filter or
// limit of the service, and ends with the caller.
//
// From start() on it looks where the service listens (each millisecond at
// first, then each fifth) and tells of each change. It tells ServiceReady or
// NeverReady once. Requests follow begin_load(), LoadDone follows end_load(); a
// record comes when its request has ended, and all come before LoadDone.
class Driver {
 public:
  // system: no process.
  static Result<Driver> start(const DriveOrder& order);
  Driver(Driver&&) noexcept = default;
  Driver& operator=(Driver&&) = delete;
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;
  // Kills it and waits for its end; its connections are closed with it.
  ~Driver();

  // Readable when there is news. After DriverFailed it always is: unwatch it.
  int fd() const { return worker_.fd(); }
  // What has come; never waits. May be nothing though fd() is readable.
  Result<std::vector<DriverNews>> news();

  // Of a service that is ready when something was printed or is there: now.
  void be_ready();
  // Starts all loads of the service; once, after ServiceReady.
  void begin_load();
  // Notes an instant: the driver dumps all sockets and tells with Marked where
  // each of its connections stands. True of that instant if the service is
  // frozen until Marked has come.
  void mark(std::string_view name);
  // Asks for each write that was ordered to be sought; once, after
  // ServiceReady. WriteLost and SeekDone follow.
  void seek();
  // The service was told to stop: from now on looks often where it listens, and
  // asks for its health where that was ordered.
  void watch_stop();
  // Sends nothing new; once every request has ended and the server has closed
  // every connection that is only held, or after `within`, LoadDone comes. What
  // is still open then is told as timed out or held. Said once more, it only
  // shortens the wait.
  void end_load(std::chrono::nanoseconds within);

 private:
  explicit Driver(Worker worker)
      : worker_(std::move(worker)), lines_(worker_.fd()) {}
  void order(const DriverOrder& order);
  Worker worker_;
  LineSocket lines_;
  bool over_ = false;
};

// The body of the driver process. Gives its exit status.
int drive(const DriveOrder& order, int socket);

}  // namespace faultrig
