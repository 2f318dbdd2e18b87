#include "harness/base/text.h"

#include <set>

#include <gtest/gtest.h>

#include "harness/base/go_heading.h"
#include "harness/base/typed_word.h"

namespace faultrig {
namespace {

constexpr const char* kReplacement = "\xEF\xBF\xBD";

TEST(Text, KnowsWellFormedUtf8) {
  EXPECT_TRUE(is_valid_utf8(""));
  EXPECT_TRUE(is_valid_utf8("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"));
  EXPECT_TRUE(is_valid_utf8(std::string_view("\0", 1)));
}

TEST(Text, KnowsMalformedUtf8) {
  for (const char* text :
       {"\x80", "\xC0\xAF", "\xC3", "\xE0\x80\x80", "\xED\xA0\x80",
        "\xF4\x90\x80\x80", "\xF5", "\xFF", "\xE2\x82"}) {
    EXPECT_FALSE(is_valid_utf8(text)) << for_one_line(text);
  }
}

TEST(Text, ReplacesBadBytesOneByOne) {
  EXPECT_EQ(valid_utf8("a\xFFz"), std::string("a") + kReplacement + "z");
  EXPECT_EQ(valid_utf8("\xE2\x82"), std::string(kReplacement) + kReplacement);
  EXPECT_EQ(valid_utf8("\xC3\xA9"), "\xC3\xA9");
}

TEST(Text, NoControlCharacterReachesATerminal) {
  EXPECT_EQ(for_terminal("\x1b[31mred\x07"), "\\x1b[31mred\\x07");
  EXPECT_EQ(for_terminal("\x7f"), "\\x7f");
  EXPECT_EQ(for_terminal("\xC2\x9B"), "\\x9b");
  EXPECT_EQ(for_terminal("a\tb\n"), "a\tb\n");
  EXPECT_EQ(for_terminal("\r"), "\\x0d");
}

TEST(Text, NothingUnseenReachesATerminal) {
  EXPECT_EQ(for_terminal("a\xE2\x80\xAE"
                         "b"),
            "a\\u202eb");                                      // turns around
  EXPECT_EQ(for_terminal("\xE2\x81\xA6"), "\\u2066");          // the same
  EXPECT_EQ(for_terminal("\xE2\x80\x8B"), "\\u200b");          // no width
  EXPECT_EQ(for_terminal("\xE2\x80\xA8"), "\\u2028");          // ends a line
  EXPECT_EQ(for_terminal("\xEF\xBB\xBF"), "\\ufeff");          // a BOM
  EXPECT_EQ(for_terminal("\xC2\xAD"), "\\xad");                // a soft hyphen
  EXPECT_EQ(for_terminal("\xF3\xA0\x81\x81"), "\\U000e0041");  // a tag
  EXPECT_EQ(for_terminal("\xD7\xA9 \xE4\xB8\xAD"), "\xD7\xA9 \xE4\xB8\xAD");
}

TEST(Text, JsonKeepsItsValueAndShowsAll) {
  EXPECT_EQ(for_json("{\"a\": \"\xE2\x80\xAE\x7F\xC2\x9B\"}"),
            "{\"a\": \"\\u202e\\u007f\\u009b\"}");
  EXPECT_EQ(for_json("\"\xF3\xA0\x81\x81\""), "\"\\udb40\\udc41\"");
  EXPECT_EQ(for_json("\"\xC3\xA9\n\""), "\"\xC3\xA9\n\"");
}

TEST(Text, OneLineHasNoLineEnds) {
  EXPECT_EQ(for_one_line("a\tb\nc"), "a\\tb\\nc");
}

TEST(Text, SplitsIntoLinesWithoutTheirEnds) {
  using Lines = std::vector<std::string_view>;
  EXPECT_EQ(lines_of("a\nb\r\nc"), (Lines{"a", "b", "c"}));
  EXPECT_EQ(lines_of("a\n\n"), (Lines{"a", ""}));
  EXPECT_EQ(lines_of(""), Lines{});
}

TEST(Text, JoinsWithWhatStandsBetween) {
  EXPECT_EQ(join({"a", "b", "c"}, ", "), "a, b, c");
  EXPECT_EQ(join({"a"}, ", "), "a");
  EXPECT_EQ(join({}, ", "), "");
}

TEST(Text, GlobsMatchAcrossSlashes) {
  EXPECT_TRUE(glob_match("/etc/*", "/etc/a/b"));
  EXPECT_TRUE(glob_match("*.conf", "/etc/x.conf"));
  EXPECT_TRUE(glob_match("a?c", "abc"));
  EXPECT_TRUE(glob_match("**", ""));
  EXPECT_FALSE(glob_match("a?c", "ac"));
  EXPECT_FALSE(glob_match("/etc", "/etc/a"));
  EXPECT_FALSE(glob_match("", "a"));
}

TEST(Text, GlobsKnowSets) {
  EXPECT_TRUE(glob_match("[a-c]x", "bx"));
  EXPECT_FALSE(glob_match("[!a-c]x", "bx"));
  EXPECT_TRUE(glob_match("[]]", "]"));
  EXPECT_TRUE(glob_match("[a", "[a"));
  EXPECT_TRUE(glob_match("\\*", "*"));
  EXPECT_FALSE(glob_match("\\*", "x"));
}

TEST(Text, GlobsWithManyStarsEndSoon) {
  std::string glob;
  for (int i = 0; i < 50; ++i) {
    glob += "*a";
  }
  EXPECT_FALSE(glob_match(glob, std::string(10000, 'a') + "b"));
}

TEST(Text, NormalPathsHaveNoDetours) {
  EXPECT_EQ(normal_path("/a//b/./c/../d/"), "/a/b/d");
  EXPECT_EQ(normal_path("/"), "/");
  EXPECT_EQ(normal_path("/.."), "/");
}

TEST(Text, QuotesForTheShellOnlyWhereNeeded) {
  EXPECT_EQ(shell_quote("a/b-c.d"), "a/b-c.d");
  EXPECT_EQ(shell_quote(""), "''");
  EXPECT_EQ(shell_quote("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_quote("$x"), "'$x'");
  EXPECT_EQ(typed_word("a b"), "'a b'");
  EXPECT_EQ(typed_word("a\nb\t'\\\xff"), "$'a\\x0ab\\x09\\'\\\\\\xff'");
  EXPECT_EQ(shell_line({"go", "test", "-run", "A B"}), "go test -run 'A B'");
}

TEST(Text, MixedNumbersAreTheSameEverywhere) {
  EXPECT_EQ(mixed(0, 0), 0xE220A8397B1DCDAFULL);  // splitmix64's first output
  std::set<std::uint64_t> seen;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    seen.insert(mixed(7, i));
  }
  EXPECT_EQ(seen.size(), 1000U);
}

TEST(GoHeading, IsNotQuotedWhileAnotherLineSaysMore) {
  EXPECT_EQ(first_telling_line("# ./store\nstat /m/store: directory not found\n"
                               "FAIL\t./store [setup failed]\nFAIL\n"),
            "stat /m/store: directory not found");
  EXPECT_EQ(first_telling_line("# m/x\n# [m/x]\n\t./x.go:3:\tvet: no\n"),
            "./x.go:3: vet: no");
  EXPECT_EQ(first_telling_line("\nFAIL\t./store [setup failed]\nFAIL\n"),
            "FAIL ./store [setup failed]");
  EXPECT_EQ(first_telling_line("--- FAIL: TestA (0.00s)\nFAIL\n"),
            "--- FAIL: TestA (0.00s)");
  EXPECT_EQ(first_telling_line(" \n\n"), "");
}

}  // namespace
}  // namespace faultrig
