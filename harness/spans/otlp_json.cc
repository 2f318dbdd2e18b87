// OTLP's JSON is that of protobuf but for three things: ids are digits of
// hexadecimal, not base64; numbers of 64 bits may be texts; enums are numbers
// (specification of OTLP, "JSON Protobuf Encoding"). Depth is bounded before
// anything is parsed.
#include <array>
#include <cstddef>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "harness/base/whole_number.h"
#include "harness/spans/otlp.h"
#include "harness/spans/span_builder.h"

namespace faultrig {

namespace {

using Json = nlohmann::json;

constexpr int kDeepest = 64;

bool is_too_deep(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char byte = text[i];
    if (quoted) {
      quoted = byte != '"';
      i += byte == '\\' ? 1 : 0;
    } else if (byte == '"') {
      quoted = true;
    } else if (byte == '[' || byte == '{') {
      if (++depth > kDeepest) {
        return true;
      }
    } else if (byte == ']' || byte == '}') {
      --depth;
    }
  }
  return false;
}

// What is not there, or is something else, is null.
const Json& at(const Json& json, const char* key) {
  static const Json kNull;
  if (!json.is_object()) {
    return kNull;
  }
  auto found = json.find(key);
  return found == json.end() ? kNull : *found;
}

// The elements of a list; of what is none, none.
const Json& list_at(const Json& json, const char* key) {
  static const Json kNone = Json::array();
  const Json& list = at(json, key);
  return list.is_array() ? list : kNone;
}

std::string_view text_of(const Json& json) {
  const auto* text = json.get_ptr<const std::string*>();
  return text == nullptr ? std::string_view() : std::string_view(*text);
}

// A number, or one in quotes; 0: none.
std::uint64_t number_of(const Json& json) {
  if (json.is_number_unsigned()) {
    return json.get<std::uint64_t>();
  }
  return whole_number<std::uint64_t>(text_of(json)).value_or(0);
}

// Nothing: it is none of OTLP's, and what the span says is not known.
std::optional<SpanStatus> status_in(const Json& json) {
  const Json& code = at(json, "code");
  if (json.is_null() || json.empty() ||
      (code.is_null() && json.size() == json.count("message"))) {
    return SpanStatus::unset;
  }
  constexpr std::array<std::string_view, 3> kWords{
      "STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"};
  for (std::size_t i = 0; i < kWords.size(); ++i) {
    std::string_view said = text_of(code);
    if (code == i || said == kWords.at(i) || said == std::to_string(i)) {
      return span_status_of(i);
    }
  }
  return std::nullopt;
}

// A list below another name than this, or something else than a list below it,
// is not read: how many there are, at the least.
std::size_t unread_in(const Json& json, const char* list) {
  if (!json.is_object()) {
    return 1;
  }
  std::size_t out = 0;
  for (const auto& [key, value] : json.items()) {
    bool none = value.is_null() || value.is_array();
    out += key == list        ? (none ? 0U : 1U)
           : value.is_array() ? value.size()
                              : 0U;
  }
  return out;
}

template <typename Into>
void note_pairs(const Json& of, Into& into) {
  for (const Json& pair : list_at(of, "attributes")) {
    const Json& value = at(pair, "value");
    std::uint64_t number = number_of(at(value, "intValue"));
    note_attribute(
        text_of(at(pair, "key")),
        {text_of(at(value, "stringValue")), static_cast<std::int64_t>(number)},
        into);
  }
}

void read_span(const Json& json, const SpanResource& resource, std::size_t most,
               ExportedSpans& out) {
  std::string trace = bytes_of_digits(text_of(at(json, "traceId")));
  std::string id = bytes_of_digits(text_of(at(json, "spanId")));
  std::string parent = bytes_of_digits(text_of(at(json, "parentSpanId")));
  RawSpan raw{trace, id, parent, number_of(at(json, "startTimeUnixNano")),
              number_of(at(json, "endTimeUnixNano"))};
  Span span;
  span.name = span_text(text_of(at(json, "name")));
  span.kind = span_kind_name(number_of(at(json, "kind")));
  const Json& status = at(json, "status");
  auto ended = status_in(status);
  if (!ended) {
    ++out.refused;
    return;
  }
  span.status = *ended;
  span.message = span_text(text_of(at(status, "message")));
  note_pairs(json, span);
  for (const Json& event : list_at(json, "events")) {
    note_pairs(event, span);
  }
  add_span(raw, resource, std::move(span), most, out);
}

}  // namespace

Result<ExportedSpans> spans_of_json(std::string_view body, std::size_t most) {
  if (is_too_deep(body)) {
    return usage_error("its JSON is nested too deeply");
  }
  Json json = Json::parse(body, nullptr, false);
  if (!json.is_object()) {
    return usage_error("it is no JSON of OTLP, or cut");
  }
  ExportedSpans out;
  out.refused = unread_in(json, "resourceSpans");
  for (const Json& one : list_at(json, "resourceSpans")) {
    SpanResource resource;
    note_pairs(at(one, "resource"), resource);
    out.refused += unread_in(one, "scopeSpans");
    for (const Json& scope : list_at(one, "scopeSpans")) {
      out.refused += unread_in(scope, "spans");
      for (const Json& span : list_at(scope, "spans")) {
        read_span(span, resource, most, out);
      }
    }
  }
  return out;
}

}  // namespace faultrig
