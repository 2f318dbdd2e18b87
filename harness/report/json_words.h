#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace faultrig {

// What is wrong with a text of ours that is read again, without the words of
// the library that found it.
inline std::string why_not_read(const nlohmann::json::exception& wrong) {
  const auto* parsed = dynamic_cast<const nlohmann::json::parse_error*>(&wrong);
  return parsed == nullptr ? "a key of it is missing, or is of another type"
                           : "it is no JSON from byte " +
                                 std::to_string(parsed->byte) + " on";
}

}  // namespace faultrig
