#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/gostack/go_code.h"
#include "harness/gostack/memory.h"
#include "harness/model/go_stack.h"

namespace faultrig {

// A thread that waits in a system call.
struct StoppedThread {
  int tid = 0;           // as its own process knows it
  std::uint64_t pc = 0;  // behind the SYSCALL instruction
  std::uint64_t sp = 0;
};

// As many steps are gone up a stack.
inline constexpr std::size_t kMostFrames = 1024;

// The way by which a call came: the instructions, innermost first, as they are
// linked, and why there may be more.
struct CallChain {
  std::vector<std::uint64_t> instructions;
  std::string unknown;

  bool operator<(const CallChain& other) const {
    return instructions != other.instructions
               ? instructions < other.instructions
               : unknown < other.unknown;
  }
};

// The stacks of all processes that run one executable file.
class GoStacks {
 public:
  explicit GoStacks(std::shared_ptr<const Memory> file);

  const GoCode& program() const { return program_; }
  GoCode& program() { return program_; }

  // The Go functions that led to where a thread is: those of its goroutine,
  // also from within C. `bias`: how far above the addresses that it is linked
  // to the program runs. Never fails, never guesses: what cannot be known is
  // `unknown`. The same way gives the same stack.
  GoStackPtr of(const Memory& process, std::uint64_t bias,
                const StoppedThread& thread);
  // The same of a goroutine that left its processor: `pc` is where it goes on.
  // Only once the program is settled.
  GoStackPtr above(const Memory& process, std::uint64_t bias, std::uint64_t pc,
                   std::uint64_t sp);

 private:
  CallChain chain_of(const Memory& process, std::uint64_t bias,
                     const StoppedThread& thread);
  GoStackPtr stack_by(CallChain chain);
  GoStack stack_of(const CallChain& chain);

  GoCode program_;
  std::map<CallChain, GoStackPtr> known_;
};

}  // namespace faultrig
