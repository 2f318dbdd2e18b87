#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "harness/gostack/unwind.h"

namespace faultrig {

// Bytes at one address, or several parts of them.
class PartMemory : public Memory {
 public:
  void add(std::uint64_t address, std::string bytes) {
    parts_.emplace_back(address, std::move(bytes));
  }
  std::size_t read(std::uint64_t address, char* out,
                   std::size_t size) const override {
    for (const auto& [from, bytes] : parts_) {
      if (address >= from && address - from < bytes.size()) {
        return bytes.copy(out, size, address - from);
      }
    }
    return 0;
  }

 private:
  std::vector<std::pair<std::uint64_t, std::string>> parts_;
};

// A very small Go program by hand, without sections: main.leaf calls nothing,
// main.mid, into which main.small is inlined, calls it, runtime.goexit is
// below. All that the linker would write of it, at the addresses it says.
struct GoImage {
  static constexpr std::uint64_t kBase = 0x400000;
  static constexpr std::uint64_t kCode = 0x401000;
  static constexpr std::uint64_t kLeaf = kCode + 0x10;   // frame of 8
  static constexpr std::uint64_t kSmall = kCode + 0x58;  // in mid, frame of 24
  static constexpr std::uint64_t kMid = kCode + 0x70;
  static constexpr std::uint64_t kGoexit = kCode + 0x81;
  static constexpr std::uint64_t kTable = 0x402000;
  static constexpr std::uint64_t kTrees = 0x403000;
  static constexpr std::uint64_t kModule = 0x500000;
  static constexpr std::uint64_t kStack = 0x7f0000000000;

  std::uint32_t magic = 0xfffffff1;
  std::uint64_t data_at = 320;  // of the record: where funcdata is told
  std::string extra;            // behind all, in the code's segment
  std::string data;             // behind the record
  std::string last = "runtime.goexit";
  bool moves = false;

  bool is_old() const { return magic == 0xfffffff0; }

  std::string file() const {
    std::string code(0x4000, '\0');
    put(code, 0x2000, table());
    put(code, 0x3000, trees());
    put(code, 0x3800, extra);
    std::string all = header(code.size());
    put(code, 0, all);
    return code + record() + data;
  }

  // A process that runs it, with these words on its stack.
  PartMemory process(const std::vector<std::uint64_t>& stack) const {
    PartMemory out;
    std::string all = file();
    out.add(kBase, all.substr(0, 0x4000));
    out.add(kModule, all.substr(0x4000));
    std::string bytes(64, '\0');
    for (std::uint64_t word : stack) {
      bytes += number(word, 8);
    }
    out.add(kStack - 64, bytes);
    return out;
  }

  GoStack stack_of(std::uint64_t pc,
                   const std::vector<std::uint64_t>& words) const {
    auto bytes = std::make_shared<PartMemory>();
    bytes->add(0, file());
    GoStacks stacks(bytes);
    return *stacks.of(process(words), 0, {1, pc, kStack});
  }

  static void put(std::string& to, std::size_t at, const std::string& what) {
    if (to.size() < at + what.size()) {
      to.resize(at + what.size());
    }
    to.replace(at, what.size(), what);
  }
  static std::string number(std::uint64_t value, std::size_t size) {
    std::string out(size, '\0');
    std::memcpy(out.data(), &value, size);
    return out;
  }

 private:
  static constexpr std::uint64_t kNames = 0x80;
  static constexpr std::uint64_t kUnits = 0x100;
  static constexpr std::uint64_t kPaths = 0x120;
  static constexpr std::uint64_t kValues = 0x180;
  static constexpr std::uint64_t kFunctions = 0x200;

  std::string header(std::size_t code) const {
    std::string out = std::string(
        "\x7f"
        "ELF\x02\x01",
        6);
    put(out, 16, number(moves ? 3 : 2, 2) + number(62, 2));
    put(out, 24, number(kCode, 8) + number(64, 8));
    put(out, 54, number(56, 2) + number(2, 2));
    out.resize(64);
    out += segment(5, kBase, 0, code);
    return out + segment(6, kModule, code, 448 + data.size());
  }
  static std::string segment(std::uint64_t flags, std::uint64_t address,
                             std::uint64_t offset, std::uint64_t size) {
    return number(1, 4) + number(flags, 4) + number(offset, 8) +
           number(address, 8) + number(address, 8) + number(size, 8) +
           number(size, 8) + number(1, 8);
  }

  // Names at 1 (leaf), 16 (mid), 32 (small), 48 (goexit).
  std::string table() const {
    std::string out = number(magic, 4) + std::string("\0\0\1\x8", 4) +
                      number(3, 8) + number(1, 8) + number(0, 8);
    for (std::uint64_t place : {kNames, kUnits, kPaths, kValues, kFunctions}) {
      out += number(place, 8);
    }
    put(out, kNames + 1, "main.leaf");
    put(out, kNames + 16, "main.mid[go.x]");
    put(out, kNames + 32, "main.small");
    put(out, kNames + 48, last);
    put(out, kUnits, number(0, 4));
    put(out, kPaths, "/src/main.go");
    // From one byte on: value +8 (16 is 8 twice) for all of 0x7f bytes; ...
    put(out, kValues + 1, std::string("\x12\x7f\0", 3));   // -1 + 9 = 8
    put(out, kValues + 8, std::string("\x32\x7f\0", 3));   // 24
    put(out, kValues + 16, std::string("\x02\x7f\0", 3));  // 0
    put(out, kValues + 24, std::string("\x54\x7f\0", 3));  // 41
    put(out, kValues + 32, std::string("\0\x10\x02\x10\x01\x60\0", 7));
    put(out, kFunctions,
        number(0, 4) + number(64, 4) + number(0x40, 4) + number(160, 4) +
            number(0x80, 4) + number(256, 4) + number(0xa0, 4));
    put(out, kFunctions + 64, function(0, 1, 1, 0, false));
    put(out, kFunctions + 160, function(0x40, 16, 8, 0, true));
    put(out, kFunctions + 256, function(0x80, 48, 1, 1, false));
    return out;
  }

  std::string function(std::uint64_t entry, std::uint64_t name,
                       std::uint64_t sizes, std::uint64_t flag,
                       bool inlines) const {
    std::string out = number(entry, 4) + number(name, 4) + number(0, 8) +
                      number(sizes, 4) + number(16, 4) + number(24, 4) +
                      number(3, 4) + number(0, 4);
    out += is_old() ? "" : number(1, 4);
    out += number(0, 1) + number(flag, 1) + number(0, 1) + number(4, 1);
    out += number(0, 8) + number(inlines ? 32 : 0, 4);
    out += number(~0ULL, 4) + number(~0ULL, 4) + number(~0ULL, 4);
    return out + number(inlines ? 0x100 : ~0ULL, 4);
  }

  std::string trees() const {
    std::string out(0x100, '\0');
    return out + (is_old() ? number(0, 8) + number(0, 4) + number(32, 4) +
                                 number(0x2c, 4)
                           : number(0, 4) + number(32, 4) + number(0x2c, 4) +
                                 number(1, 4));
  }

  std::string record() const {
    std::string out(448, '\0');
    put(out, 0, number(kTable, 8));
    const std::uint64_t places[] = {kNames, kUnits, kPaths, kValues,
                                    kFunctions};
    for (std::size_t i = 0; i < 5; ++i) {
      put(out, 8 + i * 24, number(kTable + places[i], 8));
    }
    put(out, 176, number(kCode, 8) + number(kCode + 0xa0, 8));
    put(out, data_at, number(kTrees, 8));
    return out;
  }
};

}  // namespace faultrig
