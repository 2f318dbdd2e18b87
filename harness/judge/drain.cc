// How long a service took from the signal that was to stop it to its end: by
// the kernel's times, of the sending and of the reaping.
#include <optional>

#include "harness/base/units.h"
#include "harness/judge/expectations.h"
#include "harness/judge/finding.h"
#include "harness/judge/service_facts.h"

namespace faultrig {

namespace {

using std::chrono::nanoseconds;

const Section& section() {
  static const Section kSection{
      .name = "drain",
      .summary =
          "the time from the signal that was to stop the service to its "
          "end",
      .fields = {{.key = "within",
                  .kind = Kind::duration,
                  .summary = "it took at most so long"},
                 {.key = "at_least",
                  .kind = Kind::duration,
                  .summary = "it took at least so long"}},
      .shorthand = "within",
      .needs_any = true};
  return kSection;
}

std::string expected(const nanoseconds* within, const nanoseconds* least) {
  std::string text = "service drained";
  text += within == nullptr ? "" : " within " + format_duration(*within);
  return text +
         (least == nullptr ? "" : " in at least " + format_duration(*least));
}

Finding check(const Params& params, const Evidence& evidence) {
  const auto* within = params.find<nanoseconds>("within");
  const auto* least = params.find<nanoseconds>("at_least");
  Finding finding;
  std::optional<ServiceEnd> end = service_end(evidence);
  if (!end || end->cites.size() != 2) {
    finding = answer(false, "the service was never told to stop", evidence);
  } else if (end->how == ServiceEnd::How::hung) {
    finding = answer(false, "it had not ended when its grace was over",
                     evidence, end->cites);
  } else {
    nanoseconds took =
        evidence.trace()[end->cites[1]].at - evidence.trace()[end->cites[0]].at;
    bool holds = (within == nullptr || took <= *within) &&
                 (least == nullptr || took >= *least);
    finding =
        answer(holds, "it took " + format_elapsed(took), evidence, end->cites);
  }
  finding.expected = expected(within, least);
  return finding;
}

}  // namespace

const ExpectationType& drain_expectation() {
  static const ExpectationType kType{&section(), check};
  return kType;
}

}  // namespace faultrig
