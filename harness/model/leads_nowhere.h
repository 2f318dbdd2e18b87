#pragma once

#include <string_view>

namespace faultrig {

// How the text of an intercepted call begins that asks for a file, where there
// was none when its caller was about to make it; behind it the errno's name.
inline constexpr std::string_view kLeadsNowhere = "no such file: ";

}  // namespace faultrig
