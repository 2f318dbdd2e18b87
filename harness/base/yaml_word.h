#pragma once

#include <string>
#include <string_view>

namespace faultrig {

// A scalar in double quotes (YAML 1.2, 7.3.1), for text in UTF-8.
std::string yaml_word(std::string_view text);

}  // namespace faultrig
