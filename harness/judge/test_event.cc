#include "harness/judge/test_event.h"

#include <nlohmann/json.hpp>

namespace faultrig {

namespace {

using Json = nlohmann::json;

std::string text_of(const Json& object, const char* key) {
  auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>()
                                                     : std::string();
}

}  // namespace

std::optional<TestEvent> test_event(std::string_view line) {
  if (line.find("\"Action\":") == std::string_view::npos) {
    return std::nullopt;
  }
  Json object = Json::parse(line.begin(), line.end(), nullptr, false);
  if (!object.is_object()) {
    return std::nullopt;
  }
  TestEvent event{text_of(object, "Action"), text_of(object, "Package"),
                  text_of(object, "Test"), text_of(object, "Output"),
                  text_of(object, "FailedBuild")};
  if (event.package.empty()) {
    event.package = text_of(object, "ImportPath");
  }
  return event.action.empty() ? std::nullopt : std::optional(event);
}

}  // namespace faultrig
