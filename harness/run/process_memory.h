#pragma once

#include <cstddef>
#include <cstdint>

#include "harness/gostack/memory.h"
#include "harness/os/waiting_thread.h"

namespace faultrig {

// What a process has at its addresses, through any living thread of it.
class ProcessMemory : public Memory {
 public:
  explicit ProcessMemory(int tid) : tid_(tid) {}
  std::size_t read(std::uint64_t address, char* out,
                   std::size_t size) const override {
    return read_some_memory(tid_, address, out, size);
  }

 private:
  int tid_;
};

}  // namespace faultrig
