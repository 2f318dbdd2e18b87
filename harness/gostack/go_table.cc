// The layout stands in Go's sources: src/runtime/symtab.go (pcHeader, _func)
// and src/internal/abi/symtab.go; how the tables of values are packed in
// src/runtime/symtab.go (pcvalue). Go keeps it even in a stripped program,
// since its garbage collector walks stacks by it.
#include "harness/gostack/go_table.h"

#include <algorithm>
#include <utility>

#include "harness/gostack/memory.h"

namespace faultrig {

namespace {

constexpr std::uint32_t kMagic118 = 0xfffffff0;
constexpr std::uint32_t kMagic120 = 0xfffffff1;
constexpr std::uint32_t kOldestMagic = 0xfffffffa;  // 1.16, 1.17
constexpr std::uint32_t kNone = 0xffffffff;

constexpr std::uint32_t kInlTreeIndex = 2;  // PCDATA_InlTreeIndex
constexpr std::uint32_t kInlTree = 3;       // FUNCDATA_InlTree
constexpr std::size_t kLongestName = 4096;
constexpr std::uint64_t kMostFunctions = 16'000'000;
constexpr std::uint32_t kMostPairs = 1'000'000;  // of one function's table

// A number of seven bits a byte, the low ones first.
std::optional<std::uint32_t> take_number(const std::string& bytes,
                                         std::uint64_t& at) {
  std::uint32_t number = 0;
  for (unsigned shift = 0; shift < 35 && at < bytes.size(); shift += 7) {
    std::uint32_t byte = byte_at(bytes, at++);
    number |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      return number;
    }
  }
  return std::nullopt;
}

std::string text_at(const std::string& bytes, std::uint64_t offset) {
  if (offset >= bytes.size()) {
    return "";
  }
  std::string text = bytes.substr(offset, kLongestName);
  std::size_t end = text.find('\0');
  return end == std::string::npos ? "" : text.substr(0, end);
}

// `Map[go.shape.int]` is printed as `Map[...]`.
std::string printed(std::string name) {
  std::size_t open = name.find('[');
  std::size_t close = name.rfind(']');
  if (open == std::string::npos || close == std::string::npos || close < open) {
    return name;
  }
  return name.substr(0, open) + "[...]" + name.substr(close + 1);
}

}  // namespace

// Every version since 1.2 begins with a magic number near this one, two zeros,
// a quantum of 1 and the size of a pointer.
bool GoTable::begins_with(std::uint64_t head) {
  return (head >> 32) == 0x08010000 &&
         (head & 0xffffff00) == (kMagic118 & 0xffffff00) &&
         (head & 0xff) >= 0xe0;
}

Result<GoTable> GoTable::open(std::string bytes) {
  std::uint64_t head = word_at(bytes, 0);
  auto magic = static_cast<std::uint32_t>(head);
  if (!begins_with(head) || bytes.size() < kHeader) {
    return unsupported_error("its table of functions is damaged");
  }
  if (magic != kMagic118 && magic != kMagic120) {
    return unsupported_error(magic >= kOldestMagic
                                 ? "it was built by Go 1.17 or before"
                                 : "it was built by a Go that is newer than "
                                   "what faultrig knows");
  }
  GoTable table;
  table.old_ = magic == kMagic118;
  table.count_ = word_at(bytes, 8);
  table.places_ = {word_at(bytes, 32), word_at(bytes, 40), word_at(bytes, 48),
                   word_at(bytes, 56), word_at(bytes, 64)};
  const Places& places = table.places_;
  bool sound = table.count_ > 0 && table.count_ < kMostFunctions &&
               holds(bytes, places.functions, table.count_ * 8 + 4);
  for (std::uint64_t place :
       {places.names, places.units, places.paths, places.values}) {
    sound = sound && place < bytes.size();
  }
  if (!sound) {
    return unsupported_error("its table of functions is damaged");
  }
  table.bytes_ = std::move(bytes);
  return table;
}

std::uint64_t GoTable::entry_of(std::uint64_t index) const {
  return half_at(bytes_, places_.functions + index * 8);
}

std::optional<GoTable::Function> GoTable::find(std::uint64_t pc) const {
  if (pc < entry_of(0) || pc >= entry_of(count_)) {
    return std::nullopt;
  }
  std::uint64_t low = 0;
  std::uint64_t high = count_;
  while (high - low > 1) {
    std::uint64_t middle = low + (high - low) / 2;
    (entry_of(middle) <= pc ? low : high) = middle;
  }
  auto found = at(low);
  return found && pc >= found->entry && pc < found->end ? found : std::nullopt;
}

std::optional<GoTable::Function> GoTable::at(std::uint64_t index) const {
  if (index >= count_) {
    return std::nullopt;
  }
  std::uint64_t record =
      places_.functions + half_at(bytes_, places_.functions + index * 8 + 4);
  std::uint64_t fixed = old_ ? 40 : 44;
  if (!holds(bytes_, record, fixed)) {
    return std::nullopt;
  }
  Function out;
  out.entry = half_at(bytes_, record);
  out.end = entry_of(index + 1);
  out.name = half_at(bytes_, record + 4);
  out.sizes = half_at(bytes_, record + 16);
  out.files = half_at(bytes_, record + 20);
  out.lines = half_at(bytes_, record + 24);
  out.value_tables = half_at(bytes_, record + 28);
  out.unit = half_at(bytes_, record + 32);
  out.id = byte_at(bytes_, record + fixed - 4);
  out.flag = byte_at(bytes_, record + fixed - 3);
  out.data_tables = byte_at(bytes_, record + fixed - 1);
  out.values = record + fixed;
  return out;
}

bool GoTable::is_named(std::uint32_t offset, std::string_view wanted) const {
  std::uint64_t at = places_.names + offset;
  if (!holds(bytes_, at, wanted.size() + 1) ||
      std::string_view(bytes_).substr(at, wanted.size()) != wanted) {
    return false;
  }
  std::string_view rest = std::string_view(bytes_).substr(at + wanted.size());
  static constexpr char kAbi0[] = ".abi0";  // with the zero behind it
  return rest.front() == '\0' ||
         rest.starts_with(std::string_view(kAbi0, sizeof kAbi0));
}

bool GoTable::has_name(std::uint32_t offset) const {
  return places_.names + offset < places_.units;
}

std::string GoTable::name(std::uint32_t offset) const {
  return has_name(offset) ? printed(text_at(bytes_, places_.names + offset))
                          : "";
}

// Pairs of what is added to the value and for how many bytes of code it then
// holds, until a pair that adds nothing.
std::optional<std::int32_t> GoTable::value(std::uint32_t table,
                                           std::uint64_t entry,
                                           std::uint64_t pc) const {
  if (table == 0) {
    return std::nullopt;
  }
  std::uint64_t at = places_.values + table;
  std::uint32_t value = kNone;
  std::uint64_t here = entry;
  for (std::uint32_t pairs = 0; pairs < kMostPairs; ++pairs) {
    auto change = take_number(bytes_, at);
    if (!change || (*change == 0 && here != entry)) {
      return std::nullopt;
    }
    auto length = take_number(bytes_, at);
    if (!length) {
      return std::nullopt;
    }
    value += (*change & 1) != 0 ? ~(*change >> 1) : *change >> 1;
    here += *length;
    if (pc < here) {
      return static_cast<std::int32_t>(value);
    }
  }
  return std::nullopt;
}

std::optional<std::int32_t> GoTable::frame_size(const Function& function,
                                                std::uint64_t pc) const {
  return value(function.sizes, function.entry, pc);
}

std::string GoTable::file(const Function& function, std::uint64_t pc) const {
  auto number = value(function.files, function.entry, pc);
  if (!number || *number < 0) {
    return "";
  }
  std::uint64_t unit = function.unit;
  std::uint64_t at =
      places_.units + (unit + static_cast<std::uint64_t>(*number)) * 4;
  std::uint32_t path = half_at(bytes_, at);
  bool listed = at < places_.paths && path != kNone;
  return listed ? text_at(bytes_, places_.paths + path) : "";
}

int GoTable::line(const Function& function, std::uint64_t pc) const {
  return std::max(0, value(function.lines, function.entry, pc).value_or(0));
}

std::optional<std::uint32_t> GoTable::inlined(const Function& function,
                                              std::uint64_t pc) const {
  if (function.value_tables <= kInlTreeIndex) {
    return std::nullopt;
  }
  std::uint32_t table =
      half_at(bytes_, function.values + std::uint64_t{kInlTreeIndex} * 4);
  auto index = value(table, function.entry, pc);
  return index && *index >= 0
             ? std::optional(static_cast<std::uint32_t>(*index))
             : std::nullopt;
}

std::optional<std::uint32_t> GoTable::inline_tree(
    const Function& function) const {
  if (function.data_tables <= kInlTree) {
    return std::nullopt;
  }
  std::uint64_t at =
      function.values + (std::uint64_t{function.value_tables} + kInlTree) * 4;
  std::uint32_t offset = half_at(bytes_, at);
  return holds(bytes_, at, 4) && offset != kNone ? std::optional(offset)
                                                 : std::nullopt;
}

}  // namespace faultrig
