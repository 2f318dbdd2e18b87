// The form of src/runtime/traceback.go, with `(...)` where arguments would be,
// as Go itself has it of inlined functions.
#include "harness/report/goroutines.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <tuple>

#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "harness/report/json_texts.h"

namespace faultrig {

namespace {

using Json = nlohmann::ordered_json;
using std::chrono::duration_cast;
using std::chrono::minutes;

std::vector<GoFrame> frames_of(const SeenGoroutine& one,
                               const GoroutineView& view) {
  return view.internal ? one.stack->frames : shown_frames(*one.stack);
}

// A panic is called so in dumps.
std::string call_text(const GoFrame& frame) {
  return (frame.function == "runtime.gopanic" ? "panic"
                                              : for_one_line(frame.function)) +
         "(...)\n";
}

std::string place_text(const GoFrame& frame) {
  return "\t" + for_one_line(frame.file) + ":" + std::to_string(frame.line) +
         "\n";
}

std::string state_text(const SeenGoroutine& one) {
  std::string text = for_one_line(one.state);
  auto waited = one.waited ? duration_cast<minutes>(*one.waited) : minutes(0);
  if (waited.count() >= 1) {
    text += ", " + std::to_string(waited.count()) + " minutes";
  }
  return text + (one.locked ? ", locked to thread" : "");
}

// All below the first line.
std::string body_text(const SeenGoroutine& one, const GoroutineView& view,
                      bool with_parent) {
  std::string text;
  if (one.stack->frames.empty() && !one.stack->unknown.empty()) {
    text += one.state == "running"
                ? "\tgoroutine running on other thread; stack unavailable\n"
                : "\tstack unknown: " + for_one_line(one.stack->unknown) + "\n";
  }
  for (const GoFrame& frame : frames_of(one, view)) {
    text += call_text(frame) + place_text(frame);
  }
  if (!one.stack->frames.empty() && !one.stack->unknown.empty()) {
    text += "...additional frames elided...\n";
  }
  if (one.created_by) {
    text += "created by " + for_one_line(one.created_by->function);
    if (with_parent && one.created_in != 0) {
      text += " in goroutine " + std::to_string(one.created_in);
    }
    text += "\n" + place_text(*one.created_by);
  }
  return text;
}

using Goroutines = std::vector<const SeenGoroutine*>;

Goroutines told_of(const GoroutineLook& look, const GoroutineView& view) {
  Goroutines out;
  for (const SeenGoroutine& one : look.goroutines) {
    if (view.internal || !one.internal) {
      out.push_back(&one);
    }
  }
  return out;
}

// The same state, the same stack, created at the same place.
std::vector<Goroutines> groups_of(const GoroutineLook& look,
                                  const GoroutineView& view) {
  std::map<std::tuple<std::string, std::string>, Goroutines> by_kind;
  for (const SeenGoroutine* one : told_of(look, view)) {
    by_kind[{one->state, body_text(*one, view, false)}].push_back(one);
  }
  std::vector<Goroutines> out;
  out.reserve(by_kind.size());
  for (auto& [kind, group] : by_kind) {
    out.push_back(std::move(group));
  }
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return a.size() > b.size();
  });
  return out;
}

std::string ids_text(const Goroutines& group) {
  constexpr std::size_t kMostShown = 8;
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < std::min(group.size(), kMostShown); ++i) {
    ids.push_back(std::to_string(group[i]->id));
  }
  std::string text = join(ids, " ");
  return group.size() > kMostShown ? text + " ..." : text;
}

// Who waits longest speaks for all of them.
const SeenGoroutine& oldest(const Goroutines& group) {
  return **std::max_element(
      group.begin(), group.end(),
      [](const auto* a, const auto* b) { return a->waited < b->waited; });
}

std::string group_text(const Goroutines& group, const GoroutineView& view) {
  std::string count = std::to_string(group.size());
  return count + (group.size() == 1 ? " goroutine [" : " goroutines [") +
         state_text(oldest(group)) + "]: " + ids_text(group) + "\n" +
         body_text(*group.front(), view, false);
}

Json frame_json(const GoFrame& frame) {
  return {{"function", valid_utf8(frame.function)},
          {"file", valid_utf8(frame.file)},
          {"line", frame.line}};
}

Json goroutine_json(const SeenGoroutine& one, const GoroutineView& view) {
  Json json{{"id", one.id}, {"state", valid_utf8(one.state)}};
  if (one.waited) {
    json["waited_ms"] =
        duration_cast<std::chrono::milliseconds>(*one.waited).count();
  }
  json["locked_to_thread"] = one.locked;
  json["internal"] = one.internal;
  json["frames"] = Json::array();
  for (const GoFrame& frame : frames_of(one, view)) {
    json["frames"].push_back(frame_json(frame));
  }
  if (!one.stack->unknown.empty()) {
    json["unknown"] = valid_utf8(one.stack->unknown);
  }
  if (one.torn) {
    json["torn"] = true;
  }
  if (one.created_by) {
    json["created_by"] = frame_json(*one.created_by);
    if (one.created_in != 0) {
      json["created_by"]["goroutine"] = one.created_in;
    }
  }
  return json;
}

Json group_json(const Goroutines& group, const GoroutineView& view) {
  Json json = goroutine_json(oldest(group), view);
  json.erase("id");
  json["count"] = group.size();
  json["ids"] = Json::array();
  for (const SeenGoroutine* one : group) {
    json["ids"].push_back(one->id);
  }
  return json;
}

}  // namespace

std::string goroutines_text(const GoroutineLook& look,
                            const GoroutineView& view) {
  std::vector<std::string> parts;
  if (view.grouped) {
    for (const Goroutines& group : groups_of(look, view)) {
      parts.push_back(group_text(group, view));
    }
  } else {
    for (const SeenGoroutine* one : told_of(look, view)) {
      parts.push_back("goroutine " + std::to_string(one->id) + " [" +
                      state_text(*one) + "]:\n" + body_text(*one, view, true));
    }
  }
  return join(parts, "\n");
}

std::vector<std::string> goroutine_remarks(const GoroutineLook& look) {
  std::vector<std::string> out;
  std::map<std::string, std::vector<const SeenGoroutine*>> unknown;
  for (const SeenGoroutine& one : look.goroutines) {
    if (!one.stack->unknown.empty() && !one.internal) {
      unknown[one.stack->unknown].push_back(&one);
    }
  }
  out.reserve(unknown.size() + 2);
  for (const auto& [why, group] : unknown) {
    out.push_back("the stack of goroutine " + ids_text(group) +
                  " is not known, or not all of it: " + why);
  }
  if (look.unread > 0) {
    out.push_back(std::to_string(look.unread) +
                  " goroutines are missing: they could not be read");
  }
  if (look.left_out > 0) {
    out.push_back(std::to_string(look.left_out) +
                  " goroutines are missing: there are too many");
  }
  return out;
}

std::string goroutines_json(const GoroutineLook& look,
                            const GoroutineView& view) {
  Json json{{"go", valid_utf8(look.go)}};
  if (view.grouped) {
    json["groups"] = Json::array();
    for (const Goroutines& group : groups_of(look, view)) {
      json["groups"].push_back(group_json(group, view));
    }
  } else {
    json["goroutines"] = Json::array();
    for (const SeenGoroutine* one : told_of(look, view)) {
      json["goroutines"].push_back(goroutine_json(*one, view));
    }
  }
  json["unread"] = look.unread;
  json["left_out"] = look.left_out;
  return for_json(json.dump(2)) + "\n";
}

}  // namespace faultrig
