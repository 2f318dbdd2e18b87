#include "harness/model/scenario.h"

#include <array>

#include "harness/base/text.h"
#include "harness/base/units.h"

namespace faultrig {

namespace {

// Parts of a key are counted, so that no text can imitate another's border.
class Key {
 public:
  void add(std::string_view part) {
    text_ += std::to_string(part.size()) + ":";
    text_ += part;
  }
  void add(const std::vector<std::string>& parts) {
    text_ += std::to_string(parts.size()) + "[";
    for (const std::string& part : parts) {
      add(part);
    }
  }
  void add(std::int64_t number) { add(std::to_string(number)); }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void add_go_test(Key& key, const GoTest& go) {
  key.add(go.dir.string());
  key.add(go.packages);
  key.add(go.run);
  key.add(go.skip);
  key.add(go.count);
  key.add(go.flags);
  key.add(go.args);
  key.add(go.timeout);
  key.add(go.exec);
  key.add(go.go);
  key.add(go.mode == GoTest::Mode::chain ? "chain" : "binary");
}

// `openat, nth 3, path /etc/*`.
std::string call_text(const Params& params) {
  std::string text =
      join(params.get_or<std::vector<std::string>>("call", {}), "|");
  if (const Nth* nth = params.find<Nth>("nth")) {
    text += ", nth " + nth->text();
  }
  for (const char* key : {"path", "fd"}) {
    if (const std::string* value = params.find<std::string>(key)) {
      text += std::string(", ") + key + " " + *value;
    }
  }
  return text;
}

}  // namespace

std::string Workload::key() const {
  Key key;
  key.add(go_test ? "go_test" : "command");
  if (go_test) {
    add_go_test(key, *go_test);
  }
  key.add(command);
  for (const auto& [name, value] : env) {
    key.add(name);
    key.add(value);
  }
  key.add(clean_env ? "clean" : "whole");
  key.add(keep_env);
  key.add(cwd.string());
  key.add(deadline.count());
  key.add(compile_within.count());
  return key.take();
}

std::string Trigger::text() const {
  switch (when) {
    case When::start:
      break;
    case When::after: {
      auto delay = params.get_or("after", std::chrono::nanoseconds(0));
      return "after " + format_duration(delay);
    }
    case When::output:
      return "output " + params.get_or<std::string>("output", "");
    case When::test:
      return "test " + params.get_or<std::string>("test", "");
    case When::call:
      return "call " + call_text(params);
    case When::listening: {
      auto port = params.get_or("listening", std::int64_t{0});
      return port == 0 ? "listening" : "listening " + std::to_string(port);
    }
  }
  return "start";
}

}  // namespace faultrig
