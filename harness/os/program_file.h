#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

#include "harness/base/fd.h"
#include "harness/base/result.h"

namespace faultrig {

// Which file a process runs, as far as another one with the same content would
// differ.
struct ProgramFile {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;
  std::uint64_t size = 0;
  auto operator<=>(const ProgramFile&) const = default;  // NOLINT: clang 14
};

// Of what it runs now (/proc/PID/exe in proc(5)), also where that was removed.
Result<ProgramFile> program_file_of(int pid);
Result<Fd> open_program_of(int pid);

// Has an open file no name any more, or is that not known?
bool is_removed(const Fd& file);

// What the kernel told its program of this type (getauxval(3)); 0: nothing.
Result<std::uint64_t> auxiliary_value(int pid, std::uint64_t type);
// Where the kernel let its program begin: AT_ENTRY.
Result<std::uint64_t> entry_of(int pid);

// Reads from an offset of a file what is there; gives how many bytes.
std::size_t read_some(const Fd& file, std::uint64_t offset, char* out,
                      std::size_t size);

}  // namespace faultrig
