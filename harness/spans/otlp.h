#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"
#include "harness/model/span.h"

namespace faultrig {

// What an export of spans says (ExportTraceServiceRequest of OTLP 1). Of spans
// that make no sense, with ids of another length or times that run backward,
// and of those beyond `most` it is known only how many they are.
struct ExportedSpans {
  std::vector<Span> spans;
  std::size_t refused = 0;
  std::size_t beyond = 0;
};

// Reads what was posted: `type` is its Content-Type, application/x-protobuf or
// application/json, `encoding` its Content-Encoding, gzip or nothing. Usage: it
// is neither, is cut, or makes no sense; nothing of it is taken then. Any bytes
// are safe. Pure.
Result<ExportedSpans> read_spans(std::string_view type,
                                 std::string_view encoding,
                                 std::string_view body, std::size_t most);

// The two forms, unpacked.
Result<ExportedSpans> spans_of_protobuf(std::string_view body,
                                        std::size_t most);
Result<ExportedSpans> spans_of_json(std::string_view body, std::size_t most);

}  // namespace faultrig
