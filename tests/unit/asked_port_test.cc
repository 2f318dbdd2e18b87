// Which of several ports each try of a shutdown map asks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/shutdown_rig.h"

namespace faultrig {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;
using End = StopOutcome::End;

Recording listening(const std::string& addresses, std::int64_t port,
                    const std::string& how = "http") {
  Recording out = start(how);
  out.shown_by = addresses;
  out.port = port;
  return out;
}

const std::string kBoth = "127.0.0.1:40000, [::1]:8080, 127.0.0.1:8080";

std::int64_t asked(const Recording& recording, const std::string& url = "",
                   const std::string& word = "") {
  ShutdownAsk ask;
  ask.asked.command = {"./server", word};
  ask.url = url;
  return asked_port(ask, recording).port;
}

TEST(AskedPort, IsTheOneThatIsTheSameInEachTry) {
  EXPECT_EQ(asked(listening(kBoth, 8080)), 8080);
  EXPECT_EQ(asked(listening(kBoth, 40000)), 8080);
  EXPECT_EQ(asked(listening(kBoth, 40000), "", "--port=40000"), 40000);
  EXPECT_EQ(asked(listening(kBoth, 40000), "", "--id=140000"), 8080);
  EXPECT_EQ(asked(listening("127.0.0.1:9001, 127.0.0.1:8080", 9001)), 9001);
  EXPECT_EQ(asked(listening(kBoth, 8080), "http:///slow"), 8080);
}

TEST(AskedPort, IsNotNamedWhereThereIsNoChoiceOrNoneStays) {
  EXPECT_EQ(asked(listening("127.0.0.1:8080", 8080)), 0);
  EXPECT_EQ(asked(listening("127.0.0.1:40000, 127.0.0.1:40001", 40001)), 0);
  EXPECT_EQ(asked(listening(kBoth, 8080), ":40000/slow"), 0);
  EXPECT_EQ(asked(listening(kBoth, 40000, "")), 0);
}

TEST(AskedPort, StandsInTheUrl) {
  EXPECT_EQ(at_port("", 8080), ":8080/");
  EXPECT_EQ(at_port("/slow", 8080), ":8080/slow");
  EXPECT_EQ(at_port("https:///slow", 8443), "https://:8443/slow");
  EXPECT_EQ(at_port("http:///slow", 8080), ":8080/slow");
  EXPECT_EQ(at_port("https://localhost:1/", 8443), "https://localhost:1/");
  EXPECT_EQ(at_port("https://localhost/", 8443), "https://localhost/");
  EXPECT_EQ(at_port("/slow", 0), "/slow");
}

class AskedPorts : public Shutdowns {
 protected:
  // What is asked for in the runs that ask for something.
  std::vector<std::string> loads(const Recording& recording) {
    ShutdownSource source(ask, sink);
    std::vector<std::string> found;
    for (const std::string& yaml : done(
             source, [](const auto&) { return StopOutcome{End::exited}; },
             recording)) {
      std::size_t at = yaml.find("get: ");
      if (at != std::string::npos) {
        found.push_back(yaml.substr(at, yaml.find('\n', at) - at));
      }
    }
    map_ = source.map(false);
    return found;
  }
  ShutdownMap map_;
};

TEST_F(AskedPorts, AreTheSameInEachTry) {
  ask.url = "/slow";
  EXPECT_THAT(loads(listening(kBoth, 8080)), Each(HasSubstr(":8080/slow")));
  EXPECT_THAT(map_.remarks, Contains("port 40000 was not asked"));
}

// Of two that answer, the one that opened first is ready first.
TEST_F(AskedPorts, AreTriedWhereAnotherOneWasReadyFirst) {
  unasked = [](const auto&) { return ""; };
  EXPECT_THAT(loads(listening(kBoth, 40000)), Each(HasSubstr(":8080/")));
  EXPECT_EQ(map_.golden.port, 8080);
  unasked = [](const auto&) { return "it answers no HTTP"; };
  std::vector<std::string> all = loads(listening(kBoth, 40000));
  EXPECT_THAT(all.front(), HasSubstr(":8080/"));
  all.erase(all.begin());
  EXPECT_THAT(all, Each(Not(HasSubstr(":8080"))));
  EXPECT_EQ(map_.golden.port, 40000);
}

}  // namespace
}  // namespace faultrig
