// What a load is made of: its target, its rate, what is told of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/load/news.h"
#include "harness/load/rate_plan.h"
#include "harness/load/target.h"
#include "harness/model/http_target.h"

namespace faultrig {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::int64_t kSecond = 1'000'000'000;

// --- Its rate ---------------------------------------------------------------

TEST(RatePlan, HasTheFirstAtOnceAndTheOthersAPeriodApart) {
  RatePlan plan(100, 5);
  EXPECT_EQ(plan.due(4), 0U);
  EXPECT_EQ(plan.due(5), 1U);
  EXPECT_EQ(plan.due(5 + 9'999'999), 1U);
  EXPECT_EQ(plan.due(5 + 10'000'000), 2U);
  EXPECT_EQ(plan.due_at(1), 5);
  EXPECT_EQ(plan.due_at(101), 5 + kSecond);
}

TEST(RatePlan, AgreesWithItselfAtAnyRate) {
  for (double rate : {0.3, 1.0, 3.0, 7.0, 333.3, 99'999.0}) {
    RatePlan plan(rate, 1'234'567'890'123);
    for (std::uint64_t n : {2U, 3U, 10U, 1'000U, 1'000'003U}) {
      EXPECT_EQ(plan.due(plan.due_at(n)), n) << rate;
      EXPECT_EQ(plan.due(plan.due_at(n) - 1), n - 1) << rate;
    }
  }
}

// --- Its target -------------------------------------------------------------

TEST(Target, IsAPathAPortOrAUrl) {
  const std::tuple<std::string, std::string, int, std::string> urls[] = {
      {"/healthz", "", 0, "/healthz"},
      {"", "", 0, "/"},
      {":8080", ":8080", 8080, "/"},
      {":8080/a?b=c", ":8080", 8080, "/a?b=c"},
      {"http://localhost:81/a", "localhost:81", 81, "/a"},
      {"http://[::1]:82", "[::1]:82", 82, "/"},
      {"http://[::1]/a:7", "[::1]", 80, "/a:7"},
      {"http://api.test/", "api.test", 80, "/"},
      {"https://api.test/", "api.test", 443, "/"},
      {"https:///healthz", "", 0, "/healthz"}};
  for (const auto& [text, host, port, path] : urls) {
    auto target = parse_target(text);
    ASSERT_TRUE(target) << text;
    EXPECT_EQ(target->tls, text.starts_with("https")) << text;
    EXPECT_EQ(target->port, port) << text;
    EXPECT_EQ(target->path, path) << text;
    EXPECT_EQ(target->host, host.starts_with(':') ? "" : host) << text;
  }
}

TEST(Target, IsNothingElse) {
  for (const char* text : {"healthz", "https:/a", ":0/", ":65536/", ":x",
                           "http://a:/", "/a b", "/a\r\nX: y", "ftp://a/"}) {
    EXPECT_FALSE(parse_target(text)) << text;
  }
}

InetSocket listener_at(InetAddress address, bool only_v6 = false) {
  return {.local = address, .only_v6 = only_v6};
}

InetAddress any_v4(int port) {
  InetAddress address = loopback_v4(port);
  std::fill(address.bytes.begin() + 12, address.bytes.end(), 0);
  return address;
}

TEST(Target, IsReachedAtAnAddressThatFitsItsListener) {
  InetAddress any_v6{{}, 80};
  EXPECT_EQ(any_v4(80).text(), "0.0.0.0:80");
  EXPECT_EQ(any_v6.text(), "[::]:80");
  EXPECT_EQ(address_to_reach(listener_at(any_v4(80))), loopback_v4(80));
  EXPECT_EQ(address_to_reach(listener_at(any_v6)), loopback_v4(80));
  EXPECT_EQ(address_to_reach(listener_at(any_v6, true)), loopback_v6(80));
  EXPECT_EQ(address_to_reach(listener_at(loopback_v6(80))), loopback_v6(80));
}

TEST(Target, IsOneOfSeveralListeners) {
  const std::vector<InetSocket> all = {listener_at(loopback_v6(90)),
                                       listener_at(loopback_v4(90)),
                                       listener_at(loopback_v4(80))};
  auto found = candidates_among(all, 0);
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[0].local, loopback_v4(80));
  EXPECT_EQ(found[1].local, loopback_v4(90));
  EXPECT_THAT(candidates_among(all, 90), SizeIs(1));
  EXPECT_THAT(candidates_among(all, 91), IsEmpty());
}

// Their numbers are others each time, and their order is not.
TEST(Target, IsTheListenerThatWasOpenedFirstWhereTheKernelChose) {
  std::vector<InetSocket> all = {
      listener_at(loopback_v4(40000)), listener_at(loopback_v4(50000)),
      listener_at(loopback_v6(50000)), listener_at(loopback_v4(8080))};
  all[0].inode = 7;
  all[1].inode = 6;
  all[2].inode = 9;
  all[3].inode = 8;
  std::vector<int> ports;
  for (const InetSocket& one : candidates_among(all, 0)) {
    ports.push_back(one.local.port);
  }
  EXPECT_THAT(ports, ElementsAre(8080, 50000, 40000));
}

TEST(Target, IsAskedInHttp11) {
  EXPECT_EQ(text_of({"GET", "127.0.0.1:80", "/a", "", true}),
            "GET /a HTTP/1.1\r\nHost: 127.0.0.1:80\r\n"
            "User-Agent: faultrig\r\n\r\n");
  EXPECT_EQ(text_of({"POST", "x", "/", "{}", false}),
            "POST / HTTP/1.1\r\nHost: x\r\nUser-Agent: faultrig\r\n"
            "Connection: close\r\nContent-Type: application/json\r\n"
            "Content-Length: 2\r\n\r\n{}");
  EXPECT_THAT(text_of({"DELETE", "x", "/", "", true}),
              HasSubstr("Content-Length: 0\r\n"));
}

// --- What is told of it -----------------------------------------------------

template <typename News>
News read_back(const News& news) {
  std::string line = to_line(news);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  auto read = news_from(line);
  EXPECT_TRUE(read) << line;
  EXPECT_EQ(to_line(*read), line);
  return std::get<News>(*read);
}

TEST(DriverNews, IsReadAsItWasTold) {
  RequestRecord record{"load", 3, 2, true, 1, 2, 3, 4, 5};
  record.end = RequestEnd::cut;
  record.status = 200;
  record.os_errno = 104;
  record.delivered = true;
  record.bytes = 1ULL << 40;
  EXPECT_EQ(read_back(record), record);
  read_back(ServiceListens{1, {"127.0.0.1:80", "[::1]:80"}});
  read_back(ServiceReady{1, 80, "127.0.0.1:80", Speech::tls, {}});
  read_back(MoreInFlight{1, 2});
  EXPECT_EQ(read_back(LoadDone{1, {{"a", 4, 3, 1, 2}}}).loads,
            (std::vector<LoadTally>{{"a", 4, 3, 1, 2}}));
  MarkedConnection at{"a", 1, 2, InFlight::half_sent};
  EXPECT_THAT(read_back(Marked{1, "now", {at}}).connections, ElementsAre(at));
}

TEST(DriverNews, CarriesWhateverAServiceHasSaid) {
  EXPECT_EQ(read_back(NeverReady{1, "302, to \xff\n\"x"}).why,
            "302, to \xef\xbf\xbd\n\"x");
  EXPECT_EQ(read_back(DriverFailed{"\xc0"}).why, "\xef\xbf\xbd");
}

TEST(DriverNews, HasAWordForEachEndAndEachPlace) {
  for (int i = 0; i <= static_cast<int>(RequestEnd::held); ++i) {
    auto end = static_cast<RequestEnd>(i);
    EXPECT_EQ(request_end(word_for(end)), end);
  }
  for (int i = 0; i <= static_cast<int>(InFlight::gone); ++i) {
    auto place = static_cast<InFlight>(i);
    EXPECT_EQ(in_flight(word_for(place)), place);
  }
}

TEST(DriverNews, IsNotReadFromAnythingElse) {
  for (const char* line :
       {"", "{", "[]", "{}", R"({"news":"x"})", R"({"news":"ready"})",
        R"({"news":"done","at":1,"loads":[[1]]})"}) {
    EXPECT_FALSE(news_from(line)) << line;
    EXPECT_FALSE(order_from(line)) << line;
  }
}

TEST(DriverNews, AnswersOrdersThatAreReadAsTheyWereGiven) {
  using Kind = DriverOrder::Kind;
  for (Kind kind :
       {Kind::be_ready, Kind::begin_load, Kind::mark, Kind::end_load}) {
    auto order = order_from(to_line(DriverOrder{kind, "now", {}}));
    ASSERT_TRUE(order);
    EXPECT_EQ(order->kind, kind);
    EXPECT_EQ(order->name, "now");
  }
}

}  // namespace
}  // namespace faultrig
