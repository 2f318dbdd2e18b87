// A connection to a resolver, cut into what is asked on it; what is none of DNS
// goes through, and nothing of it is lost.
#include "harness/run/dns_frames.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/dns_query.h"
#include "tests/unit/stream_between.h"

namespace faultrig {
namespace {

using std::chrono::nanoseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string framed(const std::string& message) {
  return std::string{static_cast<char>(message.size() >> 8U),
                     static_cast<char>(message.size())} +
         message;
}

std::vector<std::string> cut(const std::string& bytes, std::size_t piece) {
  DnsFrames frames(true);
  std::vector<std::string> out;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    frames.add(bytes.substr(at, piece));
    for (auto one = frames.next(); one; one = frames.next()) {
      out.push_back(one->bytes);
    }
  }
  return out;
}

TEST(DnsFrames, AreWholeHoweverTheyCome) {
  std::string first = framed(dns_query({"a", "test"}, 1));
  std::string second = framed(dns_query({"b"}, 28, true));
  for (std::size_t piece : {1U, 3U, 20U, 1000U}) {
    EXPECT_THAT(cut(first + second, piece), ElementsAre(first, second));
  }
}

// Nobody waits for the rest of a question that is none.
TEST(DnsFrames, ThatAreNoneGoOnAtOnce) {
  for (const char* text : {"GET / HTTP/1.1\r\n\r\n", "POST / HTTP/1.1\r\n",
                           "ping\n", "*1\r\n$4\r\nPING\r\n"}) {
    EXPECT_THAT(cut(text, 1000), ElementsAre(text));
  }
  std::string postgres("\0\0\0\x08\x04\xd2\x16\x2f", 8);
  EXPECT_THAT(cut(postgres, 1000), ElementsAre(postgres));
  std::string tls("\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03", 11);
  EXPECT_THAT(cut(tls, 1000), ElementsAre(tls));
  EXPECT_THAT(cut("\x01\x02GET /a HTTP/1.1", 100), SizeIs(1));
}

// An update (RFC 2136), and a question without a name (RFC 7873).
TEST(DnsFrames, HoldWhatElseIsAsked) {
  std::string update = dns_query({"a", "test"}, 6);
  update[2] = '\x28';
  std::string cookie("\x12\x34\x01\0\0\0\0\0\0\0\0\x01", 12);
  std::string query = dns_query({"b"}, 1);
  query.append(5000, '\0');
  for (const std::string& first : {update, cookie}) {
    EXPECT_THAT(cut(framed(first) + framed(query), 7),
                ElementsAre(framed(first), framed(query)));
  }
}

TEST(DnsFrames, KnowAMessageOfWhichAPartHasGone) {
  std::string query = framed(dns_query({"a", "test"}, 1));
  DnsFrames frames(true);
  frames.add(query.substr(0, 5));
  EXPECT_FALSE(frames.next());
  EXPECT_EQ(frames.let_go(), query.substr(0, 5));
  EXPECT_FALSE(frames.holds_back());
  frames.add(query.substr(5) + query);
  auto first = frames.next();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->bytes, query);
  EXPECT_EQ(first->gone, 5U);
  auto second = frames.next();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->gone, 0U);
}

// A stream, its two queues, and what was told. Its faults are about `a.test`.
struct Asked {
  explicit Asked(DnsAnswer answer = DnsAnswer::nxdomain)
      : book({fault(answer)}, Link::test, [this](const Observation& seen) {
          (seen.fact == Fact::path_unread ? doubts : effects)
              .push_back(seen.text);
        }) {}
  static DnsFault fault(DnsAnswer answer) {
    DnsFault out;
    out.fault = 0;
    out.peers = {"*.*:80"};
    out.name = "a.test";
    out.answer = answer;
    out.late = std::chrono::hours(1);
    return out;
  }
  void asks(const std::string& bytes) {
    stream.asked(bytes, now, resolver, workload);
  }
  void hears(const std::string& bytes) { stream.heard(bytes, now, workload); }
  auto let_go(DnsStream::Ends ends = {}) {
    return stream.let_go(now, ends, resolver, workload);
  }

  std::vector<std::string> effects;
  std::vector<std::string> doubts;
  DnsBook book;
  DnsStream stream{&book, {"127.0.0.1:80", 7}};
  ByteQueue resolver;
  ByteQueue workload;
  ByteQueue::Time now{};
};

const std::string kQuery = framed(dns_query({"a", "test"}, 1));
const std::string kOther = framed(dns_query({"b", "test"}, 1));

// An answer of ours comes between two of the resolver's, never within one.
TEST(DnsStream, AnswersBetweenAnswers) {
  Asked line;
  std::string told = framed("0123456789ab");
  line.asks(kOther);
  EXPECT_EQ(line.resolver.size(), kOther.size());
  line.hears(told.substr(0, 5));
  EXPECT_TRUE(line.workload.empty());
  line.asks(kQuery);
  EXPECT_EQ(line.workload.size(), kQuery.size());
  EXPECT_EQ(line.resolver.size(), kOther.size());
  line.hears(told.substr(5));
  EXPECT_EQ(line.workload.size(), kQuery.size() + told.size());
}

// A resolver that dies in the middle of an answer has said half of it.
TEST(DnsStream, GivesHalfAnAnswerAtItsEnd) {
  Asked line;
  line.asks(kOther);
  line.hears(framed("0123456789ab").substr(0, 5));
  (void)line.let_go();
  EXPECT_TRUE(line.workload.empty());
  (void)line.let_go({.resolver = true});
  EXPECT_EQ(line.workload.size(), 5U);
}

// As of SMTP. What looks like a question then is none of a resolver's.
TEST(DnsStream, LeavesAServerThatSpeaksFirstAlone) {
  Asked line;
  line.hears("220 well\r\n");
  EXPECT_EQ(line.workload.size(), 10U);
  line.asks(std::string("\0\x20", 2));
  EXPECT_EQ(line.resolver.size(), 2U);
  EXPECT_THAT(line.doubts, IsEmpty());
  Asked odd;
  odd.hears("220 well\r\n");
  odd.asks(kQuery);
  EXPECT_EQ(odd.resolver.size(), kQuery.size());
  EXPECT_THAT(odd.doubts, ElementsAre(HasSubstr("spoke before it was asked")));
}

TEST(DnsStream, WaitsForTheRestOfAQuestionForAMoment) {
  Asked line;
  line.asks(kQuery.substr(0, 2));
  auto due = line.let_go();
  ASSERT_TRUE(due);
  EXPECT_TRUE(line.resolver.empty());
  line.now = *due;
  EXPECT_FALSE(line.let_go());
  EXPECT_EQ(line.resolver.size(), 2U);
  EXPECT_THAT(line.doubts, IsEmpty());
  line.asks(kQuery.substr(2) + kOther);
  EXPECT_EQ(line.resolver.size(), kQuery.size() + kOther.size());
  EXPECT_THAT(line.doubts, ElementsAre(HasSubstr("too slowly")));
}

TEST(DnsStream, SeesWhatIsBehindWhatIsNoQuestion) {
  Asked line;
  std::string update = kOther;
  update[4] = '\x28';
  line.asks(update + kQuery);
  EXPECT_EQ(line.resolver.size(), update.size());
  EXPECT_EQ(line.workload.size(), kQuery.size());
  EXPECT_THAT(line.doubts, IsEmpty());
}

TEST(DnsStream, DoubtsWhatItCanNoLongerRead) {
  Asked line;
  line.asks(kOther + "no DNS at all");
  EXPECT_EQ(line.resolver.size(), kOther.size() + 13);
  EXPECT_THAT(line.doubts, ElementsAre(HasSubstr("no message of DNS")));
  Asked never;
  never.asks("GET / HTTP/1.1\r\n\r\n");
  EXPECT_THAT(never.doubts, IsEmpty());
}

// What is on its way has reached nobody.
TEST(DnsStream, TellsOfAnAnswerThatWasSent) {
  Asked line;
  line.asks(kQuery);
  line.stream.sent(line.resolver, line.workload);
  EXPECT_THAT(line.effects, IsEmpty());
}

DnsBook names_told_in(std::vector<std::string>& told) {
  return DnsBook(
      {Asked::fault(DnsAnswer::nxdomain)}, Link::command,
      [&told](const Observation& seen) { told.push_back(seen.text); });
}

TEST(ProxiedStream, TellsNoAnswerToANameThatAnotherFaultKeeps) {
  for (auto [mode, number] :
       {std::pair(DependencyMode::hang, 0), {DependencyMode::cut, 10}}) {
    std::vector<std::string> told;
    DnsBook names = names_told_in(told);
    StreamBetween line({broken_by(mode, number)}, &names);
    line.set_active(true);
    line.client_says(kQuery);
    EXPECT_LT(line.client_reads().size(), kQuery.size());
    EXPECT_THAT(told, IsEmpty());
    EXPECT_THAT(line.effects(), SizeIs(1));
    if (mode == DependencyMode::hang) {
      line.set_active(false);
      EXPECT_EQ(line.client_reads().size(), kQuery.size());
      EXPECT_THAT(told, ElementsAre(HasSubstr("answered with nxdomain")));
    }
  }
}

TEST(ProxiedStream, IsSlowBesideAFaultOfNames) {
  nanoseconds hour = std::chrono::hours(1);
  std::vector<std::string> told;
  DnsBook names = names_told_in(told);
  StreamBetween line({broken_by(DependencyMode::slow, hour.count())}, &names);
  line.set_active(true);
  line.client_says(kOther);
  EXPECT_EQ(line.server_reads(), kOther);
  line.server_says(kOther);
  EXPECT_EQ(line.client_reads(), "");
  EXPECT_THAT(line.effects(), ElementsAre(HasSubstr("was held back")));
  line.set_active(false);
  EXPECT_EQ(line.client_reads(), kOther);
}

}  // namespace
}  // namespace faultrig
