#include "harness/model/said_words.h"

#include "harness/base/wait_status.h"
#include "harness/model/shown_text.h"

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

}  // namespace

std::string said_words(const Observation& observation,
                       const std::string& fault) {
  switch (observation.fact) {
    case Fact::state_tried:
      return state_words(observation);
    case Fact::unrecorded:
      return unrecorded_words(observation, fault);
    case Fact::recover_said:
      return with_text(link_of(observation) + " printed", observation);
    default:
      return with_text(link_of(observation) + " asked a resolver", observation);
  }
}

}  // namespace faultrig
