#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/base/fd.h"
#include "harness/base/result.h"
#include "harness/os/shim_wire.h"
#include "harness/run/loop.h"

namespace faultrig {

// What a witness is told to do, with borrowed descriptors.
struct WitnessOrders {
  StepOrder order;
  std::vector<int> fds;
};

// What the door tells the run. `visitor` numbers a connection.
struct DoorEvents {
  // Somebody has connected. False: no word of it is to be heard.
  std::function<bool(int pid)> welcome;
  std::function<WitnessOrders(int visitor, const Hello&)> hello;
  std::function<void(int visitor, int pid, Fd pidfd, Fd listener)> started;
  std::function<void(int visitor, const LaunchFailed&)> failed;
  std::function<void(int visitor, const Ended&)> ended;
  std::function<void(const Announce&)> announced;
  // The connection closed. `told_end`: after Ended or LaunchFailed, as it
  // should.
  std::function<void(int visitor, bool told_end)> gone;
};

// The socket at which witnesses that `go` starts report (unix(7)). Whatever
// comes over it is checked: the workload can connect to it too.
class WitnessDoor {
 public:
  static Result<std::unique_ptr<WitnessDoor>> open(
      Loop& loop, const std::filesystem::path& path, DoorEvents events);
  WitnessDoor(Loop& loop, Fd listener, DoorEvents events);
  WitnessDoor(const WitnessDoor&) = delete;
  WitnessDoor& operator=(const WitnessDoor&) = delete;
  ~WitnessDoor();

 private:
  struct Visitor {
    Fd connection;
    bool said_hello = false;
    bool started = false;
    bool told_end = false;
  };
  void accept_one();
  void on_message(int number);
  void take(int number, Visitor& visitor, Packet packet);
  void close_visitor(int number);

  Loop& loop_;
  Fd listener_;
  DoorEvents events_;
  std::map<int, Visitor> visitors_;
  int last_number_ = 0;
};

}  // namespace faultrig
