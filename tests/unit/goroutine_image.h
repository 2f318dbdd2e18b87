#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/gostack/goroutines.h"
#include "tests/unit/go_image.h"

namespace faultrig {

// GoImage with a runtime: its last function adds to the list of goroutines, and
// what Go 1.26 keeps of two of them is in `goroutines`.
struct GoroutineImage {
  static constexpr std::uint64_t kData = GoImage::kModule + 448;
  static constexpr std::uint64_t kList = kData;           // runtime.allgs
  static constexpr std::uint64_t kFirst = kData + 24;     // allgptr
  static constexpr std::uint64_t kLength = kData + 32;    // allglen
  static constexpr std::uint64_t kReasons = kData + 40;   // 4 texts of Go's
  static constexpr std::uint64_t kBuilt = kData + 0x150;  // 16 aligned
  static constexpr std::uint64_t kHeap = 0xc000000000;
  static constexpr std::uint64_t kGoroutine = kHeap + 0x1000;
  static constexpr std::size_t kSize = 0x200;  // of one

  std::string version = "go1.26.8";
  std::vector<std::string> goroutines;
  std::vector<std::uint64_t> stack{0, GoImage::kSmall + 1, 0, 0,
                                   0, GoImage::kGoexit + 1};
  std::uint64_t length = ~0ULL;  // as the list says; else that of goroutines

  static std::string goroutine(std::uint64_t id, std::uint32_t status,
                               std::uint8_t reason) {
    std::string out(kSize, '\0');
    auto put = [&](std::size_t at, std::uint64_t value, std::size_t size) {
      GoImage::put(out, at, GoImage::number(value, size));
    };
    put(kStackLow, GoImage::kStack - 64, 8);
    put(kStackHigh, GoImage::kStack + 0x1000, 8);
    put(kStandsSp, GoImage::kStack, 8);
    put(kStandsPc, GoImage::kLeaf + 1, 8);
    put(144, status, 4);
    put(152, id, 8);
    put(176, reason, 1);
    put(280, 1, 8);
    put(288, GoImage::kMid + 1, 8);
    put(304, GoImage::kCode, 8);
    return out;
  }

  GoImage program() const {
    GoImage out;
    out.last = "runtime.allgadd";
    out.data = data();
    return out;
  }

  // What is at the addresses of a process that runs it.
  PartMemory process() const {
    PartMemory out = program().process(stack);
    std::string list;
    std::string heap;
    for (std::size_t i = 0; i < goroutines.size(); ++i) {
      list += GoImage::number(kGoroutine + i * kSize, 8);
      heap += goroutines[i];
    }
    list.resize(0x1000);
    out.add(kHeap, list + heap);
    return out;
  }

  std::shared_ptr<PartMemory> file() const {
    auto bytes = std::make_shared<PartMemory>();
    std::string all = program().file();
    // Instructions that name where the list is.
    std::uint64_t at = GoImage::kCode + 0x80;
    for (std::uint64_t target : {kList, kFirst, kLength}) {
      at += 4;
      GoImage::put(all, at - 4 - GoImage::kBase,
                   GoImage::number(target - at, 4));
    }
    bytes->add(0, all);
    return bytes;
  }

  Result<GoroutineLook> look() const {
    Goroutines reader(std::make_shared<GoStacks>(file()));
    return reader.look(process(), 0, std::chrono::seconds(100));
  }

 private:
  std::string data() const {
    std::string out(0x200, '\0');
    std::uint64_t count = length == ~0ULL ? goroutines.size() : length;
    GoImage::put(out, 0,
                 GoImage::number(kHeap, 8) + GoImage::number(count, 8) +
                     GoImage::number(count, 8) + GoImage::number(kHeap, 8) +
                     GoImage::number(count, 8));
    std::uint64_t text = 0xa0;
    std::size_t row = kReasons - kData + 16;
    for (const char* word : {"GC assist marking", "IO wait", "chan receive"}) {
      std::string reason = word;
      GoImage::put(
          out, row,
          GoImage::number(kData + text, 8) + GoImage::number(reason.size(), 8));
      GoImage::put(out, text, reason);
      text += reason.size();
      row += 16;
    }
    std::size_t built = kBuilt - kData;
    GoImage::put(out, built, "\xff Go buildinf:");
    GoImage::put(out, built + 14, GoImage::number(8, 1));
    GoImage::put(out, built + 15, GoImage::number(2, 1));
    GoImage::put(out, built + 32, GoImage::number(version.size(), 1) + version);
    return out;
  }
};

}  // namespace faultrig
