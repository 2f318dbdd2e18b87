// The callback `default` of Ansible (docs.ansible.com, callbacks, Return
// Values) writes `fatal: [HOST]: FAILED! => {...}` with all of the result in
// one line, `stdout` and `stderr` in it. What debug shows it writes in lines of
// their own, indented: `"msg": "..."`, or a string of `stdout_lines` each.
#include "harness/judge/ansible_result.h"

#include <nlohmann/json.hpp>
#include <re2/re2.h>

namespace faultrig {

namespace {

using Json = nlohmann::json;

std::string text_at(const Json& object, const char* key) {
  auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>()
                                                     : std::string();
}

}  // namespace

std::optional<AnsibleResult> ansible_result(std::string_view line) {
  static const RE2 kHead(R"(^(?:fatal|failed|ok|changed): \[[^\]]+\])"
                         R"((?:: FAILED!)?(?: \(item=.*\))? => )");
  static const RE2 kShown(R"re(\s+(?:"[\w.]+": )?("(?:[^"\\]|\\.)*"),?)re");
  re2::StringPiece rest(line.data(), line.size());
  std::string quoted;
  if (RE2::FullMatch(rest, kShown, &quoted)) {
    Json text = Json::parse(quoted, nullptr, false);
    return text.is_string() ? std::optional(AnsibleResult{text, true})
                            : std::nullopt;
  }
  if (!RE2::Consume(&rest, kHead)) {
    return std::nullopt;
  }
  Json object = Json::parse(rest.begin(), rest.end(), nullptr, false);
  if (!object.is_object() || !object.contains("stdout")) {
    return std::nullopt;
  }
  std::string text = text_at(object, "stdout");
  std::string errors = text_at(object, "stderr");
  text += text.empty() || errors.empty() ? "" : "\n";
  return AnsibleResult{text + errors};
}

}  // namespace faultrig
