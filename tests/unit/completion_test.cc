// What completes the command line, and the manual, have what commands declare.
#include "harness/cli/completion.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<CommandPage> pages() {
  return {{"run",
           "run, it's: all",
           "faultrig run -j 2",
           {{{"-j", "--jobs"}, "INT", "run [N] at a time: `it's`", true},
            {{"--strict"}, "", "no \\ slack", false},
            {{}, "PATH", ".hidden files", true}}},
          {"list", "list them", "faultrig list", {}}};
}

TEST(Pages, HaveEachCommandWithWhatItDeclares) {
  std::vector<CommandPage> all = command_pages();
  ASSERT_EQ(all.size(), command_types().size());
  EXPECT_EQ(all[0].name, "run");
  auto option = [&](const std::string& name) {
    for (const OptionPage& one : all[0].options) {
      if (std::find(one.names.begin(), one.names.end(), name) !=
          one.names.end()) {
        return one;
      }
    }
    return OptionPage{};
  };
  EXPECT_THAT(option("--jobs").names, ElementsAre("-j", "--jobs"));
  EXPECT_TRUE(option("--jobs").takes_value);
  EXPECT_TRUE(option("--report").takes_value);
  EXPECT_THAT(option("--report").words, testing::Contains("junit"));
  EXPECT_FALSE(option("--stop-early").takes_value);
  EXPECT_THAT(option("--stop-early").help, HasSubstr("does not pass"));
}

TEST(Completion, OfBashHasCommandsAndTheirOptions) {
  std::string text = completion_text("bash", pages());
  EXPECT_THAT(text, HasSubstr("    run) words='-j --jobs --strict' ;;\n"));
  EXPECT_THAT(text, HasSubstr("words='run list --help --version'\n"));
}

TEST(Completion, OfZshQuotesWhatItMeans) {
  std::string text = completion_text("zsh", pages());
  EXPECT_THAT(text, HasSubstr("    'run:run, it'\\''s\\: all'\n"));
  EXPECT_THAT(text, HasSubstr(" '*--jobs[run \\[N\\] at a time\\: `it'\\''s`]"
                              ":value:_files'"));
  EXPECT_THAT(text, HasSubstr(" '*--strict[no \\\\ slack]'"));
}

TEST(Completion, OfFishHasALineForEachOption) {
  std::string text = completion_text("fish", pages());
  EXPECT_THAT(text, HasSubstr("-n '__faultrig_does run' -s j -l "
                              "jobs -r -d 'run [N] at a time: `it'\\''s`'\n"));
  EXPECT_THAT(text, HasSubstr("-f -a list -d 'list them'\n"));
}

TEST(Completion, IsForShellsThatWeKnow) {
  EXPECT_EQ(completion_text("csh", pages()), "");
}

TEST(Manual, EscapesWhatManWouldTakeForARequest) {
  std::string text = manual_text(pages());
  EXPECT_THAT(text, HasSubstr(".TP\n.B \\-j, \\-\\-jobs\n"));
  EXPECT_THAT(text, HasSubstr("no \\e slack\n"));
  EXPECT_THAT(text, HasSubstr(".TP\n.B PATH\n\\&.hidden files\n"));
  EXPECT_THAT(text, HasSubstr("\nfaultrig run \\-j 2\n"));
}

}  // namespace
}  // namespace faultrig
