#include "harness/spans/span_builder.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "harness/base/text.h"
#include "harness/base/whole_number.h"

namespace faultrig {

namespace {

constexpr std::size_t kTraceBytes = 16;
constexpr std::size_t kSpanBytes = 8;
constexpr int kHexadecimal = 16;
constexpr std::string_view kDigits = "0123456789abcdef";

}  // namespace

void note_attribute(std::string_view key, const SpanValue& value,
                    SpanResource& resource) {
  if (key == "service.name") {
    resource.service = span_text(value.text);
  } else if (key == "process.pid" && value.number > 0) {
    resource.pid = value.number;
  }
}

void note_attribute(std::string_view key, const SpanValue& value, Span& span) {
  bool says =
      key == "error.type" || (key == "exception.type" && span.error.empty());
  if (says && !value.text.empty()) {
    span.error = span_text(value.text);
  }
}

std::string span_text(std::string_view text) {
  return valid_utf8(text.substr(0, kLongestSpanText));
}

std::string_view span_kind_name(std::uint64_t kind) {
  constexpr std::array<std::string_view, 6> kKinds{
      "", "internal", "server", "client", "producer", "consumer"};
  return kind < kKinds.size() ? kKinds.at(kind) : "";
}

SpanStatus span_status_of(std::uint64_t code) {
  return code == 1   ? SpanStatus::ok
         : code == 2 ? SpanStatus::error
                     : SpanStatus::unset;
}

std::optional<std::string> span_digits(std::string_view bytes,
                                       std::size_t size) {
  bool zero = std::all_of(bytes.begin(), bytes.end(),
                          [](char byte) { return byte == '\0'; });
  if (bytes.size() != size || zero) {
    return std::nullopt;
  }
  std::string out;
  for (char byte : bytes) {
    auto value = static_cast<unsigned char>(byte);
    out += kDigits[value >> 4U];
    out += kDigits[value & 0xFU];
  }
  return out;
}

std::string bytes_of_digits(std::string_view digits) {
  std::string out;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    auto value = whole_number<unsigned>(digits.substr(i, 2), kHexadecimal);
    if (!value) {
      return "";
    }
    out += static_cast<char>(*value);
  }
  return digits.size() % 2 == 0 ? out : "";
}

void add_span(const RawSpan& raw, const SpanResource& resource, Span span,
              std::size_t most, ExportedSpans& out) {
  constexpr std::uint64_t kLatest = std::numeric_limits<std::int64_t>::max();
  auto trace = span_digits(raw.trace, kTraceBytes);
  auto id = span_digits(raw.id, kSpanBytes);
  auto parent = span_digits(raw.parent, kSpanBytes);
  if (!trace || !id || raw.start_ns == 0 || raw.end_ns < raw.start_ns ||
      raw.end_ns > kLatest) {
    ++out.refused;
    return;
  }
  if (out.spans.size() >= most) {
    ++out.beyond;
    return;
  }
  span.service = resource.service;
  span.pid = resource.pid;
  span.trace = *trace;
  span.id = *id;
  span.parent = parent.value_or("");
  span.start_ns = static_cast<std::int64_t>(raw.start_ns);
  span.end_ns = static_cast<std::int64_t>(raw.end_ns);
  out.spans.push_back(std::move(span));
}

}  // namespace faultrig
