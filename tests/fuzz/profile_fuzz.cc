// Any bytes as a profile of pprof: an error, or a profile of which a picture
// and folded stacks can be made that nobody's terminal or browser obeys.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "harness/profile/pprof_file.h"
#include "harness/report/flame.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes,
                                      std::size_t size) {
  auto profile = faultrig::read_profile(
      std::string_view(reinterpret_cast<const char*>(bytes), size));
  if (!profile) {
    return 0;
  }
  std::string title(reinterpret_cast<const char*>(bytes), size % 64);
  std::string svg = flame_svg(*profile, title);
  std::string shown = svg + folded_stacks(*profile);
  if (profile->total < 0 || shown.find('\x1b') != std::string::npos ||
      svg.find("<script") != std::string::npos) {
    std::abort();
  }
  return 0;
}
