#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "harness/base/result.h"
#include "harness/gostack/go_runtime.h"
#include "harness/gostack/memory.h"
#include "harness/gostack/unwind.h"
#include "harness/model/goroutine_look.h"

namespace faultrig {

// Reads the goroutines of processes that run one executable file.
class Goroutines {
 public:
  // As many are told.
  static constexpr std::size_t kMost = 200'000;

  explicit Goroutines(std::shared_ptr<GoStacks> stacks)
      : stacks_(std::move(stacks)) {}

  // Of a process that goes on meanwhile, `bias` above the addresses that it is
  // linked to. What changed under the reading is read again, and told where it
  // never held still. `now`: what its CLOCK_MONOTONIC shows; nothing: not
  // known, no waits are told. Unsupported: it is no Go program, or why it
  // cannot be read.
  Result<GoroutineLook> look(const Memory& process, std::uint64_t bias,
                             std::optional<std::chrono::nanoseconds> now);

 private:
  Result<> settle(const Memory& process, std::uint64_t bias);

  std::shared_ptr<GoStacks> stacks_;
  std::optional<GoRuntime> runtime_;
};

}  // namespace faultrig
