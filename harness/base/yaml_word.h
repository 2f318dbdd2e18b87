#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace faultrig {

// A scalar in double quotes (YAML 1.2, 7.3.1), for text in UTF-8.
std::string yaml_word(std::string_view text);

// A list of such, in flow style: `["sh", "-c"]`.
std::string yaml_list(const std::vector<std::string>& words);

}  // namespace faultrig
