// Any bytes as the memory of a Go program that is known: its list of
// goroutines, their records, the words for why they wait, their stacks. The
// first byte says which version built it, the next ones where the rest lies.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "harness/report/goroutines.h"
#include "tests/unit/goroutine_image.h"

namespace {

using faultrig::GoImage;
using faultrig::GoroutineImage;

// The hostile bytes lie above what is there.
class Process : public faultrig::Memory {
 public:
  Process(faultrig::PartMemory calm, std::string bytes)
      : calm_(std::move(calm)), bytes_(std::move(bytes)) {}
  std::size_t read(std::uint64_t address, char* out,
                   std::size_t size) const override {
    std::size_t got = calm_.read(address, out, size);
    for (std::size_t i = 0; i < got; ++i) {
      out[i] = static_cast<char>(out[i] ^ at(address + i));
    }
    return got;
  }

 private:
  // From the records on, and from the list on.
  char at(std::uint64_t address) const {
    for (std::uint64_t from :
         {GoroutineImage::kGoroutine, GoroutineImage::kData, GoImage::kStack}) {
      if (address >= from && address - from < bytes_.size()) {
        return bytes_[address - from];
      }
    }
    return 0;
  }

  faultrig::PartMemory calm_;
  std::string bytes_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes,
                                      std::size_t size) {
  if (size == 0) {
    return 0;
  }
  GoroutineImage image;
  image.version = "go1." + std::to_string(bytes[0] % 40);
  for (std::uint64_t id = 1; id < 8; ++id) {
    image.goroutines.push_back(
        GoroutineImage::goroutine(id, id % 6, static_cast<std::uint8_t>(id)));
  }
  Process process(
      image.process(),
      std::string(reinterpret_cast<const char*>(bytes) + 1, size - 1));
  faultrig::Goroutines reader(
      std::make_shared<faultrig::GoStacks>(image.file()));
  auto look = reader.look(process, 0, std::chrono::seconds(100));
  if (!look) {
    return 0;
  }
  if (look->goroutines.size() > faultrig::Goroutines::kMost) {
    std::abort();
  }
  for (bool grouped : {false, true}) {
    std::string text = goroutines_text(*look, {true, grouped});
    if (text.find('\x1b') != std::string::npos ||
        goroutines_json(*look, {true, grouped}).find('\x1b') !=
            std::string::npos) {
      std::abort();
    }
  }
  return 0;
}
