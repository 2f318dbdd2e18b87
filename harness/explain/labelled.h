#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"
#include "harness/model/explanation.h"

namespace faultrig {

// A log whose right answer somebody knows.
struct LabelledLog {
  std::string file;  // in the folder of the list
  // The ids that are right of its packages, whichever of them; `-`: none is to
  // be named. Empty: nobody has said it in ids.
  std::vector<std::string> causes;
  std::string answer;  // in words
};

// Reads `cases.tsv`: columns by tabs, named in the first line. `log`, or
// `number` and `slug`, give the file (`NUMBER-SLUG.log`), `causes` the ids,
// by blanks, `right answer` the words. Fails, with its line, for a list of
// another form.
Result<std::vector<LabelledLog>> read_labels(std::string_view text);

// How far an answer is right.
enum class Mark {
  right,      // a cause of the label is named, and no other
  undecided,  // one of several that are told of, or only as possible
  none,       // nothing is named
  wrong,      // something else is named
  unjudged    // the label has no ids
};
std::string_view mark_name(Mark mark);

Mark mark_of(const LabelledLog& log, const Explained& explained);

}  // namespace faultrig
