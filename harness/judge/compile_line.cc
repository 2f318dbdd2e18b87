#include "harness/judge/compile_line.h"

#include <algorithm>
#include <array>

#include "harness/judge/pattern.h"

namespace faultrig {

namespace {

// The best first; a line of output counts for the first that it matches.
constexpr std::array<const char*, 5> kForms{
    // A place in a source file, also of C by cgo, and of a missing package.
    R"(^[^\s:]+\.(go|c|h|s|cc|cpp):\d+(:\d+)?: )",
    R"(^(go|package|no required module|can't load package)[ :])"
    R"(|^(pattern|link|failed to|build cache)[ :])",
    R"(^\S*(ld|gcc|clang|cgo)\S*: )",
    // Of a package: no such folder, no files, none for this system.
    R"(^stat \S+: |^no Go files in |: build constraints exclude all Go files)",
    R"(\[(build|setup) failed\]$)",
};
constexpr std::size_t kLongestLine = 4096;

using Forms = std::array<Pattern, kForms.size()>;

// The first of the `most` best forms that the line has; `most` for none.
std::size_t rank_of(std::string_view line, const Forms& forms,
                    std::size_t most) {
  std::size_t form = 0;
  while (form < most && !forms[form].found_in(line)) {
    ++form;
  }
  return form;
}

}  // namespace

std::string compile_line(std::string_view output) {
  static const Forms forms{Pattern(kForms[0]), Pattern(kForms[1]),
                           Pattern(kForms[2]), Pattern(kForms[3]),
                           Pattern(kForms[4])};
  std::string best;
  std::size_t rank = forms.size();
  while (!output.empty() && rank > 0) {
    std::size_t end = output.find('\n');
    std::string_view line = output.substr(0, end).substr(0, kLongestLine);
    output.remove_prefix(end == output.npos ? output.size() : end + 1);
    std::size_t found = rank_of(line, forms, rank);
    if (found < rank) {
      best = line;
      rank = found;
    }
  }
  std::replace(best.begin(), best.end(), '\t', ' ');
  return best;
}

}  // namespace faultrig
