// Who may ask the workshop for what.
#include "harness/web/gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultrig {
namespace {

using Room = Gate::Room;
using testing::Contains;
using testing::HasSubstr;
using testing::Pair;

const std::string kToken = "0123456789abcdef0123456789abcdef";

WebRequest asks(const std::string& method, const std::string& path) {
  return {method, "/" + kToken + "/" + path, {"127.0.0.1:4711"}, {}};
}

Gate::Pass look(const WebRequest& request) {
  return Gate(4711, kToken).look_at(request);
}

int status_with_host(const std::string& host) {
  WebRequest request = asks("GET", "");
  request.hosts = {host};
  return look(request).status;
}

TEST(Gate, LetsInWhoNamesHostAndToken) {
  EXPECT_EQ(look(asks("GET", "")).status, 200);
  EXPECT_EQ(look(asks("GET", "")).room, Room::page);
  EXPECT_EQ(status_with_host("localhost:4711"), 200);
  EXPECT_EQ(Gate(4711, kToken).url(), "http://127.0.0.1:4711/" + kToken + "/");
}

TEST(Gate, HasARoomForEachPath) {
  EXPECT_EQ(look(asks("GET", "page.css")).room, Room::style);
  EXPECT_EQ(look(asks("GET", "page.js")).room, Room::script);
  EXPECT_EQ(look(asks("GET", "lessons")).room, Room::lessons);
  EXPECT_EQ(look(asks("GET", "events")).room, Room::events);
  EXPECT_EQ(look(asks("POST", "end")).room, Room::end);
  EXPECT_EQ(look(asks("POST", "run/12")).room, Room::run);
  EXPECT_EQ(look(asks("POST", "run/12")).number, 12U);
}

// A name that leads to loopback is not enough: it may be anybody's.
TEST(Gate, RefusesEveryOtherHost) {
  for (const char* host :
       {"evil.example:4711", "127.0.0.1", "localhost", "127.0.0.1:4712",
        "127.0.0.1:4711 ", "127.0.0.1:47110", "LOCALHOST:4711", "0:4711",
        "127.0.0.1:4711.evil.example", "[::1]:4711", ""}) {
    EXPECT_EQ(status_with_host(host), 403) << host;
  }
}

TEST(Gate, WantsOneHost) {
  WebRequest request = asks("GET", "");
  request.hosts = {};
  EXPECT_EQ(look(request).status, 400);
  request.hosts = {"127.0.0.1:4711", "127.0.0.1:4711"};
  EXPECT_EQ(look(request).status, 400);
}

TEST(Gate, WantsTheWholeToken) {
  for (const std::string& target : std::vector<std::string>{
           "/", "", "/" + kToken, "/" + kToken.substr(1) + "/",
           "//" + kToken + "/", "/" + kToken + "0/",
           "/" + kToken.substr(0, 31) + "e/",
           "/0123456789ABCDEF0123456789ABCDEF/", "/?token=" + kToken,
           "http://127.0.0.1:4711/" + kToken + "/", "*" + kToken + "/"}) {
    WebRequest request = asks("GET", "");
    request.target = target;
    EXPECT_EQ(look(request).status, 403) << target;
  }
}

TEST(Gate, RefusesAnotherOrigin) {
  WebRequest request = asks("POST", "run/1");
  request.origins = {"http://127.0.0.1:4711"};
  EXPECT_EQ(look(request).status, 200);
  for (const char* origin : {"http://localhost:4711", "http://127.0.0.1:4712",
                             "https://127.0.0.1:4711", "null", ""}) {
    request.origins = {origin};
    EXPECT_EQ(look(request).status, 403) << origin;
  }
  request.origins = {"http://127.0.0.1:4711", "http://evil.example"};
  EXPECT_EQ(look(request).status, 403);
}

TEST(Gate, KnowsNothingElse) {
  for (const char* path :
       {"x", "../", "%2e%2e/", "page.css/", "lessons?x", "run", "run/", "run/0",
        "run/-1", "run/1x", "run/ 1", "run/1/2", "run/99999",
        "run/18446744073709551617", "events/"}) {
    EXPECT_EQ(look(asks("GET", path)).status, 404) << path;
    EXPECT_EQ(look(asks("POST", path)).status, 404) << path;
  }
}

TEST(Gate, WantsTheRightMethod) {
  for (const char* method : {"GET", "HEAD", "PUT", "OPTIONS", "post", ""}) {
    EXPECT_EQ(look(asks(method, "run/1")).status, 405) << method;
    EXPECT_EQ(look(asks(method, "end")).status, 405) << method;
  }
  for (const char* method : {"POST", "HEAD", "DELETE", "CONNECT", "get"}) {
    EXPECT_EQ(look(asks(method, "")).status, 405) << method;
    EXPECT_EQ(look(asks(method, "events")).status, 405) << method;
  }
}

TEST(Gate, ComparesWholeTexts) {
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
  EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_in_constant_time("abc", "xbc"));
  EXPECT_FALSE(equal_in_constant_time("abb", "abc"));  // one bit
  EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
  EXPECT_FALSE(equal_in_constant_time("ab", "abc"));
}

TEST(Gate, GuardsEveryAnswer) {
  WebAnswer answer;
  add_guards(answer);
  EXPECT_THAT(
      answer.fields,
      Contains(Pair("Content-Security-Policy",
                    HasSubstr("default-src 'none'; script-src 'self'"))));
  EXPECT_THAT(answer.fields,
              Contains(Pair("X-Content-Type-Options", "nosniff")));
  EXPECT_THAT(answer.fields, Contains(Pair("Cache-Control", "no-store")));
  EXPECT_THAT(answer.fields, Contains(Pair("Referrer-Policy", "no-referrer")));
  for (const auto& [name, value] : answer.fields) {
    EXPECT_EQ(value.find("unsafe"), value.npos) << name;
  }
}

}  // namespace
}  // namespace faultrig
