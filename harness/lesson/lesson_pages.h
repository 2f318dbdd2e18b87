#pragma once

#include <span>
#include <string_view>

namespace faultrig {

// A file NN-name.md of docs/lessons, as it was when this program was built.
struct LessonPage {
  std::string_view name;
  std::string_view text;
};

std::span<const LessonPage> lesson_pages();

}  // namespace faultrig
