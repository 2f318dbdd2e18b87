#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/base/fd.h"
#include "harness/base/result.h"
#include "harness/os/lineage.h"
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
  // Somebody has connected. Why no word of him is to be heard; empty: it is.
  std::function<std::string(int visitor, const Peer&)> refuse;
  std::function<WitnessOrders(int visitor, const Hello&)> hello;
  std::function<void(int visitor, const Started&, Fd pidfd, StartedFds)>
      started;
  // Its child waits at its exec, and runs on when this returns. False: it was
  // not asked to.
  std::function<bool(int visitor)> held;
  std::function<void(int visitor, const LaunchFailed&)> failed;
  std::function<void(int visitor, const Ended&)> ended;
  std::function<void(const Announce&)> announced;
  // The connection closed. `told_all`: what had to be told was told.
  std::function<void(int visitor, bool told_all)> gone;
  // Something came that no witness says: whatever else was told over the
  // socket is not to be trusted.
  std::function<void(const std::string& what)> forged;
};

// The socket at which witnesses that `go` starts report (unix(7)). The workload
// can connect to it too: each end is pinned when it connects, each message has
// to come from that very process, and in its turn.
class WitnessDoor {
 public:
  static Result<std::unique_ptr<WitnessDoor>> open(
      Loop& loop, const std::filesystem::path& path, DoorEvents events);
  WitnessDoor(Loop& loop, Fd listener, std::string path, DoorEvents events);
  WitnessDoor(const WitnessDoor&) = delete;
  WitnessDoor& operator=(const WitnessDoor&) = delete;
  ~WitnessDoor();

  // Is the socket still where it was made? Else witnesses may have spoken to
  // somebody else.
  bool in_place() const;

 private:
  enum class Stage { connected, greeted, started, told };
  struct Visitor {
    Fd connection;
    Peer peer;
    Stage stage = Stage::connected;
  };
  void accept_one();
  void on_message(int number);
  bool take(int number, Visitor& visitor, Packet packet);
  bool take_first(int number, Visitor& visitor, Packet& packet);
  bool take_started(int number, Visitor& visitor, Packet& packet);
  bool take_held(int number, Visitor& visitor, Packet& packet);
  void close_visitor(int number);

  Loop& loop_;
  Fd listener_;
  std::string path_;
  std::string identity_;
  DoorEvents events_;
  std::map<int, Visitor> visitors_;
  int last_number_ = 0;
};

}  // namespace faultrig
