#include <gtest/gtest.h>

#include "harness/lesson/progress.h"

namespace faultrig {
namespace {

TEST(LessonProgressFile, IsReadAsItWasWritten) {
  LessonProgress progress{{"01-exit-255", LessonStage::solved},
                          {"02-tee", LessonStage::seen}};
  EXPECT_EQ(progress_text(progress), "solved 01-exit-255\nseen 02-tee\n");
  EXPECT_EQ(parse_progress(progress_text(progress)), progress);
  EXPECT_EQ(stage_of(progress, "01-exit-255"), LessonStage::solved);
  EXPECT_EQ(stage_of(progress, "03-not-built"), LessonStage::fresh);
}

TEST(LessonProgressFile, PassesOverWhatALaterVersionWrote) {
  EXPECT_EQ(parse_progress("seen\nloved 01-a\nsolvedx 02-b\nseen 03-c\n\x80\n"),
            (LessonProgress{{"03-c", LessonStage::seen}}));
}

TEST(LessonProgressFile, LiesWhereTheStateOfProgramsDoes) {
  EXPECT_EQ(progress_file({"HOME=/home/ann"})->string(),
            "/home/ann/.local/state/faultrig/learn");
  EXPECT_EQ(progress_file({"HOME=/home/ann", "XDG_STATE_HOME=/s"})->string(),
            "/s/faultrig/learn");
  EXPECT_EQ(progress_file({"HOME=/home/ann", "XDG_STATE_HOME=s"})->string(),
            "/home/ann/.local/state/faultrig/learn");
  EXPECT_EQ(progress_file({"XDG_STATE_HOME="}).error().kind, ErrorKind::usage);
}

}  // namespace
}  // namespace faultrig
