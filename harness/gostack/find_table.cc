// A Go program says nowhere where its tables are, but to a debugger that reads
// symbols, which `go test` leaves out. Sections have names, up to Go 1.25 with
// a prefix in a PIE, and none where an external linker merged them: then the
// first words tell. The runtime's own record of them (moduledata) is found by
// the pointers with which it begins.
#include "harness/gostack/find_table.h"

#include <algorithm>
#include <array>
#include <utility>

#include "harness/gostack/words.h"

namespace faultrig {

namespace {

constexpr std::uint64_t kMostTable = 128ULL << 20;
constexpr std::uint64_t kMostSearched = 512ULL << 20;
constexpr std::uint64_t kTablePart = 1ULL << 20;
// `\xff Go buildinf:`, 16 bytes of which these are the first eight.
constexpr std::uint64_t kBuildInfo = 0x697562206f4720ff;

Result<FoundTable> table_at(const ElfImage& image, std::uint64_t address,
                            std::uint64_t size) {
  // In parts: a size is a stranger's word.
  std::string bytes;
  for (std::size_t had = 0; had < std::min(size, kMostTable);) {
    bytes.resize(std::min(had + kTablePart, std::min(size, kMostTable)));
    std::size_t got =
        image.read(address + had, bytes.data() + had, bytes.size() - had);
    bytes.resize(had + got);
    if (got == 0) {
      break;
    }
    had += got;
  }
  TRY_ASSIGN(GoTable table, GoTable::open(std::move(bytes)));
  return FoundTable{address, std::move(table)};
}

// What a search of the whole image comes to.
struct Search {
  std::optional<FoundTable> found;
  std::string trouble;  // why the table that was there cannot be read
  bool go = false;      // a record of how Go built it
};

Search search(const ElfImage& image) {
  Search out;
  std::uint64_t left = kMostSearched;
  for (const ElfImage::Segment& one : image.segments()) {
    std::uint64_t size = std::min(one.file_size, left);
    left -= size;
    std::uint64_t end = one.address + one.file_size;
    each_word(image, one.address, size,
              [&](std::uint64_t word, std::uint64_t at) {
                out.go = out.go || word == kBuildInfo;
                if (!GoTable::begins_with(word)) {
                  return false;
                }
                auto table = table_at(image, at, end - at);
                if (table) {
                  out.found = *std::move(table);
                } else if (out.trouble.empty()) {
                  out.trouble = table.error().what;
                }
                return out.found.has_value();
              });
    if (out.found) {
      break;
    }
  }
  return out;
}

}  // namespace

Result<std::optional<FoundTable>> find_table(const ElfImage& image) {
  for (const char* name : {".gopclntab", ".data.rel.ro.gopclntab"}) {
    const ElfImage::Section* section = image.section(name);
    if (section != nullptr) {
      auto found = table_at(image, section->address, section->size);
      if (found) {
        return std::optional(*std::move(found));
      }
    }
  }
  Search searched = search(image);
  if (searched.found) {
    return std::move(searched.found);
  }
  if (!searched.trouble.empty()) {
    return unsupported_error(searched.trouble);
  }
  if (searched.go || image.has_go_note()) {
    return unsupported_error("its table of functions was not found");
  }
  return std::optional<FoundTable>();
}

namespace {

constexpr std::uint64_t kText = 176;  // src/runtime/symtab.go, moduledata
constexpr std::uint64_t kTextEnd = 184;
constexpr std::size_t kRecord = 448;

// Slices of the parts of the table, each of three words.
bool is_record(const std::string& bytes, const GoTable::Places& places,
               std::uint64_t table) {
  const std::array<std::uint64_t, 5> parts{places.names, places.units,
                                           places.paths, places.values,
                                           places.functions};
  bool fits = word_at(bytes, 0) == table;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    fits = fits && word_at(bytes, 8 + i * 24) == table + parts.at(i);
  }
  return fits;
}

// Functions that have something inlined, to try an address with.
std::vector<GoTable::Function> some_with_trees(const GoTable& table) {
  constexpr std::uint64_t kMostSeen = 20'000;
  constexpr std::size_t kEnough = 16;
  std::vector<GoTable::Function> out;
  for (std::uint64_t i = 0;
       i < std::min(table.size(), kMostSeen) && out.size() < kEnough; ++i) {
    auto function = table.at(i);
    if (function && table.inline_tree(*function)) {
      out.push_back(*function);
    }
  }
  return out;
}

bool has_trees_at(const ElfImage& image, const GoTable& table,
                  std::uint64_t address,
                  const std::vector<GoTable::Function>& functions) {
  return std::all_of(
      functions.begin(), functions.end(), [&](const auto& function) {
        auto first = inlined_call(image, table,
                                  address + *table.inline_tree(function), 0);
        return first && table.has_name(first->name) &&
               first->parent_pc < function.end - function.entry;
      });
}

// Go moves this field without a new magic number: what is there decides.
std::uint64_t function_data_of(const ElfImage& image, const GoTable& table,
                               const std::string& record, std::uint64_t bias) {
  auto functions = some_with_trees(table);
  std::uint64_t usual = table.is_old() ? 304 : 320;
  if (has_trees_at(image, table, word_at(record, usual) - bias, functions)) {
    return word_at(record, usual) - bias;
  }
  for (std::uint64_t at = 192; at < kRecord; at += 8) {
    std::uint64_t address = word_at(record, at) - bias;
    if (has_trees_at(image, table, address, functions)) {
      return address;
    }
  }
  return 0;
}

// Where the record may be, the likeliest first.
std::vector<std::pair<std::uint64_t, std::uint64_t>> places_of(
    const ElfImage& image) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> out;
  if (const ElfImage::Section* section = image.section(".go.module")) {
    out.emplace_back(section->address, section->size);
  }
  for (bool writable : {true, false}) {
    for (const ElfImage::Segment& one : image.segments()) {
      if (one.writable == writable && !one.executable) {
        out.emplace_back(one.address, one.file_size);
      }
    }
  }
  return out;
}

}  // namespace

std::optional<GoModule> find_module(const ElfImage& image,
                                    const FoundTable& found,
                                    const Memory& process, std::uint64_t bias) {
  std::uint64_t table = bias + found.address;
  std::optional<std::string> record;
  std::uint64_t left = kMostSearched;
  for (const auto& [address, length] : places_of(image)) {
    std::uint64_t size = std::min(length, left);
    left -= size;
    each_word(process, bias + address, size,
              [&](std::uint64_t word, std::uint64_t at) {
                if (word != table) {
                  return false;
                }
                record = process.bytes(at, kRecord);
                bool fits =
                    record && is_record(*record, found.table.places(), table);
                record = fits ? std::move(record) : std::nullopt;
                return fits;
              });
    if (record) {
      break;
    }
  }
  if (!record) {
    return std::nullopt;
  }
  GoModule out{word_at(*record, kText) - bias,
               word_at(*record, kTextEnd) - bias,
               function_data_of(image, found.table, *record, bias)};
  bool sound = out.text < out.text_end && image.has_code(out.text);
  return sound ? std::optional(out) : std::nullopt;
}

std::optional<InlinedCall> inlined_call(const ElfImage& image,
                                        const GoTable& table,
                                        std::uint64_t tree,
                                        std::uint32_t index) {
  // runtime.inlinedCall, before Go 1.20 and since.
  std::uint64_t size = table.is_old() ? 20 : 16;
  auto entry = image.bytes(tree + index * size, size);
  if (!entry) {
    return std::nullopt;
  }
  std::uint64_t name = table.is_old() ? 12 : 4;
  return InlinedCall{half_at(*entry, name), half_at(*entry, name + 4),
                     byte_at(*entry, table.is_old() ? 2 : 0)};
}

}  // namespace faultrig
