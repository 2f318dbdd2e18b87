#include "harness/judge/looks.h"

#include <algorithm>

#include "harness/judge/finding.h"
#include "harness/judge/go_names.h"

namespace faultrig {

namespace {

JudgedLook begun(const Observation& seen, std::size_t index) {
  JudgedLook look;
  look.link = seen.link;
  look.pid = seen.pid;
  look.at = seen.at;
  look.cite = index;
  return look;
}

// Those of a hang have no head: they follow each other, process by process.
bool goes_on(const JudgedLook& look, const Observation& seen) {
  return look.moment.empty() && look.link == seen.link && look.pid == seen.pid;
}

}  // namespace

std::vector<JudgedLook> looks_of(const Evidence& evidence) {
  std::vector<JudgedLook> out;
  for (std::size_t i = 0; i < evidence.trace().size(); ++i) {
    const Observation& seen = evidence.trace()[i];
    bool of_hang =
        seen.fact == Fact::goroutines_seen ||
        (seen.fact == Fact::goroutines_unseen && seen.action.empty());
    if (seen.fact == Fact::goroutine_look) {
      out.push_back(begun(seen, i));
      out.back().moment = seen.action;
      out.back().what = seen.text;
      out.back().failed = seen.number == 0;
      out.back().whole = seen.number > 0;
    } else if (of_hang && (out.empty() || !goes_on(out.back(), seen))) {
      out.push_back(begun(seen, i));
    }
    if (out.empty()) {
      continue;
    }
    if (seen.fact == Fact::goroutines_seen ||
        seen.fact == Fact::goroutines_there) {
      out.back().groups.push_back(i);
    } else if (seen.fact == Fact::goroutines_unseen) {
      out.back().whole = false;
      out.back().failed = out.back().groups.empty() && seen.number == 0;
      out.back().what = out.back().failed ? seen.text : out.back().what;
    }
  }
  return out;
}

std::string innermost(const Observation& group) {
  if (group.stack == nullptr) {
    return "";
  }
  for (const GoFrame& frame : group.stack->frames) {
    if (!frame.function.starts_with("runtime.")) {
      return frame.function;
    }
  }
  return "";
}

std::string_view class_of(const Observation& group) {
  std::vector<Frame> printed;
  if (group.stack != nullptr) {
    for (const GoFrame& frame : group.stack->frames) {
      printed.push_back({frame.function, frame.file, frame.line});
    }
  }
  return state_class(group.action, printed);
}

std::string group_text(const Observation& group) {
  std::string where = group.stack == nullptr ? "" : stack_text(*group.stack);
  where = where.empty() ? innermost(group) : where;
  std::string text = std::to_string(group.number) +
                     (group.number == 1 ? " goroutine [" : " goroutines [") +
                     group.action + "]";
  text += where.empty() ? "" : " in " + where;
  return text + (group.call.empty() ? "" : ", made by " + group.call);
}

bool is_ignored(const Observation& group,
                const std::vector<std::string>& ignored) {
  return std::any_of(
      ignored.begin(), ignored.end(), [&](const std::string& name) {
        if (names_function(group.call, name)) {
          return true;
        }
        return group.stack != nullptr &&
               std::any_of(group.stack->frames.begin(),
                           group.stack->frames.end(),
                           [&](const GoFrame& frame) {
                             return names_function(frame.function, name);
                           });
      });
}

}  // namespace faultrig
