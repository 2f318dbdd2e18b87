// A service sends what frames it likes. They are answered in the same way
// however their bytes come: at once, or in pieces.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "harness/load/web_socket.h"

static std::string answer_to(std::string_view text, std::size_t piece,
                             faultrig::WebSocket& socket) {
  std::string answer;
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
    answer += socket.feed(text.substr(0, piece));
  }
  return answer;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes,
                                      std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(bytes), size);
  faultrig::WebSocket whole;
  faultrig::WebSocket pieces;
  bool same = answer_to(text, size + 1, whole) ==
                  answer_to(text, size % 7 + 1, pieces) &&
              whole.close_code() == pieces.close_code() &&
              whole.is_broken() == pieces.is_broken();
  if (!same) {
    std::abort();
  }
  return 0;
}
