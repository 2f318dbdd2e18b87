// Any bytes as a program that runs, and as the stack of a thread of it: its
// tables are a stranger's, and so is each word of its memory.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

#include "harness/gostack/unwind.h"

namespace {

constexpr std::uint64_t kStack = 0x7f0000000000;

class Bytes : public faultrig::Memory {
 public:
  explicit Bytes(std::string bytes) : bytes_(std::move(bytes)) {}
  std::size_t read(std::uint64_t address, char* out,
                   std::size_t size) const override {
    return address < bytes_.size() ? bytes_.copy(out, size, address) : 0;
  }

 private:
  std::string bytes_;
};

// What is loaded of it, and the end of the input as its stack.
class Process : public faultrig::Memory {
 public:
  Process(std::shared_ptr<const faultrig::Memory> file, std::string stack)
      : stack_(std::move(stack)) {
    auto image = faultrig::ElfImage::open(std::move(file));
    if (image) {
      image_ = *std::move(image);
    }
  }
  std::size_t read(std::uint64_t address, char* out,
                   std::size_t size) const override {
    if (address >= kStack) {
      return stack_.read(address - kStack, out, size);
    }
    return image_ ? image_->read(address, out, size) : 0;
  }

 private:
  std::optional<faultrig::ElfImage> image_;
  Bytes stack_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes,
                                      std::size_t size) {
  constexpr std::size_t kHead = 8;
  if (size < kHead) {
    return 0;
  }
  std::uint64_t pc = 0;
  std::memcpy(&pc, bytes, kHead);
  std::string text(reinterpret_cast<const char*>(bytes) + kHead, size - kHead);
  auto file = std::make_shared<Bytes>(text);
  Process process(
      file, text.substr(text.size() - std::min<std::size_t>(text.size(), 512)));
  faultrig::GoStacks stacks(file);
  auto stack = stacks.of(process, 0, {1, pc, kStack + 64});
  if (stack->frames.size() > faultrig::kMostFrames * 256 ||
      stack != stacks.of(process, 0, {1, pc, kStack + 64})) {
    std::abort();
  }
  for (const char* call : {"fsync", "openat"}) {
    if (faultrig::site_of(call, *stack) != faultrig::site_of(call, *stack)) {
      std::abort();
    }
  }
  return 0;
}
