// Each line is a small object, of which `is` says what it tells; the last one
// says how many there were, so that an output that was cut is known as such.
#include "harness/timeline/timeline_lines.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "harness/base/text.h"

namespace faultrig {

namespace {

using Json = nlohmann::json;

constexpr int kDeepest = 8;
constexpr std::int64_t kNewestForm = 1000;

// Deeper ones are left out, so that nobody recurses for them.
Json parsed(std::string_view line) {
  return Json::parse(
      line,
      [](int depth, Json::parse_event_t, const Json&) {
        return depth <= kDeepest;
      },
      false);
}

std::string text_at(const Json& object, const char* key) {
  auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>()
                                                     : "";
}

bool is_true_at(const Json& object, const char* key) {
  auto found = object.find(key);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

// Nothing: it is no whole number, or one beyond 2^63-1.
std::optional<std::int64_t> number_at(const Json& object, const char* key) {
  auto found = object.find(key);
  if (found == object.end() || !found->is_number_integer() ||
      (found->is_number_unsigned() &&
       found->get<std::uint64_t>() >
           static_cast<std::uint64_t>(
               std::numeric_limits<std::int64_t>::max()))) {
    return std::nullopt;
  }
  return found->get<std::int64_t>();
}

// Below 0, or none: 0.
std::int64_t amount_at(const Json& object, const char* key) {
  return std::max<std::int64_t>(number_at(object, key).value_or(0), 0);
}

const Json& list_at(const Json& object, const char* key) {
  static const Json kNone = Json::array();
  auto found = object.find(key);
  return found != object.end() && found->is_array() ? *found : kNone;
}

GoStack stack_in(const Json& object) {
  GoStack out;
  for (const Json& frame : list_at(object, "frames")) {
    if (frame.is_object()) {
      out.frames.push_back(
          {text_at(frame, "function"), text_at(frame, "file"),
           static_cast<int>(std::min<std::int64_t>(
               amount_at(frame, "line"), std::numeric_limits<int>::max()))});
    }
  }
  if (is_true_at(object, "cut")) {
    out.unknown = "it is deeper than what is told";
  }
  return out;
}

// Whose doing it is: the innermost function that is none of Go's own.
std::string doer_of(const GoStack& stack) {
  auto found = std::find_if(
      stack.frames.begin(), stack.frames.end(), [](const GoFrame& frame) {
        return !frame.function.empty() && !is_standard(frame.function);
      });
  return found == stack.frames.end() ? "" : found->function;
}

// The innermost function that is none of the runtime's.
std::string entry_of(const GoStack& stack) {
  auto found = std::find_if(stack.frames.begin(), stack.frames.end(),
                            [](const GoFrame& frame) {
                              return !frame.function.empty() &&
                                     !frame.function.starts_with("runtime.");
                            });
  return found == stack.frames.end() ? "" : found->function;
}

class Reading {
 public:
  Reading() {
    GoStack none;
    none.unknown = "the trace has no stack of it";
    stacks_[0] = {std::make_shared<const GoStack>(none), ""};
  }

  // False: it makes no sense.
  bool take(const Json& line) {
    if (!line.is_object() || over_) {
      return false;
    }
    std::string is = text_at(line, "is");
    if (taken_ == 0) {
      return is == "head" && take_head(line);
    }
    bool known = true;
    if (is == "stack") {
      known = take_stack(line);
    } else if (is == "waits") {
      take_waits(line);
    } else if (is == "rest") {
      out_.more_waits = amount_at(line, "times");
      out_.longest_of_more = amount_at(line, "longest");
    } else if (is == "gc") {
      take_collected(line);
    } else if (is == "steps") {
      take_steps(line);
    } else {
      over_ = is == "end" && number_at(line, "lines") == taken_;
      known = over_;
    }
    ++taken_;
    return known;
  }

  bool over() const { return over_; }
  GoTimeline timeline() { return std::move(out_); }

 private:
  struct Known {
    GoStackPtr stack;
    std::string doer;
  };

  bool take_head(const Json& line) {
    auto go = number_at(line, "go");
    auto from = number_at(line, "from");
    auto to = number_at(line, "to");
    if (!go || *go < 0 || *go > kNewestForm || !from || !to || *from > *to ||
        *from < -1) {
      return false;
    }
    out_.go = static_cast<int>(*go);
    out_.from = *from;
    out_.to = *to;
    out_.cut = text_at(line, "cut");
    ++taken_;
    return true;
  }

  bool take_stack(const Json& line) {
    auto id = number_at(line, "id");
    if (!id || *id <= 0) {
      return false;
    }
    GoStack stack = stack_in(line);
    std::string doer = doer_of(stack);
    stacks_[*id] = {std::make_shared<const GoStack>(std::move(stack)),
                    std::move(doer)};
    return true;
  }

  const Known& known_at(const Json& line, const char* key) const {
    auto found = stacks_.find(amount_at(line, key));
    return found == stacks_.end() ? stacks_.at(0) : found->second;
  }

  void take_waits(const Json& line) {
    const Known& waker = known_at(line, "by");
    std::string by = waker.doer.empty() ? entry_of(*waker.stack) : waker.doer;
    out_.waits.push_back({text_at(line, "on"), text_at(line, "word"),
                          known_at(line, "stack").stack,
                          amount_at(line, "times"), amount_at(line, "total"),
                          amount_at(line, "longest"), time_at(line),
                          amount_at(line, "g"), is_true_at(line, "open"),
                          amount_at(line, "by_g"), std::move(by)});
  }

  void take_collected(const Json& line) {
    out_.collected.push_back({text_at(line, "what"), amount_at(line, "times"),
                              amount_at(line, "total"),
                              amount_at(line, "longest"), time_at(line)});
  }

  void take_steps(const Json& line) {
    GoTimeline::Steps all;
    all.goroutine = amount_at(line, "g");
    all.cut = is_true_at(line, "cut");
    for (const Json& one : list_at(line, "steps")) {
      if (one.is_object()) {
        add_step(one, all);
      }
    }
    if (!all.steps.empty() || all.cut) {
      out_.steps.push_back(std::move(all));
    }
  }

  // What follows in the same function is no other step, unless it is marked.
  void add_step(const Json& line, GoTimeline::Steps& all) {
    const std::string& function = known_at(line, "stack").doer;
    std::string kind = text_at(line, "kind");
    bool goes_on = !all.steps.empty() && all.steps.back().function == function;
    if (kind == kStepSeen && (function.empty() || goes_on)) {
      return;
    }
    if (all.cut || all.steps.size() == kMostSteps ||
        steps_ == kMostStepsInAll) {
      all.cut = true;
      return;
    }
    ++steps_;
    all.steps.push_back(
        {std::move(kind), text_at(line, "name"), function, time_at(line)});
  }

  // Within the trace.
  std::int64_t time_at(const Json& line) const {
    return std::clamp(number_at(line, "at").value_or(out_.from), out_.from,
                      out_.to);
  }

  GoTimeline out_;
  std::map<std::int64_t, Known> stacks_;
  std::int64_t taken_ = 0;
  std::size_t steps_ = 0;
  bool over_ = false;
};

}  // namespace

Result<GoTimeline> read_timeline(std::string_view lines) {
  Reading reading;
  for (std::string_view line : lines_of(lines)) {
    if (!reading.take(parsed(line))) {
      return usage_error("what its reader says of it makes no sense");
    }
  }
  if (!reading.over()) {
    return usage_error("what its reader says of it is cut");
  }
  return reading.timeline();
}

}  // namespace faultrig
