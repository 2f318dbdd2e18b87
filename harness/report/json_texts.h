#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/base/text.h"

namespace faultrig {

// A list of texts that may hold anything: what is no UTF-8 is replaced.
inline nlohmann::ordered_json texts_json(
    const std::vector<std::string>& texts) {
  auto json = nlohmann::ordered_json::array();
  for (const std::string& text : texts) {
    json.push_back(valid_utf8(text));
  }
  return json;
}

}  // namespace faultrig
