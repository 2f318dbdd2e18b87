#include "harness/spans/span_lines.h"

#include <utility>

#include <nlohmann/json.hpp>

namespace faultrig {

namespace {

using Json = nlohmann::json;

Json json_of(const Span& span) {
  return Json::array({span.service, span.pid, span.trace, span.id, span.parent,
                      span.name, span.kind, span.start_ns, span.end_ns,
                      static_cast<int>(span.status), span.message, span.error});
}

Span span_in(const Json& json) {
  std::size_t at = 0;
  auto text = [&] { return json.at(at++).get<std::string>(); };
  auto number = [&] { return json.at(at++).get<std::int64_t>(); };
  Span span;
  span.service = text();
  span.pid = number();
  span.trace = text();
  span.id = text();
  span.parent = text();
  span.name = text();
  span.kind = text();
  span.start_ns = number();
  span.end_ns = number();
  span.status = static_cast<SpanStatus>(number());
  span.message = text();
  span.error = text();
  return span;
}

Json json_of(const ReceiverReady& news) { return {{"listens_at", news.port}}; }

Json json_of(const SpansCame& news) {
  Json spans = Json::array();
  for (const Span& span : news.spans) {
    spans.push_back(json_of(span));
  }
  return {{"monotonic", news.monotonic_ns},
          {"wall", news.wall_ns},
          {"spans", std::move(spans)}};
}

Json json_of(const SpansMissed& news) {
  return {{"missed", news.count}, {"why", news.why}};
}

Json json_of(const ReceiverDone&) { return {{"done", true}}; }

SpanNews news_in(const Json& json) {
  if (json.contains("listens_at")) {
    return ReceiverReady{json.at("listens_at").get<int>()};
  }
  if (json.contains("missed")) {
    return SpansMissed{json.at("missed").get<std::size_t>(),
                       json.at("why").get<std::string>()};
  }
  if (json.contains("done")) {
    return ReceiverDone{};
  }
  SpansCame came{json.at("monotonic").get<std::int64_t>(),
                 json.at("wall").get<std::int64_t>(),
                 {}};
  for (const Json& span : json.at("spans")) {
    came.spans.push_back(span_in(span));
  }
  return came;
}

}  // namespace

std::string to_line(const SpanNews& news) {
  return std::visit(
      [](const auto& one) {
        return json_of(one).dump(-1, ' ', false,
                                 Json::error_handler_t::replace);
      },
      news);
}

Result<SpanNews> span_news_from(const std::string& line) {
  try {
    return news_in(Json::parse(line));
  } catch (const Json::exception&) {
    return internal_error("a line of the receiver of spans makes no sense");
  }
}

}  // namespace faultrig
