#include "harness/replay/go_command.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace faultrig {

namespace {

// Flags of go test with which it does something else, or whose value may stand
// in a word of its own.
bool is_plain_flag(std::string_view word) {
  constexpr std::array<std::string_view, 5> kPlain{"-race", "-short", "-cover",
                                                   "-failfast", "-trimpath"};
  constexpr std::array<std::string_view, 6> kWithValue{
      "-count=", "-timeout=", "-tags=", "-parallel=", "-cpu=", "-shuffle="};
  return std::find(kPlain.begin(), kPlain.end(), word) != kPlain.end() ||
         std::any_of(
             kWithValue.begin(), kWithValue.end(),
             [&](std::string_view flag) { return word.starts_with(flag); });
}

bool is_go_test(const std::vector<std::string>& argv) {
  return argv.size() > 1 && argv[1] == "test" &&
         (argv[0] == "go" || argv[0].ends_with("/go"));
}

}  // namespace

ReplayWorkload workload_of(const std::vector<std::string>& argv,
                           const std::string& here) {
  ReplayWorkload plain{here, argv, {}, "", {}};
  if (!is_go_test(argv)) {
    return plain;
  }
  ReplayWorkload test{here, {}, {}, "", {}};
  for (std::size_t i = 2; i < argv.size(); ++i) {
    const std::string& word = argv[i];
    if (word == "-run" && i + 1 < argv.size()) {
      test.run = argv[++i];
    } else if (word.starts_with("-run=")) {
      test.run = word.substr(5);
    } else if (!word.starts_with("-")) {
      test.packages.push_back(word);
    } else if (word == "-v" || word == "-json") {
      continue;  // it is read anyway
    } else if (is_plain_flag(word)) {
      test.flags.push_back(word);
    } else {
      return plain;
    }
  }
  if (test.packages.empty()) {
    test.packages.emplace_back(".");
  }
  return test;
}

}  // namespace faultrig
