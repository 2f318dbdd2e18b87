#include "harness/run/variables.h"

namespace faultrig {

namespace {

bool is_of(std::string_view entry, std::string_view name) {
  return entry.starts_with(name) && entry.substr(name.size()).starts_with('=');
}

}  // namespace

std::string_view value_in(const std::vector<std::string>& env,
                          std::string_view name) {
  std::string_view value;
  for (std::string_view entry : env) {
    value = is_of(entry, name) ? entry.substr(name.size() + 1) : value;
  }
  return value;
}

void set_in(std::vector<std::string>& env, std::string_view name,
            std::string_view value) {
  std::erase_if(env, [&](const auto& entry) { return is_of(entry, name); });
  env.push_back(std::string(name) + "=" + std::string(value));
}

}  // namespace faultrig
