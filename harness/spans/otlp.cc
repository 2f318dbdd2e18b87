#include "harness/spans/otlp.h"

#include <algorithm>
#include <cctype>

#include "harness/base/text.h"
#include "harness/profile/gunzip.h"
#include "harness/spans/post_reader.h"

namespace faultrig {

namespace {

// The word, in small letters, without what is behind a `;`.
std::string plain_word(std::string_view field) {
  std::string out;
  for (char letter : field.substr(0, field.find(';'))) {
    auto code = static_cast<unsigned char>(letter);
    if (std::isspace(code) == 0) {
      out += static_cast<char>(std::tolower(code));
    }
  }
  return out;
}

Result<std::string> unpacked(std::string_view encoding, std::string_view body) {
  std::string how = plain_word(encoding);
  if (how.empty() || how == "identity") {
    return std::string(body);
  }
  if (how != "gzip") {
    return usage_error("its Content-Encoding is " + for_one_line(how) +
                       ", and not gzip");
  }
  return body.starts_with("\x1f\x8b") ? gunzip(body, kLargestSpans)
                                      : usage_error("it is no gzip");
}

}  // namespace

Result<ExportedSpans> read_spans(std::string_view type,
                                 std::string_view encoding,
                                 std::string_view body, std::size_t most) {
  TRY_ASSIGN(std::string plain, unpacked(encoding, body));
  std::string form = plain_word(type);
  if (form == "application/json") {
    return spans_of_json(plain, most);
  }
  return form == "application/x-protobuf" || form == "application/protobuf"
             ? spans_of_protobuf(plain, most)
             : usage_error("its Content-Type is " + for_one_line(form) +
                           ", and neither protobuf nor JSON");
}

}  // namespace faultrig
