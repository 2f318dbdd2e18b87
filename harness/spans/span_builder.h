#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/spans/otlp.h"

namespace faultrig {

// What the resource of some spans says.
struct SpanResource {
  std::string service;
  std::int64_t pid = 0;
};

// A value of an attribute, as far as anybody asks: a text or a number.
struct SpanValue {
  std::string_view text;
  std::int64_t number = 0;
};

// Takes what it says of its resource and of an error.
void note_attribute(std::string_view key, const SpanValue& value,
                    SpanResource& resource);
void note_attribute(std::string_view key, const SpanValue& value, Span& span);

// Text for evidence: UTF-8, and at most so long.
std::string span_text(std::string_view text);
std::string_view span_kind_name(std::uint64_t kind);
SpanStatus span_status_of(std::uint64_t code);
// Digits of 16 or 8 bytes; nothing for another number of them, and for zeroes,
// which OTLP has for none.
std::optional<std::string> span_digits(std::string_view bytes,
                                       std::size_t size);
// The bytes that an id is in JSON: digits of hexadecimal; empty: it is none.
std::string bytes_of_digits(std::string_view digits);

// Ids and times as they came, and what is said beside them.
struct RawSpan {
  std::string_view trace;
  std::string_view id;
  std::string_view parent;
  std::uint64_t start_ns = 0;
  std::uint64_t end_ns = 0;
};
// Adds the span, or counts it.
void add_span(const RawSpan& raw, const SpanResource& resource, Span span,
              std::size_t most, ExportedSpans& out);

}  // namespace faultrig
