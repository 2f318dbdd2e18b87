#include "harness/store/stack_text.h"

#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "harness/base/text.h"

namespace faultrig {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostFrames = 4096;
constexpr std::size_t kMostStacks = 200'000;

Json frames_json(const GoStack& stack) {
  Json frames = Json::array();
  for (const GoFrame& frame : stack.frames) {
    frames.push_back(Json::array(
        {valid_utf8(frame.function), valid_utf8(frame.file), frame.line}));
  }
  return frames;
}

bool is_frame(const Json& json) {
  return json.is_array() && json.size() == 3 && json[0].is_string() &&
         json[1].is_string() && json[2].is_number_integer();
}

std::optional<GoStack> stack_from(const Json& line) {
  const Json& frames = line["stack"];
  if (!frames.is_array() || frames.size() > kMostFrames) {
    return std::nullopt;
  }
  GoStack stack;
  for (const Json& one : frames) {
    if (!is_frame(one)) {
      return std::nullopt;
    }
    auto number = one[2].get<std::int64_t>();
    bool fits = number >= 0 && number <= std::numeric_limits<int>::max();
    stack.frames.push_back({one[0].get<std::string>(),
                            one[1].get<std::string>(),
                            fits ? static_cast<int>(number) : 0});
  }
  if (auto why = line.find("stack_unknown"); why != line.end()) {
    if (!why->is_string()) {
      return std::nullopt;
    }
    stack.unknown = why->get<std::string>();
  }
  return stack;
}

}  // namespace

void StackWriter::add(const GoStackPtr& stack, Json& line) {
  if (stack == nullptr) {
    return;
  }
  auto [known, fresh] =
      known_.emplace(stack, static_cast<std::int64_t>(known_.size()) + 1);
  line["stack_id"] = known->second;
  if (!fresh) {
    return;
  }
  line["stack"] = frames_json(*stack);
  if (!stack->unknown.empty()) {
    line["stack_unknown"] = valid_utf8(stack->unknown);
  }
}

Result<GoStackPtr> StackReader::read(const Json& line) {
  auto id = line.find("stack_id");
  if (id == line.end()) {
    return GoStackPtr();
  }
  if (!id->is_number_integer()) {
    return usage_error("wrong value of 'stack_id'");
  }
  auto number = id->get<std::int64_t>();
  if (line.contains("stack")) {
    auto stack = stack_from(line);
    if (!stack || known_.size() >= kMostStacks) {
      return usage_error("wrong value of 'stack'");
    }
    known_[number] = std::make_shared<const GoStack>(*std::move(stack));
  }
  auto known = known_.find(number);
  if (known == known_.end()) {
    return usage_error("wrong value of 'stack_id'");
  }
  return known->second;
}

}  // namespace faultrig
