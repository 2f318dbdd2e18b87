#include "harness/model/said_words.h"

#include "harness/base/units.h"
#include "harness/base/wait_status.h"
#include "harness/model/profile.h"
#include "harness/model/shown_text.h"
#include "harness/model/span.h"

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
