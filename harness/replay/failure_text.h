#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/replayed.h"

namespace faultrig {

// What the crash of a Go program begins with, but that by a signal.
inline constexpr std::array<std::string_view, 2> kHeadlines{"panic: ",
                                                            "fatal error: "};
bool is_headline(std::string_view line);

// Does this line say what such an error is printed as, or begin to where
// something was left out? Small and large letters are the same.
bool says_error(std::string_view line, std::string_view error);

// A regular expression (RE2) that this line matches, and that of the next run:
// numbers and addresses may differ, what was left out may be anything.
std::string pattern_of(std::string_view line);

// What a program printed about its end. `error`: a name of errno(3), whose
// words are looked for first; empty: none is known.
struct ErrorLine {
  std::string text;  // empty: nothing that tells of an error
  bool panics = false;
  std::string top;     // the function at the top of its panic
  bool tells = false;  // of an error; else it is but the last that was printed
};
ErrorLine error_line_in(const std::vector<std::string_view>& lines,
                        std::string_view error);

}  // namespace faultrig
