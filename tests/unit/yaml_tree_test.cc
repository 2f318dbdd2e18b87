#include "harness/parse/yaml_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultrig {
namespace {

using ::testing::HasSubstr;
using Kind = YamlNode::Kind;

// All complaints about a text, as `line:column what`, one a line.
std::string complaints_of(std::string_view text) {
  Complaints complaints;
  read_yaml(text, complaints);
  std::string out;
  for (const Complaint& complaint : complaints.take()) {
    out += std::to_string(complaint.place.line) + ":" +
           std::to_string(complaint.place.column) + " " + complaint.what + "\n";
  }
  return out;
}

YamlNode tree_of(std::string_view text) {
  Complaints complaints;
  auto root = read_yaml(text, complaints);
  EXPECT_TRUE(complaints.empty()) << text;
  return root.value_or(YamlNode{});
}

TEST(YamlTree, KeepsKeysInOrderWithTheirPlaces) {
  YamlNode root = tree_of("# c\nb: 1\na:\n  - x\n  - {k: v}\n");
  ASSERT_EQ(root.children.size(), 2U);
  EXPECT_EQ(root.children[0].key, "b");
  EXPECT_EQ(root.children[0].spot.place.line, 2);
  EXPECT_EQ(root.children[0].spot.place.column, 4);
  const YamlNode& list = root.children[1];
  ASSERT_TRUE(list.is(Kind::list));
  EXPECT_EQ(list.key_spot.place.line, 3);
  EXPECT_EQ(child(list.children[1], "k")->scalar, "v");
  EXPECT_EQ(child(list.children[1], "z"), nullptr);
}

TEST(YamlTree, CountsColumnsInCharacters) {
  YamlNode root = tree_of("имя: {é: зн}\r\nb: 2\r\n");
  EXPECT_EQ(root.children[0].children[0].key_spot.place.column, 7);
  EXPECT_EQ(root.children[0].children[0].spot.place.column, 10);
  EXPECT_EQ(root.children[0].children[0].spot.width, 2);
  EXPECT_EQ(root.children[1].spot.place.line, 2);
}

TEST(YamlTree, AByteOrderMarkIsNoCharacter) {
  YamlNode root = tree_of(
      "\xEF\xBB\xBF"
      "a: b\n");
  EXPECT_EQ(root.children[0].key, "a");
  EXPECT_EQ(root.children[0].spot.place.column, 4);
}

TEST(YamlTree, TellsQuotedFromPlain) {
  YamlNode root = tree_of("a: 1\nb: '1'\nc: \"1\"\nd: |\n  1\n");
  EXPECT_TRUE(root.children[0].plain());
  EXPECT_TRUE(root.children[1].quoted);
  EXPECT_TRUE(root.children[2].quoted);
  EXPECT_TRUE(root.children[3].quoted);
  EXPECT_EQ(root.children[1].spot.width, 3);
}

TEST(YamlTree, PlacesAMissingValueAtItsKey) {
  YamlNode root = tree_of("workload:\nb: {c, d: }\ne: ~\n");
  EXPECT_TRUE(root.children[0].is(Kind::null));
  EXPECT_EQ(root.children[0].spot.place.line, 1);
  EXPECT_EQ(root.children[0].spot.width, 8);
  EXPECT_EQ(root.children[1].children[0].spot.place.column, 5);
  EXPECT_EQ(root.children[2].spot.place.column, 4);
}

TEST(YamlTree, PlacesAnEmptyElementAtItsDash) {
  YamlNode root = tree_of("a:\n  - x\n  -\n\n  # c\n  -   # d\nb: 1\n");
  const YamlNode& list = root.children[0];
  ASSERT_EQ(list.children.size(), 3U);
  EXPECT_EQ(list.children[1].spot.place.line, 3);
  EXPECT_EQ(list.children[1].spot.place.column, 3);
  EXPECT_EQ(list.children[2].spot.place.line, 6);
}

TEST(YamlTree, AFileWithoutContentIsNull) {
  for (const char* text : {"", "\n", "# only this\n", "---\n"}) {
    EXPECT_TRUE(tree_of(text).is(Kind::null)) << text;
  }
}

TEST(YamlTree, RefusesAKeyThatIsThereAlready) {
  EXPECT_EQ(complaints_of("a: 1\nb: {c: 1, c: 2}\na: 3\n"),
            "2:11 the key 'c' is there already\n"
            "3:1 the key 'a' is there already\n");
}

TEST(YamlTree, RefusesAnchorsAndAliasesAtTheirPlace) {
  EXPECT_EQ(complaints_of("a: &x 1\nb: *x\n"),
            "1:4 no anchors and aliases here: write the value out\n"
            "2:4 no anchors and aliases here: write the value out\n");
  EXPECT_EQ(complaints_of("a: *x\n"),
            "1:4 no anchors and aliases here: write the value out\n");
  EXPECT_NE(complaints_of("&a [*a]\n"), "");
}

TEST(YamlTree, RefusesMergeKeysAndTags) {
  EXPECT_EQ(complaints_of("a: {<<: {b: 1}}\n"),
            "1:5 no merge keys here: write the keys out\n");
  EXPECT_EQ(complaints_of("a: !!str 3\n"),
            "1:4 no tags here: a key says what its value is\n");
  EXPECT_EQ(complaints_of("a: !mine [1]\n"),
            "1:4 no tags here: a key says what its value is\n");
}

// What yaml-cpp stumbles over is told at its place, in our words.
TEST(YamlTree, TellsInItsOwnWordsWhatIsNoYaml) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"a: @b\n", "cannot begin with this character"},
      {"a: b: c\n", "a ':' cannot stand here"},
      {"a: ? b\n", "no key can stand here"},
      {"a: - b\n", "no '-' of a list can stand here"},
      {"a: b]\nc: ]\n", "this closes no '[' or '{'"},
      {"a: 1\n b: 2\n", "a ':' cannot stand here"},
      {"a: 1\n- b\n", "this is no part of the map"},
      {"a: [b\n", "a '[' above is not closed"},
      {"a: {b\n", "a '{' above is not closed"},
      {"a: \"\\q\"\n", "no such escape"},
      {"a: \"\\xzz\"\n", "needs hexadecimal digits"},
      {"a: \"\\ud800\"\n", "is no character of Unicode"},
      {"a: |0\n  b\n", "the indentation of a '|' or '>'"},
      {"a: | b\n  c\n", "nothing can stand behind a '|' or '>'"},
      {"a: *\n", "no anchors and aliases here"},
      {"a: &\n", "no anchors and aliases here"},
      {"a: *x y\n", "no anchors and aliases here"},
      {"a: &x &y b\n", "no anchors and aliases here"},
      {"a: !x!\n", "no tags here"},
      {"a: !<x\n", "no tags here"},
      {"a: !x !y b\n", "no tags here"},
      {"%YAML\n---\na: 1\n", "no directives (%) here"},
      {"%YAML x\n---\na: 1\n", "no directives (%) here"},
      {"%YAML 1.2\n%YAML 1.2\n---\na: 1\n", "no directives (%) here"},
      {"%TAG !\n---\na: 1\n", "no directives (%) here"},
  };
  for (const auto& [text, ours] : rows) {
    EXPECT_THAT(complaints_of(text), HasSubstr(ours)) << text;
  }
}

TEST(YamlTree, RefusesASecondDocument) {
  std::string what =
      "2:1 a second document: a scenario is one (check the indentation, or "
      "take '---' out)\n";
  EXPECT_EQ(complaints_of("a: 1\n---\nb: 2\n"), what);
  EXPECT_EQ(complaints_of("- a\nb: 1\n"), what);
  EXPECT_EQ(complaints_of("---\na: 1\n...\n"), "");
}

TEST(YamlTree, RefusesAQuoteThatIsNotClosedWhereItBegins) {
  EXPECT_EQ(complaints_of("a: \"foo\nb: 1\n"),
            "1:4 a quote that is not closed\n");
  EXPECT_EQ(complaints_of("a: [b, 'foo\nb: 1\n"),
            "1:8 a quote that is not closed\n");
  EXPECT_EQ(complaints_of("a: {x: 'it''s\n"),
            "1:8 a quote that is not closed\n");
  EXPECT_EQ(complaints_of("a: \"x\\\"\n"), "1:4 a quote that is not closed\n");
  EXPECT_EQ(complaints_of("a: 'it''s'\nb: \"x\\\\\"\nc: don't\n# it's\n"), "");
  EXPECT_EQ(complaints_of("a: |\n  'it is\n"), "");
}

TEST(YamlTree, RefusesBytesThatAreNoText) {
  EXPECT_EQ(complaints_of("a\xC3\xA9\xFF: 1"), "1:3 not UTF-8\n");
  EXPECT_EQ(complaints_of("a: 1\nb: \xEF\xBF"), "2:4 not UTF-8\n");
  EXPECT_EQ(complaints_of(std::string_view("a: \0b", 5)).substr(0, 23),
            "1:4 a control character");
  EXPECT_NE(complaints_of("a: \x1b[31m"), "");
  EXPECT_NE(complaints_of("a: \xC2\x85"), "");
  EXPECT_NE(complaints_of("a: b\rc: d"), "");
  EXPECT_EQ(complaints_of("a: \"x\\0\"\n"),
            "1:4 a NUL character cannot be in a text\n");
}

TEST(YamlTree, RefusesATabThatIndents) {
  EXPECT_EQ(complaints_of("a:\n\tb: 1\n"),
            "2:1 a tab cannot indent: use blanks\n");
  EXPECT_EQ(complaints_of("a:\n  - b: 1\n \tc: 2\n"),
            "3:2 a tab cannot indent: use blanks\n");
  EXPECT_EQ(complaints_of("a: {\n\tb: 1}\n"),
            "2:1 a tab cannot indent: use blanks\n");
  EXPECT_EQ(complaints_of("a: |\n  x\n  \ty\nb:\t1\n"), "");
}

TEST(YamlTree, RefusesWhatIsTooLargeOrTooDeep) {
  EXPECT_EQ(complaints_of(std::string((1 << 20) + 1, ' ')),
            "1:1 the file is larger than 1 MiB\n");
  EXPECT_EQ(complaints_of(std::string(64, '[') + std::string(64, ']')), "");
  EXPECT_EQ(complaints_of(std::string(65, '[') + std::string(65, ']')),
            "1:65 nested deeper than 64 levels\n");
  std::string wide = "[";
  for (int i = 0; i < 60000; ++i) {
    wide += "a,";
  }
  EXPECT_NE(complaints_of(wide + "]"), "");
}

TEST(YamlTree, SaysWhatIsNotYaml) {
  EXPECT_EQ(complaints_of("a: [1, 2\n"), "2:1 a '[' above is not closed\n");
  EXPECT_EQ(complaints_of("a: b: c\n").substr(0, 8), "1:5 a ':");
  EXPECT_EQ(complaints_of("a: %file\n"),
            "1:4 a text cannot begin with this character: put it in quotes\n");
  EXPECT_EQ(complaints_of("? [a]\n: b\n"), "1:3 a key must be a text\n");
}

TEST(YamlTree, WritesAClauseOnOneLine) {
  YamlNode root =
      tree_of("test:\n  killed_by: SIGKILL\n  in: ['a b', c]\n  n: ~\n");
  EXPECT_EQ(flow_text(root.children[0]),
            "{killed_by: SIGKILL, in: ['a b', c], n: }");
  EXPECT_EQ(flow_text(tree_of("\"a\\nb\\x1b\"")), "'a\\nb\\x1b'");
  EXPECT_LT(flow_text(tree_of("'" + std::string(5000, 'x') + "'")).size(),
            600U);
}

}  // namespace
}  // namespace faultrig
