#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace faultrig {

// A regular expression of RE2: linear in time whatever the text. `^` and `$`
// match at lines. A wrong expression, which the reader of scenarios refuses,
// matches nothing.
class Pattern {
 public:
  explicit Pattern(const std::string& expression);
  ~Pattern();
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;

  // Somewhere in `text`, which may hold any bytes.
  bool found_in(std::string_view text) const;
  // Where in `text` its first match begins, if there is one.
  std::optional<std::size_t> position_in(std::string_view text) const;

 private:
  std::unique_ptr<re2::RE2> expression_;
};

}  // namespace faultrig
