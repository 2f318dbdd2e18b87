#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/model/profile.h"
#include "harness/os/cpu_sampler.h"
#include "harness/run/program_stacks.h"

namespace faultrig {

// Where the processor time of one process and of those that it starts goes, by
// the names of Go's own tables: those are there in a stripped program, too.
// Not after fork.
class PerfSamples {
 public:
  // `programs` must outlive it.
  explicit PerfSamples(ProgramStacks& programs) : programs_(programs) {}

  // From now on, of this process, which has one thread.
  Result<> begin(int pid);
  // It is the program that it is to be: what only a running process has is
  // looked up while it is there.
  void know(int pid);
  // Takes what has come. To be called a few times a second.
  void drain();
  // Of the process nothing more is awaited.
  void end();

  // All of it; `lasted` is left to the caller.
  Profile profile() const;
  // Samples that are in no stack: the kernel had no room, or we had not.
  std::uint64_t lost() const { return lost_; }
  // Is the time within the kernel in it?
  bool sees_kernel() const { return sees_kernel_; }

 private:
  // What a process runs, as far as it is known.
  struct Running {
    bool asked = false;
    std::shared_ptr<GoStacks> stacks;  // null: no Go program, or it was gone
    std::uint64_t bias = 0;
    std::string name;  // of what is no Go program; empty: not known
  };
  using Functions = std::vector<std::size_t>;

  void take(const CpuSample& sample);
  void identify(int pid, Running& running) const;
  // Has it the tables of what it runs?
  static bool settled(int pid, const Running& running);
  Functions functions_of(const CpuSample& sample);
  void add_places(const Running& running, const CpuSample& sample,
                  Functions& out);
  std::size_t index_of(const std::string& name);

  ProgramStacks& programs_;
  std::unique_ptr<CpuSampler> sampler_;
  std::map<int, Running> running_;  // by pid
  std::map<std::string, std::size_t> indices_;
  std::vector<std::string> functions_;
  std::map<Functions, std::int64_t> stacks_;  // samples
  std::uint64_t lost_ = 0;
  bool sees_kernel_ = true;
};

}  // namespace faultrig
