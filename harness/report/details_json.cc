#include "harness/report/details_json.h"

#include "harness/base/text.h"
#include "harness/report/json_texts.h"

namespace faultrig {

namespace {

using Json = nlohmann::ordered_json;

Json stream_json(const StreamEnd& stream) {
  return {{"text", valid_utf8(stream.text)}, {"left_out", stream.left_out}};
}

StreamEnd stream_from(const Json& json) {
  return {json.at("text").get<std::string>(),
          json.at("left_out").get<std::uint64_t>()};
}

TimelineRow row_from(const Json& json) {
  TimelineRow row;
  row.index = json.at(0).get<std::size_t>();
  row.at = std::chrono::nanoseconds(json.at(1).get<std::int64_t>());
  row.fact = json.at(2).get<std::string>();
  row.link = json.at(3).get<std::string>();
  row.pid = json.at(4).get<std::int64_t>();
  row.text = json.at(5).get<std::string>();
  return row;
}

Json span_json(const SpanRow& span) {
  return {span.from.count(),
          span.to.count(),
          valid_utf8(span.service),
          valid_utf8(span.trace),
          valid_utf8(span.id),
          valid_utf8(span.parent),
          valid_utf8(span.name),
          valid_utf8(span.kind),
          valid_utf8(span.status),
          valid_utf8(span.message),
          span.pid};
}

SpanRow span_from(const Json& json) {
  SpanRow span;
  span.from = std::chrono::nanoseconds(json.at(0).get<std::int64_t>());
  span.to = std::chrono::nanoseconds(json.at(1).get<std::int64_t>());
  std::size_t at = 2;
  for (std::string* text :
       {&span.service, &span.trace, &span.id, &span.parent, &span.name,
        &span.kind, &span.status, &span.message}) {
    *text = json.at(at++).get<std::string>();
  }
  span.pid = json.at(at).get<std::int64_t>();
  return span;
}

}  // namespace

Json details_json(const RunDetails& details) {
  Json json;
  json["tags"] = texts_json(details.tags);
  json["rows"] = Json::array();
  for (const TimelineRow& row : details.rows) {
    json["rows"].push_back({row.index, row.at.count(), row.fact,
                            valid_utf8(row.link), row.pid,
                            valid_utf8(row.text)});
  }
  json["rows_left_out"] = details.rows_left_out;
  for (const SpanRow& span : details.spans) {
    json["spans"].push_back(span_json(span));
  }
  if (details.spans_left_out > 0) {
    json["spans_left_out"] = details.spans_left_out;
  }
  json["stdout"] = stream_json(details.out);
  json["stderr"] = stream_json(details.err);
  json["plan"] = valid_utf8(details.plan);
  return json;
}

RunDetails details_from(const Json& json) {
  RunDetails out;
  out.tags = json.at("tags").get<std::vector<std::string>>();
  for (const Json& row : json.at("rows")) {
    out.rows.push_back(row_from(row));
  }
  out.rows_left_out = json.at("rows_left_out").get<std::uint64_t>();
  if (json.contains("spans")) {
    for (const Json& span : json.at("spans")) {
      out.spans.push_back(span_from(span));
    }
  }
  if (json.contains("spans_left_out")) {
    out.spans_left_out = json.at("spans_left_out").get<std::uint64_t>();
  }
  out.out = stream_from(json.at("stdout"));
  out.err = stream_from(json.at("stderr"));
  out.plan = json.at("plan").get<std::string>();
  return out;
}

}  // namespace faultrig
