#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace faultrig {

// What a program says of how a span ended (opentelemetry.proto.trace.v1).
enum class SpanStatus { unset, ok, error };
// `unset`, `ok`, `error`.
std::string_view span_status_name(SpanStatus status);

// One span of OpenTelemetry, as a program has told it. Texts are UTF-8, cut
// where they are long, and else as they came: nobody's terminal is safe of
// them.
struct Span {
  std::string service;   // service.name of its resource
  std::int64_t pid = 0;  // process.pid of its resource; 0: it does not say
  std::string trace;     // 32 digits of hexadecimal
  std::string id;        // 16
  std::string parent;    // 16; empty: none
  std::string name;
  std::string kind;  // internal, server, client, producer, consumer; or empty
  // Nanoseconds since the epoch, by the program's wall clock; it does not end
  // before it begins.
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;
  SpanStatus status = SpanStatus::unset;
  std::string message;  // of its status
  std::string error;    // its error.type, else its exception.type

  bool operator==(const Span&) const = default;
};

// `names` of a Fact::span: the ids of its trace, of itself and of its parent,
// its kind, and at these places what its status says and its error.
inline constexpr std::size_t kSpanMessage = 4;
inline constexpr std::size_t kSpanError = 5;
inline constexpr std::size_t kSpanNames = 6;  // so many are always there
// And `ms` where its clock goes by milliseconds, so that its start and its end
// may be up to one later than they say.
inline constexpr std::size_t kSpanClock = 6;
inline constexpr std::string_view kCoarseClock = "ms";
// A text of so many bytes or more may have been cut.
inline constexpr std::size_t kLongestSpanText = 256;

}  // namespace faultrig
