#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/model/values.h"

namespace faultrig {

// What is wrong at a place of a scenario. `width`: characters to underline.
struct Complaint {
  Place place;
  std::string what;  // one line, safe to print, no full stop
  int width = 1;
};

// A stretch of one line of a file: what a complaint points at.
struct Spot {
  Place place;
  int width = 1;
};

// Collects the complaints about one file; holds a bounded number of them.
class Complaints {
 public:
  static constexpr std::size_t kMostShown = 20;

  void add(Spot spot, std::string what);
  bool empty() const { return complaints_.empty(); }
  // In order of place, each once, at most kMostShown.
  std::vector<Complaint> take();

 private:
  std::vector<Complaint> complaints_;
};

// `'text'` on one line for a complaint: control characters escaped, cut where
// it is long.
std::string quote_of(std::string_view text);

// Three lines, each with its end:
//   file:line:column: what
//     the source line
//         ^~~~
// The source line and the caret fit 80 columns of a terminal: control
// characters are escaped, a long line is cut around the place. Only the first
// line when the place is not in `text`. Takes any bytes.
std::string format_complaint(const std::string& file, std::string_view text,
                             const Complaint& complaint);

}  // namespace faultrig
