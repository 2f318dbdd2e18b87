#include "harness/report/junit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/report/xml.h"

namespace faultrig {
namespace {

using Outcome = JunitCase::Outcome;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Xml, EscapesMarkup) {
  EXPECT_EQ(for_xml("a<b> & \"c\"\n"), "a&lt;b&gt; &amp; \"c\"\n");
  EXPECT_EQ(for_xml("\"\n\t", true), "&quot;&#10;&#9;");
  EXPECT_EQ(xml_attribute("name", "x\"y"), " name=\"x&quot;y\"");
}

TEST(Xml, ShowsControlCharactersAsText) {
  EXPECT_EQ(for_xml(std::string_view("\x1b[0m\x00\r", 6)),
            "\\x1b[0m\\x00\\x0d");
}

TEST(Xml, ReplacesWhatIsNoCharacter) {
  EXPECT_EQ(for_xml("a\xff"
                    "b"),
            "a\uFFFDb");
  EXPECT_EQ(for_xml("\xEF\xBF\xBF!\xEF\xBF\xBE"), "\uFFFD!\uFFFD");
  EXPECT_EQ(for_xml("\u4e16\U0001F600"), "\u4e16\U0001F600");
}

JunitSuite suite(const std::string& name, Outcome outcome) {
  JunitCase one;
  one.classname = "m/" + name;
  one.name = name + ".test";
  one.time = std::chrono::milliseconds(1500);
  one.outcome = outcome;
  one.message = outcome == Outcome::passed ? "" : "exited 3";
  return {one.classname, {one}};
}

TEST(Junit, GrowsSuiteBySuiteWithinARun) {
  std::string one = with_suite("", "5-9", suite("a", Outcome::passed));
  std::string two = with_suite(one, "5-9", suite("b", Outcome::failed));
  std::string three = with_suite(two, "5-9", suite("c", Outcome::error));
  EXPECT_THAT(three,
              HasSubstr("<testsuites tests=\"3\" failures=\"1\" errors=\"1\" "
                        "skipped=\"0\" time=\"4.500\">"));
  for (const char* name : {"a.test", "b.test", "c.test"}) {
    EXPECT_THAT(three, HasSubstr(name));
  }
}

TEST(Junit, StartsAnewForAnotherRun) {
  std::string old = with_suite("", "5-9", suite("a", Outcome::passed));
  std::string fresh = with_suite(old, "6-1", suite("b", Outcome::passed));
  EXPECT_THAT(fresh, HasSubstr("<testsuites tests=\"1\""));
  EXPECT_THAT(fresh, Not(HasSubstr("a.test")));
}

TEST(Junit, StartsAnewOverWhatItDidNotWrite) {
  std::string ours = with_suite("", "5-9", suite("a", Outcome::passed));
  for (const std::string& old :
       {std::string("<html>"), ours.substr(0, ours.size() / 2),
        ours + "<!-- edited -->", junit_text({suite("x", Outcome::passed)})}) {
    EXPECT_EQ(with_suite(old, "5-9", suite("a", Outcome::passed)), ours);
  }
}

TEST(Junit, KeepsTheEndOfALongOutput) {
  JunitSuite long_one = suite("a", Outcome::error);
  long_one.cases[0].out = "first" + std::string(100'000, 'x') + "last";
  std::string text = junit_text({long_one});
  EXPECT_LT(text.size(), 20'000U);
  EXPECT_THAT(text, HasSubstr("last</system-out>"));
  EXPECT_THAT(text, Not(HasSubstr("first")));
}

}  // namespace
}  // namespace faultrig
