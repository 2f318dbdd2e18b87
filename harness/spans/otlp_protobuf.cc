// The messages and their fields are those of opentelemetry-proto: trace.proto,
// common.proto, resource.proto. A resource may stand behind its spans: so their
// bytes are kept, and read when it is known. Nothing recurses: of the values of
// attributes only texts and numbers are looked at.
#include <exception>
#include <vector>

#include <protozero/pbf_reader.hpp>

#include "harness/spans/otlp.h"
#include "harness/spans/span_builder.h"

namespace faultrig {

namespace {

using protozero::pbf_reader;
using protozero::pbf_wire_type;

std::string_view view_of(pbf_reader& field) {
  auto view = field.get_view();
  return {view.data(), view.size()};
}

pbf_reader reader_of(std::string_view bytes) {
  return {bytes.data(), bytes.size()};
}

bool is_bytes(const pbf_reader& field, protozero::pbf_tag_type tag) {
  return field.tag() == tag &&
         field.wire_type() == pbf_wire_type::length_delimited;
}

bool is_number(const pbf_reader& field, protozero::pbf_tag_type tag) {
  return field.tag() == tag && field.wire_type() == pbf_wire_type::varint;
}

bool is_time(const pbf_reader& field, protozero::pbf_tag_type tag) {
  return field.tag() == tag && field.wire_type() == pbf_wire_type::fixed64;
}

// AnyValue
SpanValue value_in(std::string_view message) {
  SpanValue out;
  pbf_reader reader = reader_of(message);
  while (reader.next()) {
    if (is_bytes(reader, 1)) {
      out.text = view_of(reader);
    } else if (is_number(reader, 3)) {
      out.number = reader.get_int64();
    } else {
      reader.skip();
    }
  }
  return out;
}

// KeyValue
template <typename Into>
void note_pair(std::string_view message, Into& into) {
  std::string_view key;
  std::string_view value;
  pbf_reader reader = reader_of(message);
  while (reader.next()) {
    if (is_bytes(reader, 1)) {
      key = view_of(reader);
    } else if (is_bytes(reader, 2)) {
      value = view_of(reader);
    } else {
      reader.skip();
    }
  }
  note_attribute(key, value_in(value), into);
}

// Resource, or Event of a span: what its attributes say.
template <typename Into>
void note_pairs(std::string_view message, protozero::pbf_tag_type tag,
                Into& into) {
  pbf_reader reader = reader_of(message);
  while (reader.next()) {
    if (is_bytes(reader, tag)) {
      note_pair(view_of(reader), into);
    } else {
      reader.skip();
    }
  }
}

// Status
void note_status(std::string_view message, Span& span) {
  pbf_reader reader = reader_of(message);
  while (reader.next()) {
    if (is_bytes(reader, 2)) {
      span.message = span_text(view_of(reader));
    } else if (is_number(reader, 3)) {
      span.status = span_status_of(reader.get_uint64());
    } else {
      reader.skip();
    }
  }
}

void note_bytes(pbf_reader& reader, RawSpan& raw, Span& span) {
  constexpr protozero::pbf_tag_type kAttribute = 9;
  constexpr protozero::pbf_tag_type kEvent = 11;
  constexpr protozero::pbf_tag_type kStatus = 15;
  protozero::pbf_tag_type tag = reader.tag();
  std::string_view bytes = view_of(reader);
  if (tag == 1) {
    raw.trace = bytes;
  } else if (tag == 2) {
    raw.id = bytes;
  } else if (tag == 4) {
    raw.parent = bytes;
  } else if (tag == 5) {
    span.name = span_text(bytes);
  } else if (tag == kAttribute) {
    note_pair(bytes, span);
  } else if (tag == kEvent) {
    note_pairs(bytes, 3, span);
  } else if (tag == kStatus) {
    note_status(bytes, span);
  }
}

void read_span(std::string_view message, const SpanResource& resource,
               std::size_t most, ExportedSpans& out) {
  RawSpan raw;
  Span span;
  pbf_reader reader = reader_of(message);
  while (reader.next()) {
    if (reader.wire_type() == pbf_wire_type::length_delimited) {
      note_bytes(reader, raw, span);
    } else if (is_number(reader, 6)) {
      span.kind = span_kind_name(reader.get_uint64());
    } else if (is_time(reader, 7)) {
      raw.start_ns = reader.get_fixed64();
    } else if (is_time(reader, 8)) {
      raw.end_ns = reader.get_fixed64();
    } else {
      reader.skip();
    }
  }
  add_span(raw, resource, std::move(span), most, out);
}

// ScopeSpans
void read_scope(std::string_view message, const SpanResource& resource,
                std::size_t most, ExportedSpans& out) {
  pbf_reader reader = reader_of(message);
  while (reader.next()) {
    if (is_bytes(reader, 2)) {
      read_span(view_of(reader), resource, most, out);
    } else {
      reader.skip();
    }
  }
}

// instrumentation_library_spans, of OTLP before 1.
constexpr protozero::pbf_tag_type kOldScopes = 1000;

// ResourceSpans
void read_resource(std::string_view message, std::size_t most,
                   ExportedSpans& out) {
  SpanResource resource;
  std::vector<std::string_view> scopes;
  pbf_reader reader = reader_of(message);
  while (reader.next()) {
    if (is_bytes(reader, 1)) {
      note_pairs(view_of(reader), 1, resource);
    } else if (is_bytes(reader, 2)) {
      scopes.push_back(view_of(reader));
    } else if (is_bytes(reader, kOldScopes)) {
      ++out.refused;
      reader.skip();
    } else {
      reader.skip();
    }
  }
  for (std::string_view scope : scopes) {
    read_scope(scope, resource, most, out);
  }
}

}  // namespace

Result<ExportedSpans> spans_of_protobuf(std::string_view body,
                                        std::size_t most) {
  ExportedSpans out;
  try {
    pbf_reader reader = reader_of(body);
    while (reader.next()) {
      if (is_bytes(reader, 1)) {
        read_resource(view_of(reader), most, out);
      } else {
        reader.skip();
      }
    }
  } catch (const protozero::exception&) {
    return usage_error("it is cut, or no protobuf");
  }
  return out;
}

}  // namespace faultrig
