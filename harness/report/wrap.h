#pragma once

#include <string>
#include <string_view>

namespace faultrig {

// `head`, then the words of `text` from column `indent` on, in as many lines
// of 80 columns as it takes. A longer word has a line of its own.
std::string wrapped(std::string head, std::string_view text,
                    std::size_t indent);

}  // namespace faultrig
