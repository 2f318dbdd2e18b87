#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace faultrig {

// `text` with every byte that is not part of well-formed UTF-8 replaced by
// U+FFFD. Never longer than three times the input.
std::string valid_utf8(std::string_view text);

bool is_valid_utf8(std::string_view text);

// Safe to print on a terminal: UTF-8, control characters (C0, DEL, C1) shown
// as `\x1b`, characters that only change how others are shown (U+202E, U+200B,
// U+2028, ...) as `\u202e`; a newline and a tab stay.
std::string for_terminal(std::string_view text);

// A JSON text in UTF-8 that is safe to print, with the same value: the same
// characters as `\u202e`, which they can be only in strings.
std::string for_json(std::string_view text);

// for_terminal on one line: newline and tab are shown as `\n`, `\t`.
std::string for_one_line(std::string_view text);

// The lines without their ends (`\n` or `\r\n`); a last line without an end
// counts, an empty rest does not.
std::vector<std::string_view> lines_of(std::string_view text);

// `a, b, c`.
std::string join(const std::vector<std::string>& parts,
                 std::string_view between);

// fnmatch(3) without FNM_PATHNAME: `*` and `?` match `/` too, `[...]` is a
// set. Linear in practice: no backtracking beyond the last `*`.
bool glob_match(std::string_view glob, std::string_view text);

// Removes `//`, `/.` and `x/..` from an absolute path, textually.
std::string normal_path(std::string_view path);

// 'word' quoted for sh(1) where it needs it.
std::string shell_quote(std::string_view word);

// Words joined by blanks, each quoted for sh(1).
std::string shell_line(const std::vector<std::string>& words);

// 64-bit mix of a seed and a number (splitmix64): the same on any machine.
std::uint64_t mixed(std::uint64_t seed, std::uint64_t number);

}  // namespace faultrig
