// What a message of DNS asks, and what is answered in a resolver's place.
#include "harness/run/dns_message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/os/socket_address.h"
#include "harness/run/dns_book.h"
#include "tests/unit/dns_query.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

DnsFault fault(DnsAnswer answer) {
  DnsFault out;
  out.fault = 0;
  out.peers = {"*.*:53"};
  out.answer = answer;
  return out;
}

std::string reply(const std::string& query, const DnsFault& how) {
  return dns_reply(query, dns_question(query).value(), how);
}

TEST(DnsMessage, AsksForANameAndAType) {
  auto asked = dns_question(dns_query({"Db", "Example", "org"}, 28));
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->name, "db.example.org");
  EXPECT_EQ(asked->text(), "db.example.org AAAA");
  EXPECT_FALSE(asked->extended);
  EXPECT_TRUE(dns_question(dns_query({"a"}, 1, true))->extended);
  EXPECT_EQ(dns_question(dns_query({}, 65280))->text(), ". TYPE65280");
}

// What a terminal would take for an order is written as in zone files.
TEST(DnsMessage, ShowsNoOddBytes) {
  EXPECT_EQ(dns_question(dns_query({"a\x1b[2J", "x.y"}, 1))->name,
            "a\\027[2j.x\\046y");
}

TEST(DnsMessage, ThatIsNoQuestionIsNone) {
  std::string query = dns_query({"a", "test"}, 1);
  EXPECT_FALSE(dns_question(""));
  EXPECT_FALSE(dns_question("GET / HTTP/1.1\r\n\r\n"));
  for (std::size_t size = 0; size < query.size(); ++size) {
    EXPECT_FALSE(dns_question(query.substr(0, size))) << size;
  }
  auto with = [&](std::size_t at, char byte) {
    std::string other = query;
    other[at] = byte;
    return dns_question(other).has_value();
  };
  EXPECT_TRUE(with(2, '\x01'));
  EXPECT_FALSE(with(2, '\x81')) << "an answer";
  EXPECT_FALSE(with(2, '\x29')) << "an update";
  EXPECT_FALSE(with(5, '\x02')) << "two questions";
  EXPECT_FALSE(with(query.size() - 1, '\x03')) << "of another class";
  EXPECT_FALSE(with(12, '\x7f')) << "a label that is too long";
}

TEST(DnsMessage, SaysWhatIsSo) {
  std::string query = dns_query({"a"}, 1);
  for (DnsAnswer good : {DnsAnswer::nxdomain, DnsAnswer::empty}) {
    EXPECT_TRUE(is_good_dns_answer(reply(query, fault(good))));
  }
  for (DnsAnswer bad :
       {DnsAnswer::servfail, DnsAnswer::refused, DnsAnswer::truncated}) {
    EXPECT_FALSE(is_good_dns_answer(reply(query, fault(bad))));
  }
  EXPECT_FALSE(is_good_dns_answer("\x12\x34\x81"));
}

TEST(DnsMessage, IsAnsweredWithACode) {
  std::string query = dns_query({"a", "test"}, 1);
  std::string answer = reply(query, fault(DnsAnswer::nxdomain));
  EXPECT_EQ(answer.size(), query.size());
  EXPECT_EQ(answer.substr(0, 2), query.substr(0, 2));
  EXPECT_EQ(answer.substr(2, 2), "\x81\x83");
  EXPECT_EQ(answer.substr(12), query.substr(12));
  EXPECT_EQ(reply(query, fault(DnsAnswer::empty))[3], '\x80');
  EXPECT_EQ(reply(query, fault(DnsAnswer::servfail))[3], '\x82');
  EXPECT_EQ(reply(query, fault(DnsAnswer::refused))[3], '\x85');
  EXPECT_EQ(reply(query, fault(DnsAnswer::truncated))[2], '\x83');
  EXPECT_THAT(reply(query, fault(DnsAnswer::none)), IsEmpty());
}

TEST(DnsMessage, IsAnsweredWithAnAddressOfItsFamily) {
  DnsFault four = fault(DnsAnswer::address);
  four.address = address_bytes("192.0.2.9");
  std::string query = dns_query({"a", "test"}, 1);
  std::string answer = reply(query, four);
  ASSERT_EQ(answer.size(), query.size() + 16);
  EXPECT_EQ(answer[7], '\1');
  EXPECT_EQ(answer.substr(answer.size() - 4), four.address);
  std::string six = reply(dns_query({"a", "test"}, 28), four);
  EXPECT_EQ(six[7], '\0');
  EXPECT_THAT(address_bytes("2001:db8::1"), SizeIs(16));
  EXPECT_THAT(address_bytes("1.2.3"), IsEmpty());
}

TEST(DnsMessage, IsAnsweredInEdnsWhereItSpeaksIt) {
  std::string query = dns_query({"a"}, 1, true);
  std::string answer = reply(query, fault(DnsAnswer::servfail));
  EXPECT_EQ(answer[11], '\1');
  EXPECT_EQ(answer.size(), query.size());
}

TEST(DnsFault, IsAboutANameAndAType) {
  DnsFault what = fault(DnsAnswer::nxdomain);
  what.name = "*.example.org";
  EXPECT_TRUE(what.is_about({"db.example.org", 1}, false));
  EXPECT_FALSE(what.is_about({"example.org", 1}, false));
  EXPECT_FALSE(what.is_about({"db.example.org.corp", 1}, false));
  what.type = kDnsTypeAaaa;
  EXPECT_FALSE(what.is_about({"db.example.org", 1}, false));
  EXPECT_TRUE(what.is_about({"db.example.org", 28}, false));
  DnsFault cut = fault(DnsAnswer::truncated);
  EXPECT_TRUE(cut.is_about({"a", 1}, false));
  EXPECT_FALSE(cut.is_about({"a", 1}, true));
  DnsFault lies = fault(DnsAnswer::address);
  EXPECT_FALSE(lies.is_about({"a", 15}, false));
}

TEST(DnsBook, CountsQuestions) {
  DnsFault two = fault(DnsAnswer::servfail);
  two.first = 2;
  std::vector<std::string> told;
  DnsBook book({two}, Link::test,
               [&](Observation seen) { told.push_back(seen.text); });
  std::string query = dns_query({"a", "test"}, 1);
  auto fate = [&](const std::string& to) {
    DnsFate met = book.meet(query, {to, 7});
    book.done(met);
    book.done(met);  // once is enough
    return met.what;
  };
  EXPECT_EQ(fate("127.0.0.1:54"), DnsFate::What::passed);
  EXPECT_EQ(fate("127.0.0.1:53"), DnsFate::What::answered);
  book.select(0, false);
  EXPECT_EQ(fate("127.0.0.1:53"), DnsFate::What::passed);
  EXPECT_FALSE(book.would_meet(query, {"127.0.0.1:53", 7}));
  book.select(0, true);
  EXPECT_TRUE(book.would_meet(query, {"127.0.0.1:53", 7}));
  EXPECT_EQ(fate("127.0.0.1:53"), DnsFate::What::answered);
  EXPECT_EQ(fate("127.0.0.1:53"), DnsFate::What::passed);
  EXPECT_THAT(told, SizeIs(2));
  EXPECT_EQ(told[0],
            "the question a.test A to 127.0.0.1:53 was answered with servfail");
}

TEST(DnsBook, TellsWhatWasAnswered) {
  DnsFault lies = fault(DnsAnswer::address);
  lies.address = address_bytes("192.0.2.9");
  std::vector<std::string> told;
  DnsBook book({lies}, Link::test,
               [&](Observation seen) { told.push_back(seen.text); });
  for (int type : {1, 28}) {
    book.done(book.meet(dns_query({"a", "test"}, type), {"127.0.0.1:53", 7}));
  }
  EXPECT_THAT(
      told,
      ElementsAre(HasSubstr("a.test A to 127.0.0.1:53 was answered with an "),
                  HasSubstr("answered with no address of its family")));
}

TEST(DnsBook, TellsHowLongItHasHeldBack) {
  DnsFault late = fault(DnsAnswer::late);
  late.late = std::chrono::seconds(3);
  std::vector<std::string> told;
  DnsBook book({late}, Link::test,
               [&](Observation seen) { told.push_back(seen.text); });
  auto meet = [&] {
    return book.meet(dns_query({"a", "test"}, 1), {"127.0.0.1:53", 7});
  };
  DnsFate first = meet();
  EXPECT_EQ(first.late, late.late);
  DnsFate second = meet();
  (void)meet();  // its asker has gone
  EXPECT_THAT(told, IsEmpty());
  book.done(first);
  EXPECT_THAT(told, ElementsAre(HasSubstr("was held back for 3s")));
  book.select(0, false);
  EXPECT_THAT(told,
              ElementsAre(HasSubstr("for 3s"),
                          HasSubstr("was held back until the fault ended")));
  book.done(second);
  book.select(0, true);
  DnsFate third = meet();
  book.last_look();
  ASSERT_THAT(told, SizeIs(3));
  EXPECT_THAT(told[2], HasSubstr("was held back until the workload ended"));
}

TEST(DnsBook, SaysWhatCannotBeTold) {
  std::vector<Observation> told;
  DnsBook book({fault(DnsAnswer::servfail)}, Link::test,
               [&](Observation seen) { told.push_back(std::move(seen)); });
  book.doubt({"127.0.0.1:53", 7}, "a question", "it was lost");
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_EQ(told[0].fact, Fact::path_unread);
  EXPECT_EQ(told[0].fault, 0);
  EXPECT_EQ(told[0].pid, 7);
  EXPECT_EQ(told[0].text, "it was lost");
}

// Once each: who waits for another name learns which ones came.
TEST(DnsBook, TellsWhatItWasNotAskedFor) {
  DnsFault other = fault(DnsAnswer::servfail);
  other.name = "b.test";
  std::vector<std::string> told;
  DnsBook book({other}, Link::test, [&](Observation seen) {
    EXPECT_EQ(seen.fact, Fact::name_asked);
    told.push_back(seen.text);
  });
  for (int type : {1, 28, 1}) {
    (void)book.meet(dns_query({"a", "test"}, type), {"127.0.0.1:53", 7});
  }
  EXPECT_THAT(told, ElementsAre("a.test A", "a.test AAAA"));
}

}  // namespace
}  // namespace faultrig
