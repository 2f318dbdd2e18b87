#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/run/run_links.h"
#include "harness/run/run_processes.h"
#include "harness/run/witnesses.h"

namespace faultrig {

// What the door asks of a run, and tells it.
struct DoorNews {
  std::function<int()> root;  // who adopts the orphans of the run
  // Is a test to be held at its exec?
  std::function<bool()> holds;
  // The words that the binary of this witness gets behind its name.
  std::function<std::vector<std::string>(int witness)> flags;
  std::function<void(RunProcess, StartedFds, std::int64_t exec_ns)> started;
  // A test is its program, and at its first instruction.
  std::function<void()> ready;
  std::function<void(RunProcess&, const Ended&)> ended;
};

// How a run gets at the test binaries that its go starts: the -exec program
// that go is given, what that does as a witness, and what is made of what it
// tells. Not after fork.
class TestDoor {
 public:
  // What it works with; all must outlive it.
  struct Tools {
    const Plan& plan;
    Loop& loop;
    Recorder& recorder;
    RunProcesses& processes;
    const RunLinks& links;
  };
  // `shim`: the program of a witness.
  TestDoor(std::filesystem::path shim, Tools tools, DoorNews news);
  TestDoor(const TestDoor&) = delete;
  TestDoor& operator=(const TestDoor&) = delete;
  ~TestDoor() = default;

  // Opens it in this folder of the run; a run of another plan has none.
  Result<> open(const std::filesystem::path& scratch);
  void close() { witnesses_.reset(); }

  // The words of a -exec program that is a witness of this run, or what stands
  // in its place.
  std::vector<std::string> exec_words() const;
  // As Run has these.
  void use_exec_program(const std::filesystem::path& program);
  std::string witness_line() const;
  std::string announce_line(FaultId fault) const;

  // What a test is to have as it would without us: StepOrder::restore.
  void restore(std::vector<std::string> variables) {
    restore_ = std::move(variables);
  }
  // The processes of witnesses, also of those that have said all.
  const std::vector<int>& pids() const;
  bool is_witness(int pid) const;
  // When all is over: as Witnesses::look_at_door().
  void last_look();

 private:
  WitnessEvents events();
  WitnessOrders orders(const Hello& hello);
  void take_failure(const std::string& program, const LaunchFailed& failed);
  void take_announcement(const Announce& announced);

  std::filesystem::path shim_;
  Tools tools_;
  DoorNews news_;
  std::filesystem::path door_;
  std::string exec_program_;  // in the place of the witness
  std::vector<std::string> restore_;
  std::unique_ptr<Witnesses> witnesses_;  // none: it is closed
};

}  // namespace faultrig
