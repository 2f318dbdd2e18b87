// Which addresses a dependency has, and who meets its faults.
#include "harness/model/dependency.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/run/dependency_book.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

bool is_at(const std::string& to, const std::string& address) {
  Dependency what;
  what.peers = dependency_peers(to);
  return what.is_at(address);
}

TEST(DependencyAddress, IsAHostAndItsPort) {
  EXPECT_TRUE(is_at("10.1.2.3:5432", "10.1.2.3:5432"));
  EXPECT_FALSE(is_at("10.1.2.3:5432", "10.1.2.3:54321"));
  EXPECT_FALSE(is_at("10.1.2.3:5432", "110.1.2.3:5432"));
  EXPECT_TRUE(is_at("[fd00::1]:5432", "[fd00::1]:5432"));
  EXPECT_TRUE(is_at("10.*:5432", "10.1.2.3:5432"));
  EXPECT_TRUE(is_at("127.0.0.1:*", "127.0.0.1:40000"));
}

TEST(DependencyAddress, IsAPortOfAnyHost) {
  EXPECT_TRUE(is_at("5432", "10.1.2.3:5432"));
  EXPECT_TRUE(is_at("5432", "[::1]:5432"));
  EXPECT_FALSE(is_at("5432", "10.1.2.3:15432"));
  EXPECT_FALSE(is_at("5432", "/run/a.b:5432"));
  EXPECT_FALSE(is_at("5432", "@a.b:5432"));
}

TEST(DependencyAddress, OfLocalhostAreTwo) {
  EXPECT_TRUE(is_at("localhost:80", "127.0.0.1:80"));
  EXPECT_TRUE(is_at("localhost:80", "[::1]:80"));
}

TEST(DependencyAddress, IsAPathOrANameWithoutAFile) {
  EXPECT_TRUE(is_at("/run/db.sock", "/run/db.sock"));
  EXPECT_TRUE(is_at("/run/*", "/run/db.sock"));
  EXPECT_TRUE(is_at("@db", "@db"));
}

TEST(DependencyAddress, IsNoNameOfAHost) {
  for (const char* to : {"db.example:5432", "db", "0", "65536", "127.0.0.1",
                         "127.0.0.1:", ":80", "127.0.0.1:http", "[]:80"}) {
    EXPECT_THAT(dependency_peers(to), IsEmpty()) << to;
  }
}

// What no address and no name is like would never match.
TEST(DependencyAddress, IsWrittenAsTheKernelHasIt) {
  for (const char* to : {"05432",
                         "127.0.0.1:05432",
                         "http://127.0.0.1:80/",
                         "tcp://a",
                         "unix:/run/x",
                         "./x.sock",
                         "run/x.sock",
                         "/run//x.sock",
                         "/run/../x.sock",
                         "/run/x/",
                         "/run/.",
                         "999.1.1.1:80",
                         "1.2.3:80",
                         "1.2.3.04:80",
                         "[0:0:0:0:0:0:0:1]:80",
                         "[::ffff:127.0.0.1]:80",
                         "[1::2::3]:80",
                         "[::01]:80",
                         "[1:2:3]:80",
                         "@",
                         "/"}) {
    EXPECT_THAT(dependency_peers(to), IsEmpty()) << to;
  }
  for (const char* to : {"[::1]:80", "[1:2:3:4:5:6:7:8]:80", "[fe80::1]:80",
                         "[fd*]:80", "*:80", "10.*:80", "127.0.0.?:80",
                         "0.0.0.0:80", "*/x.sock", "/run/..x", "@a//b"}) {
    EXPECT_THAT(dependency_peers(to), SizeIs(1)) << to;
  }
}

Dependency refusing(std::int64_t first, std::int64_t most) {
  Dependency what;
  what.fault = 3;
  what.peers = dependency_peers("80");
  what.first = first;
  what.most = most;
  return what;
}

// What came of so many connections: r, refused; -, not.
std::string refused_of(Dependency what, int connections) {
  int told = 0;
  DependencyBook book({std::move(what)}, Link::test,
                      [&](const Observation& seen) {
                        EXPECT_EQ(seen.fact, Fact::fault_activated);
                        EXPECT_EQ(seen.fault, 3);
                        ++told;
                      });
  std::string out;
  int met = 0;
  for (int i = 0; i < connections; ++i) {
    DependencyUse use{"127.0.0.1:80", 1, book.at("127.0.0.1:80"), {}};
    auto fault = book.next(use, DependencyMode::refuse);
    out += fault ? "r" : "-";
    if (fault) {
      book.meet(use, *fault, "refused");
      book.meet(use, *fault, "told once");
      ++met;
    }
  }
  EXPECT_EQ(told, met);
  return out;
}

TEST(DependencyBook, CountsConnectionsAndEffects) {
  EXPECT_EQ(refused_of(refusing(0, 0), 3), "rrr");
  EXPECT_EQ(refused_of(refusing(2, 0), 3), "rr-");
  EXPECT_EQ(refused_of(refusing(0, 1), 3), "r--");
}

TEST(DependencyBook, HasNothingForOtherAddresses) {
  DependencyBook book({refusing(0, 0)}, Link::test, [](const Observation&) {});
  EXPECT_THAT(book.at("127.0.0.1:81"), IsEmpty());
  EXPECT_THAT(book.at("127.0.0.1:80"), ElementsAre(0U));
}

TEST(DependencyBook, LetsGoWhenAFaultHasEnded) {
  DependencyBook book({refusing(0, 0)}, Link::test, [](const Observation&) {});
  DependencyUse use{"127.0.0.1:80", 1, book.at("127.0.0.1:80"), {}};
  book.meet(use, 0, "refused");
  EXPECT_TRUE(book.next(use, DependencyMode::refuse));
  EXPECT_FALSE(book.next(use, DependencyMode::hang));
  book.select(2, false);
  EXPECT_TRUE(book.next(use, DependencyMode::refuse));
  book.select(3, false);
  EXPECT_FALSE(book.next(use, DependencyMode::refuse));
}

// A connection that stays has many requests.
TEST(DependencyBook, CountsEachRequestThatIsAnswered) {
  Dependency what = refusing(1, 2);
  what.mode = DependencyMode::answer;
  int told = 0;
  DependencyBook book({what}, Link::test, [&](const Observation&) { ++told; });
  DependencyUse use{"127.0.0.1:80", 1, book.at("127.0.0.1:80"), {}};
  DependencyUse other = use;
  while (auto fault = book.next(use, DependencyMode::answer)) {
    EXPECT_TRUE(told == 0 || !book.next(other, DependencyMode::answer));
    book.meet(use, *fault, "answered");
  }
  EXPECT_EQ(told, 2);
}

}  // namespace
}  // namespace faultrig
