// A service answers what it likes, and its client asks so. An answer is the
// same however its bytes come: at once, or in pieces.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "harness/load/http_messages.h"

static faultrig::Reply read_in_pieces(std::string_view text,
                                      std::size_t piece) {
  faultrig::Reply reply;
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
    if (!reply.feed(text.substr(0, piece))) {
      break;
    }
  }
  reply.end();
  return reply;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes,
                                      std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(bytes), size);
  faultrig::Reply whole = read_in_pieces(text, text.size() + 1);
  faultrig::Reply pieces = read_in_pieces(text, size % 7 + 1);
  bool same = whole.complete() == pieces.complete() &&
              whole.keeps_alive() == pieces.keeps_alive() &&
              whole.status() == pieces.status() &&
              whole.location() == pieces.location() &&
              whole.beginning() == pieces.beginning();
  if (!same || (whole.complete() && !whole.is_http())) {
    std::abort();
  }
  if (faultrig::find_request(text).size > text.size()) {
    std::abort();
  }
  return 0;
}
