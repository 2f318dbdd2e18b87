// One line of JSON an item, as between any two programs: the driver has the
// same build as we do, but what it passes on was said by a service.
#include "harness/load/news.h"

#include <array>
#include <string_view>

#include <nlohmann/json.hpp>

#include "harness/base/text.h"

namespace faultrig {

namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 3> kSpeech = {"unknown", "http", "tls"};
constexpr std::array<std::string_view, 6> kOrders = {
    "be_ready", "begin_load", "mark", "end_load", "watch_stop", "seek"};

template <typename Enum, std::size_t N>
Enum enum_from(const std::array<std::string_view, N>& words, const json& line,
               const char* key) {
  auto word = line.at(key).get<std::string>();
  for (std::size_t i = 0; i < N; ++i) {
    if (words[i] == word) {
      return static_cast<Enum>(i);
    }
  }
  throw json::other_error::create(500, "no such word: " + word, &line);
}

json json_of(const ServiceListens& news) {
  return {{"at", news.at_ns},
          {"addresses", news.addresses},
          {"before", news.before_ns}};
}

json json_of(const ServiceReady& news) {
  return {{"at", news.at_ns},
          {"port", news.port},
          {"address", news.address},
          {"speech", kSpeech[static_cast<std::size_t>(news.speech)]},
          {"addresses", news.addresses}};
}

json json_of(const NeverReady& news) {
  return {{"at", news.at_ns}, {"why", valid_utf8(news.why)}};
}

json json_of(const RequestRecord& news) {
  return {{"load", news.load},
          {"n", news.n},
          {"connection", news.connection},
          {"reused", news.reused},
          {"planned", news.planned_ns},
          {"connected", news.connected_ns},
          {"sent", news.sent_ns},
          {"first_byte", news.first_byte_ns},
          {"last_byte", news.last_byte_ns},
          {"end", word_for(news.end)},
          {"status", news.status},
          {"errno", news.os_errno},
          {"complete", news.complete},
          {"delivered", news.delivered},
          {"bytes", news.bytes},
          {"word", valid_utf8(news.word)}};
}

json json_of(const MoreInFlight& news) {
  return {{"at", news.at_ns}, {"in_flight", news.in_flight}};
}

json json_of(const Marked& news) {
  json connections = json::array();
  for (const MarkedConnection& one : news.connections) {
    connections.push_back(
        {one.load, one.n, one.connection, std::string(word_for(one.where))});
  }
  return {
      {"at", news.at_ns}, {"name", news.name}, {"connections", connections}};
}

json json_of(const LoadDone& news) {
  json loads = json::array();
  for (const LoadTally& one : news.loads) {
    loads.push_back(
        {one.load, one.planned, one.sent, one.never_sent, one.most_in_flight});
  }
  return {{"at", news.at_ns}, {"loads", loads}};
}

json json_of(const ServiceHealth& news) {
  return {
      {"at", news.at_ns}, {"status", news.status}, {"errno", news.os_errno}};
}

json json_of(const WriteLost& news) {
  return {{"n", news.n}, {"why", valid_utf8(news.why)}};
}

json json_of(const SeekDone& news) {
  return {{"at", news.at_ns}, {"found", news.found}};
}

json json_of(const DriverFailed& news) {
  return {{"why", valid_utf8(news.why)}};
}

ServiceListens listens_from(const json& line) {
  return {line.at("at"), line.at("addresses"), line.at("before")};
}

ServiceReady ready_from(const json& line) {
  return {line.at("at"), line.at("port"), line.at("address"),
          enum_from<Speech>(kSpeech, line, "speech"), line.at("addresses")};
}

RequestRecord request_from(const json& line) {
  RequestRecord record;
  record.load = line.at("load");
  record.n = line.at("n");
  record.connection = line.at("connection");
  record.reused = line.at("reused");
  record.planned_ns = line.at("planned");
  record.connected_ns = line.at("connected");
  record.sent_ns = line.at("sent");
  record.first_byte_ns = line.at("first_byte");
  record.last_byte_ns = line.at("last_byte");
  record.end = request_end(line.at("end").get<std::string>()).value();
  record.status = line.at("status");
  record.os_errno = line.at("errno");
  record.complete = line.at("complete");
  record.delivered = line.at("delivered");
  record.bytes = line.at("bytes");
  record.word = line.at("word");
  return record;
}

Marked marked_from(const json& line) {
  Marked news{line.at("at"), line.at("name"), {}};
  for (const json& one : line.at("connections")) {
    news.connections.push_back(
        {one.at(0), one.at(1), one.at(2),
         in_flight(one.at(3).get<std::string>()).value()});
  }
  return news;
}

LoadDone done_from(const json& line) {
  LoadDone news{line.at("at"), {}};
  for (const json& one : line.at("loads")) {
    news.loads.push_back(
        {one.at(0), one.at(1), one.at(2), one.at(3), one.at(4)});
  }
  return news;
}

using Read = DriverNews (*)(const json&);

struct NewsKind {
  std::string_view word;
  Read read;
};

// In the order of DriverNews.
constexpr std::array<NewsKind, std::variant_size_v<DriverNews>> kNews = {{
    {"listens",
     [](const json& line) -> DriverNews { return listens_from(line); }},
    {"ready", [](const json& line) -> DriverNews { return ready_from(line); }},
    {"never_ready",
     [](const json& line) -> DriverNews {
       return NeverReady{line.at("at"), line.at("why")};
     }},
    {"request",
     [](const json& line) -> DriverNews { return request_from(line); }},
    {"more_in_flight",
     [](const json& line) -> DriverNews {
       return MoreInFlight{line.at("at"), line.at("in_flight")};
     }},
    {"marked",
     [](const json& line) -> DriverNews { return marked_from(line); }},
    {"done", [](const json& line) -> DriverNews { return done_from(line); }},
    {"health",
     [](const json& line) -> DriverNews {
       return ServiceHealth{line.at("at"), line.at("status"), line.at("errno")};
     }},
    {"write_lost",
     [](const json& line) -> DriverNews {
       return WriteLost{line.at("n"), line.at("why")};
     }},
    {"seek_done",
     [](const json& line) -> DriverNews {
       return SeekDone{line.at("at"), line.at("found")};
     }},
    {"failed",
     [](const json& line) -> DriverNews {
       return DriverFailed{line.at("why")};
     }},
}};

DriverNews read_news(const json& line) {
  auto word = line.at("news").get<std::string>();
  for (const NewsKind& kind : kNews) {
    if (kind.word == word) {
      return kind.read(line);
    }
  }
  throw json::other_error::create(500, "no such news: " + word, &line);
}

constexpr std::size_t kMostShown = 200;

Error no_line(const std::string& line) {
  return internal_error("the driver's line is not read: " +
                        for_one_line(line.substr(0, kMostShown)));
}

}  // namespace

std::string to_line(const DriverNews& news) {
  json line = std::visit([](const auto& item) { return json_of(item); }, news);
  line["news"] = kNews[news.index()].word;
  return line.dump();
}

Result<DriverNews> news_from(const std::string& line) {
  try {
    return read_news(json::parse(line));
  } catch (const std::exception&) {
    return no_line(line);
  }
}

std::string to_line(const DriverOrder& order) {
  return json{{"do", kOrders[static_cast<std::size_t>(order.kind)]},
              {"name", valid_utf8(order.name)},
              {"within", order.within.count()}}
      .dump();
}

Result<DriverOrder> order_from(const std::string& text) {
  try {
    json line = json::parse(text);
    return DriverOrder{enum_from<DriverOrder::Kind>(kOrders, line, "do"),
                       line.at("name"),
                       std::chrono::nanoseconds(line.at("within"))};
  } catch (const std::exception&) {
    return no_line(text);
  }
}

}  // namespace faultrig
