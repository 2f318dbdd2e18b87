#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/site_sweep.h"

namespace faultrig {

// What stands for the TMPDIR that a try had of its own, and for its folder.
inline constexpr std::string_view kOwnTmp = "$TMPDIR";
inline constexpr std::string_view kOwnFolder = "$PWD";

// A line without what differs from run to run, to be compared: words with a
// digit in them, such as numbers, times, durations and ids, words of
// hexadecimal letters, and whatever is below kOwnTmp. Of a long one the
// beginning.
std::string steady_line(std::string_view line);

// What runs without any fault print.
class KnownLines {
 public:
  explicit KnownLines(const std::vector<SiteRun>& recordings);
  // Those of these lines that are new: none like it is printed without the
  // fault, or, where all recordings agree how many there are, so many more.
  std::vector<std::string> fresh(const std::vector<std::string>& said) const;

 private:
  std::map<std::string, std::size_t> counts_;  // by steady_line()
};

// The most lines alike, as steady_line() has it.
std::size_t most_alike(const std::vector<std::string>& lines);

// By what an error can be told in an output, all in small letters.
struct ErrorNames {
  std::set<std::string> texts;  // its words, wherever
  std::set<std::string> words;  // its name, as a word of its own
  std::set<std::string> paths;  // that the calls which failed were about
};

// The lines of an output that name an error. One with no more than a path
// does so if it also speaks of an error, or if a test failed (`passed` is
// false) and it is what the test said of that.
std::vector<std::string> lines_that_say(const std::string& output,
                                        const ErrorNames& names, bool passed);

}  // namespace faultrig
