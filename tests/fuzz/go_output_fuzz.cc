// Any bytes as the output of a Go program: no crash, and what is found is in
// bounds.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "harness/judge/compile_line.h"
#include "harness/judge/go_output.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes,
                                      std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(bytes), size);
  faultrig::GoOutput output = faultrig::parse_go_output(text);
  for (const faultrig::GoCrash& crash : output.crashes) {
    if (crash.first > crash.end || crash.end > output.goroutines.size()) {
      std::abort();
    }
    crash.headline();
  }
  for (const faultrig::Goroutine& goroutine : output.goroutines) {
    if (goroutine.state_class.empty()) {
      std::abort();
    }
    faultrig::top_frame(goroutine);
  }
  if (size < 4096) {
    faultrig::compile_line(text);
  }
  return 0;
}
