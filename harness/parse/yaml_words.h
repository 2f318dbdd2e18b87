#pragma once

#include <string>
#include <string_view>

namespace faultrig {

// What is wrong where yaml-cpp gave up with these words, in ours.
std::string yaml_trouble(std::string_view theirs);

}  // namespace faultrig
