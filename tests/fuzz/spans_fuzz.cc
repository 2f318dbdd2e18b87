// Any bytes as requests to the receiver of spans, and as what is in them: read,
// in pieces or whole, or refused, and no text of them is long or no UTF-8.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "harness/base/text.h"
#include "harness/spans/otlp.h"
#include "harness/spans/post_reader.h"
#include "harness/spans/span_lines.h"

namespace {

using faultrig::ExportedSpans;
using faultrig::Post;
using faultrig::PostReader;
using faultrig::Result;

void must(bool holds) {
  if (!holds) {
    std::abort();
  }
}

void look_at(const Result<ExportedSpans>& read) {
  if (!read) {
    return;
  }
  must(read->spans.size() <= 100);
  for (const faultrig::Span& span : read->spans) {
    must(span.start_ns > 0 && span.end_ns >= span.start_ns);
    must(span.trace.size() == 32 && span.id.size() == 16);
    must(span.name.size() <= 3 * 256 && faultrig::is_valid_utf8(span.name));
  }
  std::string line = to_line(faultrig::SpansCame{1, 2, read->spans});
  must(faultrig::span_news_from(line).has_value());
}

void read_requests(std::string_view bytes, std::size_t piece) {
  PostReader reader;
  bool sound = true;
  for (std::size_t i = 0; i < bytes.size() && sound; i += piece) {
    sound = reader.feed(bytes.substr(i, piece));
    while (sound && reader.is_whole()) {
      Post post = reader.take();
      must(post.body.size() <= faultrig::kLargestSpans);
      look_at(faultrig::read_spans(post.type, post.encoding, post.body, 100));
      sound = reader.feed("");
    }
  }
  must(sound == (reader.status() == 0));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes,
                                      std::size_t size) {
  std::string_view all(reinterpret_cast<const char*>(bytes), size);
  look_at(faultrig::spans_of_protobuf(all, 100));
  look_at(faultrig::spans_of_json(all, 100));
  look_at(faultrig::read_spans("application/x-protobuf", "gzip", all, 100));
  for (std::size_t piece : {std::max<std::size_t>(1, size), std::size_t{1}}) {
    read_requests(all, piece);
  }
  return 0;
}
