// Delta debugging (Zeller and Hildebrandt 2002), complements only: for as few
// things as a scenario has, that is within a try or two of the whole of it.
#include "harness/campaign/shrink.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "harness/base/text.h"
#include "harness/campaign/yaml_edit.h"
#include "harness/model/values.h"

namespace faultrig {

namespace {

using Kind = YamlNode::Kind;
using IsSame = std::function<bool(const YamlNode&)>;

// All but the chunk from `first` on.
std::vector<std::size_t> without(const std::vector<std::size_t>& all,
                                 std::size_t first, std::size_t size) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i < first || i >= first + size) {
      out.push_back(all[i]);
    }
  }
  return out;
}

// The names one level below this one, each once.
std::vector<std::string> names_below(const std::vector<std::string>& tests,
                                     const std::string& above) {
  std::vector<std::string> out;
  for (const std::string& test : tests) {
    bool is_below = test.starts_with(above) && test.size() > above.size();
    std::string name = is_below ? test.substr(above.size()) : "";
    bool fresh = std::find(out.begin(), out.end(), name) == out.end();
    if (is_below && fresh && name.find('/') == std::string::npos) {
      out.push_back(std::move(name));
    }
  }
  return out;
}

// A subtest is called as its author likes.
std::string quoted_name(const std::string& name) {
  std::string out;
  for (char letter : name) {
    bool special = std::string_view("\\.+*?()|[]{}^$").find(letter) !=
                   std::string_view::npos;
    out += special ? "\\" : "";
    out += letter;
  }
  return out;
}

// `^TestPut$`, `^(TestPut|TestGet)$`, for -run of go test.
std::string pattern_of(const std::vector<std::string>& names,
                       const std::vector<std::size_t>& few) {
  std::vector<std::string> words;
  words.reserve(few.size());
  for (std::size_t i : few) {
    words.push_back(quoted_name(names[i]));
  }
  return words.size() == 1 ? "^" + words[0] + "$"
                           : "^(" + join(words, "|") + ")$";
}

class Shrinking {
 public:
  Shrinking(YamlNode scenario, const IsSame& is_same)
      : now_(std::move(scenario)), is_same_(is_same) {}

  void keep_few_faults() {
    YamlNode* faults = below(now_, "faults");
    if (faults == nullptr || !faults->is(Kind::list)) {
      return;
    }
    YamlNode all = *faults;
    auto chosen = [&](const std::vector<std::size_t>& few) {
      YamlNode next = now_;
      std::vector<YamlNode>& children = below(next, "faults")->children;
      children.clear();
      for (std::size_t i : few) {
        children.push_back(all.children[i]);
      }
      return next;
    };
    now_ = chosen(fewest(all.children.size(), [&](const auto& few) {
      return is_same_(chosen(few));
    }));
  }

  // Level by level, as long as one test is left.
  void keep_few_tests(const std::vector<std::string>& tests) {
    YamlNode* workload = below(now_, "workload");
    YamlNode* go_test =
        workload == nullptr ? nullptr : below(*workload, "go_test");
    if (go_test == nullptr || !go_test->is(Kind::map)) {
      return;
    }
    std::string above;  // the pattern of what is left so far, and a slash
    std::string only;   // its name, and a slash
    for (std::vector<std::string> level = names_below(tests, "");
         !level.empty(); level = names_below(tests, only)) {
      auto chosen = [&](const std::vector<std::size_t>& few) {
        return with_run(above + pattern_of(level, few));
      };
      std::vector<std::size_t> few =
          fewest(level.size(),
                 [&](const auto& some) { return is_same_(chosen(some)); });
      if (few.size() < level.size()) {
        now_ = chosen(few);
      }
      if (few.size() != 1) {
        return;
      }
      above += pattern_of(level, few) + "/";
      only += level[few.front()] + "/";
    }
  }

  // Each field of each trigger: left out, or else fewer calls.
  void keep_short_triggers() {
    YamlNode* faults = below(now_, "faults");
    std::size_t count = faults == nullptr ? 0 : faults->children.size();
    for (std::size_t i = 0; i < count; ++i) {
      for (const char* field : {"when", "until", "nth", "chance"}) {
        if (!leave_out({i}, field)) {
          leave_out_parts(i, field);
        }
      }
      take_first_call(i);
    }
  }

  YamlNode take() { return std::move(now_); }

 private:
  // The fields of a fault, those of its trigger if that is asked for.
  struct Where {
    std::size_t fault = 0;
    std::string part = {};
  };

  static YamlNode* fields(YamlNode& scenario, const Where& where) {
    YamlNode* faults = below(scenario, "faults");
    YamlNode& fault = faults->children[where.fault];
    if (!fault.is(Kind::map) || fault.children.size() != 1) {
      return nullptr;
    }
    YamlNode* map = &fault.children[0];
    return where.part.empty() ? map : below(*map, where.part);
  }

  bool leave_out(const Where& where, const std::string& field) {
    YamlNode next = now_;
    YamlNode* map = fields(next, where);
    if (map == nullptr || below(*map, field) == nullptr) {
      return false;
    }
    std::erase_if(map->children,
                  [&](const YamlNode& child) { return child.key == field; });
    return take_if_same(std::move(next));
  }

  void leave_out_parts(std::size_t fault, const std::string& field) {
    const YamlNode* trigger = fields(now_, {fault, field});
    if (trigger == nullptr || !trigger->is(Kind::map)) {
      return;
    }
    std::vector<std::string> keys;
    for (const YamlNode& child : trigger->children) {
      keys.push_back(child.key);
    }
    for (const std::string& key : keys) {
      leave_out({fault, field}, key);
    }
  }

  // `3..` and `3..9+2` become `3`.
  void take_first_call(std::size_t fault) {
    YamlNode next = now_;
    YamlNode* nth = fields(next, {fault, "nth"});
    auto calls = nth == nullptr ? std::nullopt : parse_nth(nth->scalar);
    if (calls && calls->last != calls->first) {
      nth->scalar = std::to_string(calls->first);
      take_if_same(std::move(next));
    }
  }

  bool take_if_same(YamlNode next) {
    bool same = is_same_(next);
    if (same) {
      now_ = std::move(next);
    }
    return same;
  }

  YamlNode with_run(const std::string& pattern) const {
    YamlNode next = now_;
    YamlNode* go_test = below(*below(next, "workload"), "go_test");
    set_text(*go_test, "run", pattern);
    return next;
  }

  YamlNode now_;
  const IsSame& is_same_;
};

}  // namespace

std::vector<std::size_t> fewest(
    std::size_t all,
    const std::function<bool(const std::vector<std::size_t>&)>& has) {
  std::vector<std::size_t> few(all);
  std::iota(few.begin(), few.end(), std::size_t{0});
  std::size_t parts = 2;
  while (few.size() > 1) {
    std::size_t size = (few.size() + parts - 1) / parts;
    bool fewer = false;
    for (std::size_t first = 0; first < few.size() && !fewer; first += size) {
      std::vector<std::size_t> rest = without(few, first, size);
      fewer = !rest.empty() && has(rest);
      few = fewer ? rest : few;
    }
    if (!fewer && size == 1) {
      break;
    }
    parts = fewer ? std::max<std::size_t>(parts - 1, 2)
                  : std::min(parts * 2, few.size());
  }
  return few;
}

YamlNode shrunk(const YamlNode& scenario, const std::vector<std::string>& tests,
                const IsSame& is_same) {
  Shrinking shrinking(scenario, is_same);
  shrinking.keep_few_faults();
  shrinking.keep_few_tests(tests);
  shrinking.keep_short_triggers();
  return shrinking.take();
}

}  // namespace faultrig
