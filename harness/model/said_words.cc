#include "harness/model/said_words.h"

#include "harness/base/text.h"
#include "harness/base/wait_status.h"

namespace faultrig {

namespace {

// Long enough for a state of a crash with what is lost there.
std::string shown(const std::string& text, std::size_t longest = 400) {
  bool cut = text.size() > longest;
  return for_one_line(text.substr(0, longest)) + (cut ? "..." : "");
}

std::string with_text(const std::string& line, const Observation& seen) {
  constexpr std::size_t kOfOutput = 200;
  bool state = seen.fact == Fact::state_tried;
  return seen.text.empty()
             ? line
             : line + ": " +
                   (state ? shown(seen.text) : shown(seen.text, kOfOutput));
}

std::string link_of(const Observation& seen) {
  return seen.link.empty() ? "process" : shown(seen.link);
}

std::string state_words(const Observation& seen) {
  std::string end = seen.number < 0
                        ? "never started"
                        : WaitStatus(static_cast<int>(seen.number)).text();
  std::string kept =
      seen.path.empty() ? "" : "; in the evidence as " + shown(seen.path);
  return with_text(link_of(seen) + " " + end + " on a state", seen) + kept;
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
