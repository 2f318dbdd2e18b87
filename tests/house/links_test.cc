// Pages as a reader walks through them. Each check is shown a broken page
// first and the real ones last.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/house/checks.h"
#include "tests/house/markdown.h"

namespace house {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A page with the text, and what it may lead to.
Tree page_beside(const std::string& text) {
  return {{"docs/a.md", text},
          {"docs/b.md", "# B\n\n## Two words, `-x`\n\n## Same\n\n## Same\n"},
          {"docs/c/d.md", "# D\n"},
          {"scenarios/x/y.yaml", ""}};
}

TEST(Links, LeadToFilesFoldersAndHeadings) {
  for (const std::string target :
       {"b.md", "b.md#two-words--x", "b.md#same-1", "c/d.md#d", "c",
        "../scenarios/x/", "../scenarios/x/y.yaml", "#top",
        "https://example.org/none"}) {
    EXPECT_THAT(check_links(page_beside("# Top\n\n[a](" + target + ")\n")),
                IsEmpty());
  }
}

TEST(Links, ThatLeadNowhereAreToldWithTheirPage) {
  EXPECT_THAT(
      check_links(page_beside("see\n[a b](gone.md#x)\n")),
      ElementsAre("docs/a.md: [a b](gone.md#x): there is no docs/gone.md"));
  EXPECT_THAT(check_links(page_beside("[a](b.md#same-2)")),
              ElementsAre(HasSubstr("docs/b.md has no heading for #same-2")));
  EXPECT_THAT(check_links(page_beside("[a](#none)")),
              ElementsAre(HasSubstr("docs/a.md has no heading for #none")));
  EXPECT_THAT(check_links(page_beside("[a text\nof two lines](../c/d.md)")),
              ElementsAre(HasSubstr("there is no c/d.md")));
}

TEST(Links, AreNoneInCode) {
  for (const std::string text :
       {"`[a](gone.md)`", "```\n[a](gone.md)\n```\n",
        "so:\n\n    [a](gone.md)\n", "---\nt: '[a](gone.md)'\n---\n"}) {
    EXPECT_THAT(check_links(page_beside(text)), IsEmpty());
  }
}

TEST(Links, HaveTheAnchorsOfGitHub) {
  EXPECT_EQ(anchor_of("`-exec` program"), "-exec-program");
  EXPECT_EQ(anchor_of("PID 1"), "pid-1");
  EXPECT_EQ(anchor_of("Who sent it? [x](y.md), `a_b`"), "who-sent-it-x-a_b");
}

// A glossary of these terms, each linked from a page, and a lesson.
Tree tree_of(const std::vector<std::string>& terms, const std::string& lesson) {
  std::string glossary = "# Glossary\n";
  std::string page;
  for (const std::string& term : terms) {
    glossary += "\n## " + term + "\n\nWords.\n";
    page += "[x](glossary.md#" + anchor_of(term) + ")\n";
  }
  return {{"docs/glossary.md", glossary},
          {"docs/a.md", page},
          {"docs/lessons/01-x.md", lesson}};
}

TEST(Glossary, StandsInTheOrderOfADictionary) {
  EXPECT_THAT(check_glossary(tree_of({"`-exec` program", "Exit chain"}, "")),
              IsEmpty());
  EXPECT_THAT(check_glossary(tree_of({"Exit chain", "`-exec` program"}, "")),
              ElementsAre("docs/glossary.md: 'exec program' does not stand "
                          "behind 'exit chain'"));
}

TEST(Glossary, HasNoTermThatNobodyLinksTo) {
  Tree tree = tree_of({"Link"}, "");
  tree["docs/a.md"] = "[itself](glossary.md)";
  EXPECT_THAT(check_glossary(tree),
              ElementsAre("docs/glossary.md: no page links to #link"));
}

TEST(Glossary, WantsTheFirstUseOfATermInALessonToBeALink) {
  const std::vector<std::string> terms{"Chain", "Exit chain"};
  const std::string trouble =
      "docs/lessons/01-x.md: the first 'exit chain' is no link to "
      "glossary.md#exit-chain";
  const std::string link = "[exit\nchain](../glossary.md#exit-chain)";
  EXPECT_THAT(check_glossary(tree_of(terms, "An " + link + ": exit chain.")),
              IsEmpty());
  EXPECT_THAT(check_glossary(tree_of(terms, "An exit chain: " + link)),
              ElementsAre(trouble));
  EXPECT_THAT(check_glossary(tree_of(terms, "Two Exit\nchains.")),
              ElementsAre(trouble));
  EXPECT_THAT(check_glossary(tree_of(terms, "A [chain](x.md#y).")),
              Contains("docs/lessons/01-x.md: the first 'chain' is no link to "
                       "glossary.md#chain"));
  EXPECT_THAT(check_glossary(tree_of(terms, "No keychain, `exit chain`.")),
              IsEmpty());
}

TEST(Places, AreFound) {
  const std::string place =
      "@"
      "@OUTPUT@"
      "@";
  EXPECT_THAT(check_places({{"docs/a.md", "so:\n\n```\n" + place + "\n```\n"}}),
              ElementsAre("docs/a.md: nothing stands at " + place));
  EXPECT_THAT(check_places({{"docs/a.md", "@@ -1 +1 @@"}}), IsEmpty());
}

TEST(House, HasNoEmptyPlace) {
  EXPECT_THAT(check_places(our_tree()), IsEmpty());
}

TEST(House, HasNoDeadLink) { EXPECT_THAT(check_links(our_tree()), IsEmpty()); }

TEST(House, ExplainsItsTerms) {
  EXPECT_THAT(check_glossary(our_tree()), IsEmpty());
}

}  // namespace
}  // namespace house
