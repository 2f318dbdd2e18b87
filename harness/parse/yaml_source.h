#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "harness/parse/complaint.h"

namespace faultrig {

// The text of one YAML file, and where things stand in it. Borrows the text.
class YamlSource {
 public:
  static constexpr std::size_t kLargest = 1 << 20;  // bytes

  // A byte order mark at the start is no part of the text.
  explicit YamlSource(std::string_view text);

  std::string_view text() const { return text_; }

  // Complains about what no scenario may hold: more than kLargest bytes, bytes
  // that are not UTF-8, control characters but tab and line ends. False if
  // there was something.
  bool check(Complaints& complaints) const;

  // The byte at a line and column (both from 0, the column in bytes), or the
  // end of that line.
  std::size_t offset(int line, int column) const;
  // In characters, from 1.
  Place place(std::size_t offset) const;
  // From here as many characters, but no further than the end of the line.
  Spot spot(std::size_t offset, std::size_t characters) const;

  // How the scalar at `offset` is written, with its quotes; only the part on
  // its first line. `characters`: its length when it is plain.
  Spot scalar_spot(std::size_t offset, std::size_t characters) const;
  // Does a quote start at `offset` that nothing ends?
  bool unterminated_quote(std::size_t offset) const;
  // A tab among the blanks that this line starts with.
  std::optional<std::size_t> indenting_tab(std::size_t offset) const;
  // The dash of the list element without a value that ends before `offset`.
  std::size_t empty_element(std::size_t offset) const;

 private:
  std::size_t line_number(std::size_t offset) const;  // from 0
  std::string_view line_at(std::size_t number) const;

  // Where the last place was: most are asked for in order, and counting from
  // the start of a long line each time would take for ever.
  struct Counted {
    std::size_t offset = 0;
    std::size_t line = 0;
    std::size_t characters = 0;
  };

  std::string_view text_;
  std::vector<std::size_t> line_starts_{0};
  mutable Counted counted_;
};

// The number of characters in well-formed UTF-8.
std::size_t character_count(std::string_view text);

}  // namespace faultrig
