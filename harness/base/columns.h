#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace faultrig {

// Texts for people have at most so many characters a line.
constexpr std::size_t kColumns = 80;

// Characters of UTF-8 (bytes that do not continue one).
std::size_t width(std::string_view text);

// `text` with blanks up to so many columns; never cut.
std::string padded(std::string_view text, std::size_t columns);

// What becomes of a word that is longer than a line: it stays whole, so that it
// can be copied, or it is a path, to be cut at a slash.
enum class LongWord { whole, path };

// `head`, then the words of `text` from column `indent` on, in as many lines
// of kColumns as it takes.
std::string wrapped(std::string_view head, std::string_view text,
                    std::size_t indent, LongWord longer = LongWord::whole);

}  // namespace faultrig
