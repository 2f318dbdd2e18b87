#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/gostack/go_code.h"
#include "harness/gostack/memory.h"

namespace faultrig {

// Where a goroutine (runtime.g) has what: bytes from its start.
struct GoroutineLayout {
  std::uint64_t since = 0;  // this and later: Go 1.N
  std::uint64_t syscall_sp = 0;
  std::uint64_t syscall_pc = 0;
  std::uint64_t status = 0;
  std::uint64_t id = 0;
  std::uint64_t wait_since = 0;
  std::uint64_t wait_reason = 0;
  std::uint64_t locked_thread = 0;
  std::uint64_t parent = 0;  // 0: it is not told
  std::uint64_t created_at = 0;
  std::uint64_t start = 0;
};
// In every version: its stack, and where it stands.
inline constexpr std::uint64_t kStackLow = 0;
inline constexpr std::uint64_t kStackHigh = 8;
inline constexpr std::uint64_t kStandsSp = 56;
inline constexpr std::uint64_t kStandsPc = 64;
inline constexpr std::size_t kGoroutineSize = 320;  // all of these

// What there is to know of a program's runtime to find its goroutines.
struct GoRuntime {
  std::string version;  // `go1.26.8`; empty: not told
  GoroutineLayout layout;
  // Is the layout that of this version? Else of the newest that we know.
  bool measured = false;
  std::uint64_t all = 0;             // the list of all of them, as linked
  std::vector<std::string> reasons;  // to wait, by their numbers
};

// The version of Go that built it, `go1.26.8`; empty: it does not say.
std::string go_version(const ElfImage& image);

// Of a process that runs this code, which is settled. Unsupported: what was not
// found.
Result<GoRuntime> find_runtime(const GoCode& code, const Memory& process,
                               std::uint64_t bias);

}  // namespace faultrig
