// docs/teaching.md is read aloud in front of people: each of its commands is
// run here, and prints what the page says. A block ```console is one shell;
// lines `$ ...` are typed, what stands below them is printed, `...` is
// anything, and alone any lines.
#include <fcntl.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

#include "harness/base/fd.h"
#include "harness/os/cgroup.h"
#include "tests/kernel/command_folder.h"
#include "tests/source_dir.h"

namespace faultrig {
namespace {

// A block of the page.
struct Talk {
  std::vector<std::string> typed;
  std::string printed;  // a pattern
};

// `...` is anything, also on a line of its own: then it takes its end with it.
std::string pattern_of(std::string_view line) {
  if (line == "...") {
    return "(?:.*\n)*";
  }
  std::string pattern = RE2::QuoteMeta(std::string(line)) + "\n";
  RE2::GlobalReplace(&pattern, R"(\\\.\\\.\\\.)", ".*");
  return pattern;
}

std::vector<Talk> talks_of(std::string_view page) {
  std::vector<Talk> talks;
  bool inside = false;
  for (std::string_view line : lines_of(page)) {
    if (line.starts_with("```")) {
      inside = line == "```console";
      if (inside) {
        talks.emplace_back();
      }
    } else if (inside && line.starts_with("$ ")) {
      talks.back().typed.emplace_back(line.substr(2));
    } else if (inside) {
      talks.back().printed += pattern_of(line);
    }
  }
  return talks;
}

// A row of a table: what is shown, and what the shell then has in $?.
struct Shown {
  std::string typed;
  std::string code;
};

std::vector<Shown> shown_in(std::string_view page) {
  static const RE2 kRow(R"(\|[^|]*\|[^|]*\| `([^`|]*)` \| (\d+) \|)");
  std::vector<Shown> out;
  Shown one;
  for (std::string_view line : lines_of(page)) {
    if (RE2::FullMatch(re2::StringPiece(line.data(), line.size()), kRow,
                       &one.typed, &one.code)) {
      out.push_back(one);
    }
  }
  return out;
}

std::string our_page() {
  auto page = read_file(AT_FDCWD, source_dir() + "/docs/teaching.md");
  EXPECT_TRUE(page);
  return page.value_or("");
}

class TeachingTest : public CommandFolder {
 protected:
  // As at a terminal, where all that is printed comes to one place.
  std::string printed_by(const std::vector<std::string>& typed) const {
    std::filesystem::path program = faultrig_program();
    std::string script =
        "export PATH=" + shell_quote(program.parent_path().string()) +
        ":$PATH T=$PWD\ncd " + shell_quote(source_dir() + "/go_fixtures") +
        "\n";
    for (const std::string& line : typed) {
      script += line + "\n";
    }
    return Program({"/bin/bash", "-c", "exec 2>&1\n" + script}, folder())
        .end()
        .out;
  }

  void expect_true(const Talk& talk) const {
    std::string printed = printed_by(talk.typed);
    EXPECT_TRUE(RE2::FullMatch(printed, talk.printed))
        << join(talk.typed, "\n") << "\nprints\n"
        << printed << "\nand the page has\n"
        << talk.printed;
  }
};

TEST_F(TeachingTest, ReadsBlocks) {
  auto talks = talks_of(
      "a\n```console\n$ one\n1 ... 2\n...\n$ two\n(3)\n```\n```\n$ no\n```\n");
  ASSERT_EQ(talks.size(), 1U);
  EXPECT_THAT(talks[0].typed, testing::ElementsAre("one", "two"));
  EXPECT_TRUE(RE2::FullMatch("1 x 2\na\nb\n(3)\n", talks[0].printed));
  EXPECT_FALSE(RE2::FullMatch("1 x 2\na\nb\n3\n", talks[0].printed));
  EXPECT_FALSE(RE2::FullMatch("2 x 2\n(3)\n", talks[0].printed));
}

TEST_F(TeachingTest, SeesWhatACommandPrints) {
  EXPECT_EQ(printed_by({"echo out; echo err >&2", "set -o pipefail",
                        "false | true; echo $?"}),
            "out\nerr\n1\n");
}

// The blocks of the page that cap memory, or those that do not.
std::vector<Talk> our_talks(bool of_memory) {
  std::vector<Talk> talks = talks_of(our_page());
  std::erase_if(talks, [&](const Talk& talk) {
    bool caps = join(talk.typed, " ").find("memory") != std::string::npos;
    return caps != of_memory;
  });
  return talks;
}

TEST_F(TeachingTest, PrintsWhatThePageSays) {
  std::vector<Talk> talks = our_talks(false);
  EXPECT_GE(talks.size(), 7U);
  for (const Talk& talk : talks) {
    expect_true(talk);
  }
}

TEST_F(TeachingTest, PrintsWhatThePageSaysOfMemory) {
  if (find_cgroup_places().memory.empty()) {
    GTEST_SKIP() << "needs a writable memory cgroup";
  }
  std::vector<Talk> talks = our_talks(true);
  EXPECT_GE(talks.size(), 2U);
  for (const Talk& talk : talks) {
    expect_true(talk);
  }
}

TEST_F(TeachingTest, ShowsWhatTheTableSays) {
  std::vector<Shown> all = shown_in(our_page());
  EXPECT_GE(all.size(), 11U);
  for (const Shown& one : all) {
    EXPECT_EQ(printed_by({"{ " + one.typed + "; } >/dev/null 2>&1", "echo $?"}),
              one.code + "\n")
        << one.typed;
  }
}

}  // namespace
}  // namespace faultrig
