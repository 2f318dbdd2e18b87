#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faultrig {

// What stands before each line of a log, as somebody put it there: a job, a
// container, a time. Numbers in it may change from line to line.
class PrefixShape {
 public:
  // Of what stood before one line.
  explicit PrefixShape(std::string_view prefix);

  // The length of such a prefix of `line`; 0 if it has none. A line that holds
  // nothing else may lack the blanks at its end.
  std::size_t match(std::string_view line) const;

  bool operator==(const PrefixShape&) const = default;

 private:
  static std::optional<std::size_t> taken(char shape, std::string_view rest);

  std::string shape_;       // literal, but for kNumber and its kin
  std::size_t blanks_ = 0;  // at its end
};

// What the lines of a log have before them, learnt from a sample of it: from
// those in which go or the testing package speaks, whose words are known.
struct LearntPrefixes {
  std::vector<PrefixShape> shapes;  // one a writer; none: nothing was added
  bool stamps = false;              // no such line, but most have a time stamp
};
// Does go, or the testing package, seem to speak in this line, wherever in it?
bool has_word_of_go(std::string_view line);

LearntPrefixes learn_prefixes(const std::vector<std::string>& sample);

}  // namespace faultrig
