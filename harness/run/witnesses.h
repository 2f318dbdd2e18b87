#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/os/lineage.h"
#include "harness/os/shim_wire.h"
#include "harness/run/witness_door.h"

namespace faultrig {

// A test binary that a witness has started.
struct WitnessedStart {
  int pid = 0;
  Fd pidfd;
  StartedFds fds;
  std::string program;
  std::int64_t exec_ns = 0;  // CLOCK_MONOTONIC, of its exec
  bool held = false;         // WitnessEvents::held comes when it is
  int witness = 0;           // its own pid, as in Hello
};

// The go that starts the witnesses.
struct LiveGo {
  int pid = 0;
  int pidfd = -1;  // borrowed
};

// What witnesses ask of a run, and tell it.
struct WitnessEvents {
  std::function<LiveGo()> go;
  std::function<int()> root;  // who adopts the orphans of the run
  std::function<bool(int pid)> is_live_test;

  std::function<WitnessOrders(const Hello&)> orders;
  std::function<void(WitnessedStart)> started;
  std::function<void()> held;
  std::function<void(const std::string& program, const LaunchFailed&)> failed;
  std::function<void(int pid, const Ended&)> ended;
  // It is over with this test, and how it ended nobody will ever know.
  std::function<void(int pid)> lost;
  std::function<void(const Announce&)> announced;
  // Something cannot be believed, in words.
  std::function<void(const std::string& why)> doubt;
};

// The witnesses of a run, of which each is a connection to the door: who of
// those that connect is one, what each has started, whom nobody believes.
class Witnesses {
 public:
  // Opens the door at `path`; `shim`: the program that a witness runs. The loop
  // must outlive it. Not after fork.
  static Result<std::unique_ptr<Witnesses>> open(
      Loop& loop, const std::filesystem::path& path,
      const std::filesystem::path& shim, WitnessEvents events);
  Witnesses(const std::filesystem::path& shim, WitnessEvents events);
  Witnesses(const Witnesses&) = delete;
  Witnesses& operator=(const Witnesses&) = delete;
  ~Witnesses() = default;

  // Their own processes, also of those that have said all: no part of what is
  // watched.
  const std::vector<int>& pids() const { return pids_; }
  // When all is over: tells if witnesses may have spoken to somebody else.
  void look_at_door();

 private:
  struct Visitor {
    int pid = 0;        // its own, while it is connected
    int child = 0;      // of the test it started
    bool held = false;  // its child is to be held, and was not yet
    std::string program;
  };
  DoorEvents door_events();
  WitnessOrders greet(Visitor& visitor, const Hello& hello);
  void take_ended(Visitor& visitor, const Ended& ended);
  void take_gone(Visitor& visitor, bool told_all);
  std::string why_none(const Peer& peer) const;
  bool is_witness_or_test(int pid) const;
  void look_for_tracer(const Visitor& visitor);
  void forged(const std::string& what);

  std::string shim_;
  WitnessEvents events_;
  std::map<int, Visitor> visitors_;  // by number of the connection
  std::vector<int> pids_;
  int forgeries_ = 0;
  std::unique_ptr<WitnessDoor> door_;  // goes first: it calls us
};

}  // namespace faultrig
