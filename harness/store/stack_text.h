#pragma once

#include <cstdint>
#include <map>

#include <nlohmann/json.hpp>

#include "harness/base/result.h"
#include "harness/model/go_stack.h"

namespace faultrig {

// The stacks of a trace in lines of JSON: told in full where one is first, with
// a number, and by the number afterwards, since many calls share few.
class StackWriter {
 public:
  // Nothing for a call without one.
  void add(const GoStackPtr& stack, nlohmann::ordered_json& line);

 private:
  std::map<GoStackPtr, std::int64_t> known_;
};

class StackReader {
 public:
  // Null where a line has none. A usage error: no such stack.
  Result<GoStackPtr> read(const nlohmann::ordered_json& line);

 private:
  std::map<std::int64_t, GoStackPtr> known_;
};

}  // namespace faultrig
