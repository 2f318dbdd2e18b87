// What a disk lacks of what was written.
#include "harness/crash/listing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

FileTree tree_of(const std::map<std::string, std::string>& files) {
  FileTree out;
  FileId last = 0;
  for (const auto& [path, content] : files) {
    out.names.add(path, {TreeName::Kind::file, ++last, 0644});
    out.content[last] = content;
  }
  return out;
}

TEST(Listing, SeesWhatIsMissingShortOrAnother) {
  Listing written =
      listing_of(tree_of({{"a", "one"}, {"b", "two"}, {"c", "three"}}));
  EXPECT_THAT(lacking(written, tree_of({{"a", ""}, {"b", "owt"}})),
              ElementsAre("'a' has 0 of 3 bytes", "'b' has another content",
                          "'c' is not there"));
}

TEST(Listing, MissesNothingWhereThereIsMore) {
  Listing written = listing_of(tree_of({{"b", "two"}}));
  EXPECT_THAT(lacking(written, tree_of({{"a", "old"}, {"b", "two"}})),
              IsEmpty());
}

TEST(Listing, SeesThatANameIsSomethingElse) {
  FileTree folder;
  folder.names.add("a", {TreeName::Kind::folder, 0, 0755});
  FileTree link;
  link.names.add("a", {TreeName::Kind::symlink, 0, 0, "b"});
  EXPECT_THAT(lacking(listing_of(folder), tree_of({{"a", ""}})),
              ElementsAre("'a' is something else"));
  FileTree other;
  other.names.add("a", {TreeName::Kind::symlink, 0, 0, "c"});
  EXPECT_THAT(lacking(listing_of(link), other),
              ElementsAre("'a' has another content"));
}

TEST(Listing, TellsTheFirstOfWhatIsLost) {
  EXPECT_EQ(lost_text({}), "; nothing is lost");
  EXPECT_EQ(lost_text({"a", "b"}), "; lost: a, b");
  EXPECT_EQ(lost_text({"a", "b", "c", "d", "e"}),
            "; lost: a, b, c, and 2 more");
}

}  // namespace
}  // namespace faultrig
