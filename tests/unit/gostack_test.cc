#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/go_image.h"

namespace faultrig {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> functions(const GoStack& stack) {
  std::vector<std::string> out;
  for (const GoFrame& frame : stack.frames) {
    out.push_back(frame.function);
  }
  return out;
}

// leaf has a frame of 8, mid one of 24.
const std::vector<std::uint64_t> kWords{0, GoImage::kSmall + 1, 0, 0,
                                        0, GoImage::kGoexit + 1};

void expect_whole(const GoImage& image) {
  GoStack stack = image.stack_of(GoImage::kLeaf, kWords);
  EXPECT_EQ(stack.unknown, "");
  EXPECT_THAT(functions(stack), ElementsAre("main.leaf", "main.small",
                                            "main.mid[...]", "runtime.goexit"));
}

TEST(GoStacks, TellEachFunctionWithItsPlaceAndInlinedOnesToo) {
  GoStack stack = GoImage{}.stack_of(GoImage::kLeaf, kWords);
  expect_whole(GoImage{});
  EXPECT_EQ(stack.frames.front(), (GoFrame{"main.leaf", "/src/main.go", 41}));
}

TEST(GoStacks, ReadTheTablesOfGo118AndOf120) {
  GoImage old;
  old.magic = 0xfffffff0;
  old.data_at = 304;
  expect_whole(old);
}

TEST(GoStacks, FindTheInlinedFunctionsWhereAVersionMovedThem) {
  GoImage moved;
  moved.data_at = 344;
  expect_whole(moved);
}

TEST(GoStacks, SayWhereTheyStopInsteadOfGuessing) {
  GoImage image;
  GoStack cut = image.stack_of(GoImage::kLeaf, {0, GoImage::kMid, 0});
  EXPECT_THAT(functions(cut), ElementsAre("main.leaf", "main.mid[...]"));
  EXPECT_THAT(cut.unknown, HasSubstr("could not be read"));
  GoStack stray = image.stack_of(GoImage::kLeaf, {0, 0x12345678});
  EXPECT_THAT(functions(stray), ElementsAre("main.leaf"));
  EXPECT_THAT(stray.unknown, HasSubstr("not in Go's code"));
}

TEST(GoStacks, EndWhereAStackThatTurnsInACircleIsTooDeep) {
  std::vector<std::uint64_t> words;
  for (int i = 0; i < 3000; ++i) {
    words.push_back(GoImage::kLeaf);
  }
  GoStack deep = GoImage{}.stack_of(GoImage::kLeaf, words);
  EXPECT_EQ(deep.frames.size(), kMostFrames);
  EXPECT_THAT(deep.unknown, HasSubstr("deeper than"));
}

TEST(GoStacks, KnowThatAProgramOfAnotherLanguageHasNone) {
  auto script = std::make_shared<PartMemory>();
  script->add(0, "#!/bin/sh\nexec true\n");
  GoStacks stacks(script);
  EXPECT_EQ(*stacks.of(*script, 0, {1, 5, 6}), GoStack());
}

TEST(GoStacks, AreUnknownForAGoThatIsTooOldOrTooNew) {
  GoImage image;
  image.magic = 0xfffffffa;
  EXPECT_THAT(image.stack_of(GoImage::kLeaf, kWords).unknown,
              HasSubstr("Go 1.17 or before"));
  image.magic = 0xfffffff3;
  GoStack newer = image.stack_of(GoImage::kLeaf, kWords);
  EXPECT_THAT(newer.unknown, HasSubstr("newer"));
  EXPECT_THAT(newer.frames, IsEmpty());
}

// An obfuscated build: no table that we know, but Go's record of the build.
TEST(GoStacks, AreUnknownWhereAGoProgramHidesItsTable) {
  GoImage image;
  image.magic = 0x12345678;
  image.extra = "\xff Go buildinf:";
  EXPECT_THAT(image.stack_of(GoImage::kLeaf, kWords).unknown,
              HasSubstr("was not found"));
}

TEST(GoStacks, AreUnknownWhereTheRuntimesRecordIsDamaged) {
  GoImage image;
  auto bytes = std::make_shared<PartMemory>();
  bytes->add(0, image.file());
  GoStacks stacks(bytes);
  PartMemory nothing;
  GoStackPtr stack = stacks.of(nothing, 0, {1, GoImage::kLeaf, 0});
  EXPECT_THAT(stack->unknown, HasSubstr("record of its code"));
}

TEST(GoStacks, GiveOneStackToAllThatCameTheSameWay) {
  GoImage image;
  auto bytes = std::make_shared<PartMemory>();
  bytes->add(0, image.file());
  GoStacks stacks(bytes);
  PartMemory process = image.process(kWords);
  StoppedThread thread{1, GoImage::kLeaf, GoImage::kStack};
  EXPECT_EQ(stacks.of(process, 0, thread), stacks.of(process, 0, thread));
}

// Whatever byte of it is wrong: no crash, no endless walk.
TEST(GoStacks, SurviveEachDamagedByteOfAProgram) {
  GoImage image;
  std::string file = image.file();
  PartMemory process = image.process(kWords);
  for (std::size_t i = 0; i < file.size(); i += i < 0x100 ? 1 : 7) {
    std::string damaged = file;
    damaged[i] = static_cast<char>(damaged[i] ^ 0xff);
    auto bytes = std::make_shared<PartMemory>();
    bytes->add(0, damaged);
    GoStacks stacks(bytes);
    GoStackPtr stack =
        stacks.of(process, 0, {1, GoImage::kLeaf, GoImage::kStack});
    EXPECT_LE(stack->frames.size(), 4U) << i;
  }
}

}  // namespace
}  // namespace faultrig
