#include "harness/model/said_words.h"

#include "harness/base/units.h"
#include "harness/base/wait_status.h"
#include "harness/model/profile.h"
#include "harness/model/shown_text.h"
#include "harness/model/span.h"
#include "harness/model/timeline.h"

namespace faultrig {

namespace {

// Long enough for a state of a crash with what is lost there.
constexpr std::size_t kLongestState = 400;

std::string state_words(const Observation& seen) {
  std::string end = seen.number < 0
                        ? "never started"
                        : WaitStatus(static_cast<int>(seen.number)).text();
  std::string kept = seen.path.empty() ? ""
                                       : "; in the evidence as " +
                                             shown(seen.path, kLongestState);
  return with_text(link_of(seen) + " " + end + " on a state", seen,
                   kLongestState) +
         kept;
}

std::string unrecorded_words(const Observation& seen,
                             const std::string& fault) {
  std::string by =
      seen.call.empty() ? "" : ": " + shown(seen.call) + " of " + link_of(seen);
  return with_text(
      "what was done to the folder of " + fault + " is not all known" + by,
      seen);
}

std::string profile_words(const Observation& seen) {
  std::string of = "the " + shown(seen.action) + " profile of " + link_of(seen);
  switch (seen.fact) {
    case Fact::profile_kept:
      return of + " was kept as " + shown(seen.path) + ", over " +
             amount_text(seen.number, "nanoseconds");
    case Fact::profile_lost:
      return with_text(of + " is lost", seen);
    case Fact::profile_untold:
      return with_text(
          std::to_string(seen.number) + " in " + of + " is not told", seen);
    default:
      break;
  }
  std::string where = seen.stack == nullptr ? "" : stack_text(*seen.stack);
  return std::to_string(seen.number) + " in " + of +
         (where.empty() ? "" : " by " + shown(where));
}

std::string span_words(const Observation& seen) {
  std::string of = seen.stream.empty() ? "" : " of " + shown(seen.stream);
  std::string line = "span " + shown(seen.text) + of + ", " +
                     shown(seen.action) + ", took " +
                     format_elapsed(std::chrono::nanoseconds(seen.number));
  bool whole = seen.names.size() >= kSpanNames;
  std::string why = !whole ? ""
                    : seen.names[kSpanMessage].empty()
                        ? seen.names[kSpanError]
                        : seen.names[kSpanMessage];
  return line + (why.empty() ? "" : ": " + shown(why));
}

std::string trace_words(const Observation& seen) {
  std::string of = "the execution trace of " + link_of(seen);
  if (seen.fact == Fact::trace_lost) {
    return with_text(of + " is lost", seen);
  }
  bool cut = seen.names.size() >= kTraceNames && !seen.names[kTraceCut].empty();
  return of + " was kept as " + shown(seen.path) + ", over " +
         amount_text(seen.number, "nanoseconds") +
         (cut ? ", and is cut: " + shown(seen.names[kTraceCut]) : "");
}

std::string waited_words(const Observation& seen) {
  bool whole = seen.names.size() >= kWaitNames;
  std::string where = seen.stack == nullptr ? "" : stack_text(*seen.stack);
  std::string by = whole ? seen.names[kWaitBy] : "";
  bool open = whole && !seen.names[kWaitOpen].empty();
  return "a goroutine of " + link_of(seen) + " waited " +
         waited_text(seen.number) + " [" +
         shown(seen.text.empty() ? seen.action : seen.text) + "]" +
         (where.empty() ? "" : " in " + shown(where)) +
         (open         ? ", to the end"
          : by.empty() ? ""
                       : ", woken in " + shown(by)) +
         (whole && seen.names[kWaitTimes] != "1"
              ? "; the longest of " + shown(seen.names[kWaitTimes])
              : "");
}

std::string collected_words(const Observation& seen) {
  std::string times =
      seen.names.empty() ? "" : "; the longest of " + shown(seen.names[0]);
  return "a " + shown(seen.action) + " of garbage collection of " +
         link_of(seen) + " took " + waited_text(seen.number) + times;
}

std::string steps_words(const Observation& seen) {
  std::string line = std::to_string(seen.number) + " goroutine" +
                     (seen.number == 1 ? "" : "s") + " of " + link_of(seen) +
                     ":";
  for (std::size_t i = 0; i + kStepNames <= seen.names.size();
       i += kStepNames) {
    const std::string& name = seen.names[i + kStepName];
    line += (i == 0 ? " " : ", ") +
            shown(name.empty() ? seen.names[i + kStepFunction] : name);
    if (line.size() > kLongestShown) {
      return line + " ...";
    }
  }
  return line + (seen.action.empty() ? "" : " ...");
}

std::string lost_words(const Observation& seen) {
  std::string many = seen.number > 0 ? std::to_string(seen.number) + " " : "";
  return with_text(many + "spans of " + link_of(seen) + " are lost", seen);
}

std::string child_words(const Observation& seen) {
  std::string who = "child " + shown(seen.text) + " of " + link_of(seen) +
                    " (process " + std::to_string(seen.pid) + ")";
  return seen.fact == Fact::child_seen
             ? who + " started"
             : who + " " + WaitStatus(static_cast<int>(seen.number)).text();
}

}  // namespace

std::string said_words(const Observation& observation,
                       const std::string& fault) {
  switch (observation.fact) {
    case Fact::state_tried:
      return state_words(observation);
    case Fact::unrecorded:
      return unrecorded_words(observation, fault);
    case Fact::profile_kept:
    case Fact::profile_there:
    case Fact::profile_untold:
    case Fact::profile_lost:
      return profile_words(observation);
    case Fact::trace_kept:
    case Fact::trace_lost:
      return trace_words(observation);
    case Fact::waited:
      return waited_words(observation);
    case Fact::collected:
      return collected_words(observation);
    case Fact::steps_taken:
      return steps_words(observation);
    case Fact::timeline_untold:
      return std::to_string(observation.number) + " more of " +
             shown(observation.action) + " of " + link_of(observation) +
             " are not told";
    case Fact::span:
      return span_words(observation);
    case Fact::spans_lost:
      return lost_words(observation);
    case Fact::child_seen:
    case Fact::child_ended:
      return child_words(observation);
    case Fact::recover_said:
      return with_text(link_of(observation) + " printed", observation);
    default:
      return with_text(link_of(observation) + " asked a resolver", observation);
  }
}

}  // namespace faultrig
