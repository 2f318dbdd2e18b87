#pragma once

#include <cstdint>
#include <optional>

#include "harness/base/result.h"
#include "harness/gostack/elf_image.h"
#include "harness/gostack/go_table.h"
#include "harness/gostack/memory.h"

namespace faultrig {

// Go's table of functions, and the address that it is linked to.
struct FoundTable {
  std::uint64_t address = 0;
  GoTable table;
};

// By its section, else wherever it lies. Nothing: it is no Go program, nothing
// else of Go's is there either. Unsupported: a Go program whose table cannot be
// read.
Result<std::optional<FoundTable>> find_table(const ElfImage& image);

// What the runtime knows of the code, as it is linked (moduledata).
struct GoModule {
  std::uint64_t text = 0;  // where its code begins
  std::uint64_t text_end = 0;
  std::uint64_t function_data = 0;  // 0: not found
};

// Of a process that runs the image `bias` above the addresses that it is linked
// to. Nothing: it is not there, or not yet, since a loader still has to fill it
// in.
std::optional<GoModule> find_module(const ElfImage& image,
                                    const FoundTable& found,
                                    const Memory& process, std::uint64_t bias);

// One entry of a function's tree of inlined functions.
struct InlinedCall {
  std::uint32_t name = 0;
  std::uint32_t parent_pc = 0;  // from the function's entry
  std::uint8_t id = 0;
};
// Nothing: there is no such entry.
std::optional<InlinedCall> inlined_call(const ElfImage& image,
                                        const GoTable& table,
                                        std::uint64_t tree,
                                        std::uint32_t index);

}  // namespace faultrig
