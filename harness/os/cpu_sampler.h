#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/base/fd.h"
#include "harness/base/result.h"

namespace faultrig {

// A thread was running on a processor.
struct CpuSample {
  int pid = 0;
  bool in_kernel = false;
  // The program's instructions, innermost first: where it was, or entered the
  // kernel, then where each caller goes on, by the frame pointers.
  std::vector<std::uint64_t> chain;
};

// What is heard of samples, in the order in which it happened.
struct CpuSamplerEvents {
  std::function<void(const CpuSample&)> sample;
  // The process has become another program, which the kernel calls so.
  std::function<void(int pid, const std::string& name)> exec;
  // So many samples are lost: nobody has read them in time.
  std::function<void(std::uint64_t count)> lost;
};

// Samples of the time that a process, and whatever it starts from now on,
// spends on processors (perf_event_open(2), cpu-clock). They lie in memory of
// ours: how the process ends does not matter to them.
class CpuSampler {
 public:
  // Of a process that has one thread; those that it starts are seen, too. One
  // sample each `period` of a processor. Unsupported where we may not.
  static Result<CpuSampler> of(int pid, std::chrono::nanoseconds period);

  // Is the time within the kernel in it? Else it is what the program itself
  // computed (perf_event_paranoid above 1).
  bool sees_kernel() const { return sees_kernel_; }

  // Tells all that has come since the last time. A processor has room for some
  // hundred samples: to be called a few times a second.
  void drain(const CpuSamplerEvents& events);

 private:
  struct Unmap {
    void operator()(void* memory) const;
  };
  struct Ring {
    Fd event;
    std::unique_ptr<void, Unmap> memory;
  };
  CpuSampler() = default;
  Result<> add(int pid, int processor, std::chrono::nanoseconds period);

  std::vector<Ring> rings_;  // of each processor
  bool sees_kernel_ = true;
};

// May we? Tried on ourselves.
Result<> try_cpu_sampler();

}  // namespace faultrig
