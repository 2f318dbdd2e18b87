#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/base/result.h"

namespace faultrig {

// Go's table of functions (runtime.pclntab) as Go 1.18 and later write it: for
// each the frame's size, file and line at each of its instructions. Addresses
// are relative to the start of Go's code. Nothing is read beyond its bytes.
class GoTable {
 public:
  struct Function {
    std::uint64_t entry = 0;
    std::uint64_t end = 0;
    std::uint8_t id = 0;    // what the runtime treats specially
    std::uint8_t flag = 0;  // kTop, kWritesSp
    std::uint32_t name = 0;
    std::uint32_t unit = 0;  // of compilation: where its files begin
    std::uint32_t sizes = 0;
    std::uint32_t files = 0;
    std::uint32_t lines = 0;
    std::uint64_t values = 0;  // where its other tables are listed
    std::uint32_t value_tables = 0;
    std::uint32_t data_tables = 0;
  };
  static constexpr std::uint8_t kTop = 1;       // the first of its stack
  static constexpr std::uint8_t kWritesSp = 2;  // its frame has no known size

  // Are these eight bytes the start of such a table, of a version known or not?
  static bool begins_with(std::uint64_t head);
  static constexpr std::size_t kHeader = 72;
  // What the runtime's own records of the table must say (moduledata).
  struct Places {
    std::uint64_t names = 0;
    std::uint64_t units = 0;
    std::uint64_t paths = 0;
    std::uint64_t values = 0;
    std::uint64_t functions = 0;
  };

  // Unsupported: why it cannot be read.
  static Result<GoTable> open(std::string bytes);

  const Places& places() const { return places_; }
  // Before Go 1.20: other sizes of records.
  bool is_old() const { return old_; }
  std::uint64_t size() const { return count_; }

  // The function that an instruction is of.
  std::optional<Function> find(std::uint64_t pc) const;
  std::optional<Function> at(std::uint64_t index) const;
  // As the runtime prints it; empty: no name.
  std::string name(std::uint32_t offset) const;
  bool has_name(std::uint32_t offset) const;
  // Is it exactly this, but for how arguments are passed (`.abi0`)?
  bool is_named(std::uint32_t offset, std::string_view wanted) const;

  // How far the stack pointer is from the return address there.
  std::optional<std::int32_t> frame_size(const Function& function,
                                         std::uint64_t pc) const;
  std::string file(const Function& function, std::uint64_t pc) const;
  int line(const Function& function, std::uint64_t pc) const;
  // The number of what was inlined there; nothing: nothing was.
  std::optional<std::uint32_t> inlined(const Function& function,
                                       std::uint64_t pc) const;
  // Where its tree of inlined functions is, behind the start of such data.
  std::optional<std::uint32_t> inline_tree(const Function& function) const;

 private:
  GoTable() = default;
  std::uint64_t entry_of(std::uint64_t index) const;
  std::optional<std::int32_t> value(std::uint32_t table, std::uint64_t entry,
                                    std::uint64_t pc) const;

  std::string bytes_;
  Places places_;
  std::uint64_t count_ = 0;
  bool old_ = false;
};

}  // namespace faultrig
