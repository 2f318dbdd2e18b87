// `observe: spans`: the receiver, from the side of those that send to it, and
// what a run makes of what came.
#include <poll.h>

#include <chrono>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/run/span_receiver.h"
#include "tests/injectors/rig.h"
#include "tests/kernel/web_client.h"
#include "tests/kernel/witness_rig.h"
#include "tests/unit/span_image.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int kAtMost = 60'000;  // milliseconds: a bound against hanging

// A receiver, and all that it has told so far.
class Receiver {
 public:
  Receiver() : receiver_(SpanReceiver::start(0, {}).value()) {
    while (port_ == 0 && read()) {
    }
  }

  WebClient connection() const { return WebClient(port_); }

  // What is answered up to the end of the connection.
  std::string asked(const std::string& bytes) const {
    WebClient made = connection();
    made.say(bytes);
    made.say_no_more();
    return made.rest();
  }

  void finish(std::chrono::nanoseconds wait) {
    receiver_.finish(wait);
    while (!done_ && read()) {
    }
  }

  std::vector<std::string> names;   // of spans
  std::vector<std::string> missed;  // why

 private:
  // False: nothing more comes.
  bool read() {
    pollfd look{receiver_.fd(), POLLIN, 0};
    EXPECT_EQ(poll(&look, 1, kAtMost), 1);
    auto news = receiver_.news();
    for (const SpanNews& one : news.value_or({})) {
      if (const auto* ready = std::get_if<ReceiverReady>(&one)) {
        port_ = ready->port;
      } else if (const auto* came = std::get_if<SpansCame>(&one)) {
        for (const Span& span : came->spans) {
          names.push_back(span.name);
        }
      } else if (const auto* lost = std::get_if<SpansMissed>(&one)) {
        missed.push_back(lost->why);
      } else {
        done_ = true;
      }
    }
    return look.revents != 0 && news && !receiver_.is_over();
  }

  SpanReceiver receiver_;
  int port_ = 0;
  bool done_ = false;
};

std::string post(const std::string& body,
                 const std::string& path = "/v1/traces") {
  return "POST " + path +
         " HTTP/1.1\r\nContent-Type: application/x-protobuf\r\n"
         "Content-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

TEST(Spans, AreReceivedOneBehindTheOther) {
  SpanImage one;
  one.name = "one";
  SpanImage two;
  two.name = "two";
  Receiver receiver;
  std::string answers = receiver.asked(post(one.file()) + post(two.file()) +
                                       post("x", "/v1/metrics"));
  EXPECT_THAT(answers, HasSubstr("200 OK"));
  receiver.finish(std::chrono::hours(1));
  EXPECT_THAT(receiver.names, ElementsAre("one", "two"));
  EXPECT_THAT(receiver.missed, IsEmpty());
}

TEST(Spans, ThatCameAsTheWorkloadEndedAreReadFirst) {
  Receiver receiver;
  receiver.connection().say(post(SpanImage().file()));
  receiver.finish(std::chrono::hours(1));
  EXPECT_THAT(receiver.names, ElementsAre("GET /"));
}

TEST(Spans, ThatAreHalfSentOrMakeNoSenseAreTold) {
  Receiver receiver;
  std::string half = post(SpanImage().file());
  half.pop_back();
  (void)receiver.asked(half);
  EXPECT_THAT(receiver.asked(post("\x0a\x7f")), HasSubstr("400"));
  EXPECT_THAT(receiver.asked("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
              HasSubstr("505"));
  SpanImage backward;
  backward.end = 1;
  EXPECT_THAT(receiver.asked(post(backward.file())), HasSubstr("200"));
  receiver.finish(std::chrono::hours(1));
  EXPECT_THAT(receiver.names, IsEmpty());
  EXPECT_THAT(receiver.missed,
              ElementsAre("a request ended early", HasSubstr("no protobuf"),
                          HasSubstr("http/protobuf"),
                          "their ids or times make no sense"));
}

TEST(Spans, AreNotWaitedForWithoutAnEnd) {
  Receiver receiver;
  WebClient open = receiver.connection();
  open.say("POST");
  receiver.finish(std::chrono::milliseconds(1));
  EXPECT_THAT(receiver.missed, testing::SizeIs(testing::Le(1)));
}

TEST(Spans, ThatArePostedElsewhereAreTold) {
  Receiver receiver;
  std::string body = SpanImage().file();
  EXPECT_THAT(receiver.asked(post(body, "/")), HasSubstr("404"));
  EXPECT_THAT(receiver.asked("PUT" + post(body).substr(4)), HasSubstr("405"));
  EXPECT_THAT(receiver.asked("GET / HTTP/1.1\r\n\r\n"), HasSubstr("404"));
  receiver.finish(std::chrono::hours(1));
  EXPECT_THAT(receiver.missed,
              ElementsAre(HasSubstr("with 404"), HasSubstr("with 405")));
}

TEST(Spans, BehindALastRequestAreTold) {
  Receiver receiver;
  std::string last = post(SpanImage().file());
  last.insert(last.find("Content-Type"), "Connection: close\r\n");
  (void)receiver.asked(last + post("x"));
  receiver.finish(std::chrono::hours(1));
  EXPECT_THAT(receiver.names, ElementsAre("GET /"));
  EXPECT_THAT(receiver.missed, ElementsAre(HasSubstr("was not read")));
}

TEST(Spans, OfAConnectionThatWasResetMayBeLost) {
  Receiver receiver;
  receiver.connection().reset();
  receiver.finish(std::chrono::hours(1));
  EXPECT_THAT(receiver.missed, ElementsAre("a connection was reset"));
}

std::string exports(const std::string& test) {
  return go_test_of("exports", test) + "observe:\n  - spans: {}\n";
}

std::string names_of(const Evidence& evidence, Fact fact) {
  std::string out;
  for (const Observation& seen : evidence.trace()) {
    out += seen.fact == fact ? seen.text + ";" : "";
  }
  return out;
}

const std::string kNoPrices =
    "faults:\n  - syscall: {call: openat, path: '*/prices', error: EIO}\n";

TEST(Spans, ThatAnExitTakesAlongLeaveOpenWhetherTheyWere) {
  std::string yaml =
      exports("TestExitsWithSpans") + kNoPrices +
      "expect:\n  - test: {exited: 3}\n  - spans: {name: first, count: 1}\n"
      "  - spans: {name: second, count: none}\n";
  SKIP_IF_MISSING(yaml);
  Rig::Told told = Rig::run_to(Verdict::inconclusive, yaml);
  EXPECT_EQ(names_of(*told.evidence, Fact::span), "first;");
  EXPECT_THAT(names_of(*told.evidence, Fact::spans_lost),
              HasSubstr("it exited 3"));
}

// Ours is no dependency of the workload's, whatever its address.
TEST(Spans, ComeThoughAllOfLoopbackIsRefused) {
  std::string yaml =
      exports("TestPlacesOrder") +
      "faults:\n  - dependency: {to: '127.0.0.1:*', does: refuse, "
      "optional: true}\n"
      "expect:\n  - test: {exited: 0}\n"
      "  - spans: {name: PlaceOrder, count: 1}\n";
  expect_pass(yaml);
}

TEST(Spans, ThatAFaultHasMetAreTold) {
  std::string yaml = exports("TestPlacesOrder") +
                     "faults:\n  - syscall: {call: connect, delay: 1ms}\n"
                     "expect:\n  - spans: {name: PlaceOrder, count: 1}\n";
  SKIP_IF_MISSING(yaml);
  Rig::Told told = Rig::run_to(Verdict::inconclusive, yaml);
  EXPECT_THAT(names_of(*told.evidence, Fact::spans_lost),
              HasSubstr("connect of the exporter's"));
}

TEST(Spans, ThatGoElsewhereAreTold) {
  std::string yaml =
      "workload:\n  command: [/bin/true]\n"
      "  env: {OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1'}\n"
      "observe:\n  - spans: {}\nexpect:\n  - spans: {name: x, count: none}\n";
  Rig::Told told = Rig::run_to(Verdict::inconclusive, yaml);
  EXPECT_EQ(names_of(*told.evidence, Fact::spans_lost),
            "they go elsewhere: OTEL_EXPORTER_OTLP_ENDPOINT is set already, "
            "to http://127.0.0.1:1;");
}

}  // namespace
}  // namespace faultrig
