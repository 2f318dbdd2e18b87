// What the URL that tells whether a service is ready answers once it was told
// to stop. A balancer takes out who says so, while it still listens: who
// refuses connections first has lost those that came meanwhile.
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
      .name = "readiness",
      .summary =
          "what the URL of `ready` answers after the signal that was to "
          "stop the service, while it still listens",
      .fields = {{.key = "turns",
                  .kind = Kind::integer,
                  .summary = "the status that it turns to",
                  .least = 100},
                 {.key = "keeps",
                  .kind = Kind::integer,
                  .summary = "the status of every answer, so that it never "
                             "turns",
                  .least = 100},
                 {.key = "within",
                  .kind = Kind::duration,
                  .summary = "so long after the signal at most"}},
      .shorthand = "turns",
      .exactly_one_of = {{"turns", "keeps"}}};
  return kSection;
}

Finding judge_turn(const Params& params, const Evidence& evidence,
                   std::size_t stop) {
  auto wanted = params.get<std::int64_t>("turns");
  const auto* within = params.find<nanoseconds>("within");
  std::optional<std::size_t> last;
  for (std::size_t i = stop; i < evidence.trace().size(); ++i) {
    const Observation& seen = evidence.trace()[i];
    if (seen.fact != Fact::health) {
      continue;
    }
    last = i;
    nanoseconds took = seen.at - evidence.trace()[stop].at;
    if (seen.error == 0 && seen.number == wanted) {
      return answer(within == nullptr || took <= *within,
                    "it turned after " + format_elapsed(took), evidence,
                    {stop, i});
    }
    if (seen.error != 0) {
      return answer(false,
                    "no connection was answered any more before it turned",
                    evidence, {stop, i});
    }
  }
  return last ? answer(false, "it never turned", evidence, {stop, *last})
              : cannot_tell("it ended before it could be asked", {stop});
}

// Each status is told when it is another than before.
Finding judge_kept(std::int64_t status, const Evidence& evidence,
                   std::size_t stop) {
  std::vector<std::size_t> kept;
  for (std::size_t i = stop; i < evidence.trace().size(); ++i) {
    const Observation& seen = evidence.trace()[i];
    if (seen.fact == Fact::health && seen.error == 0) {
      if (seen.number != status) {
        return answer(false, "it turned", evidence, {stop, i});
      }
      kept.push_back(i);
    }
  }
  return kept.empty() ? cannot_tell("it ended before it could be asked", {stop})
                      : answer(true, "", evidence, kept);
}

Finding check(const Params& params, const Evidence& evidence) {
  auto end = service_end(evidence);
  const auto* keeps = params.find<std::int64_t>("keeps");
  Finding finding =
      !end || end->cites.size() != 2
          ? answer(false, "the service was never told to stop", evidence)
      : keeps != nullptr ? judge_kept(*keeps, evidence, end->cites[0])
                         : judge_turn(params, evidence, end->cites[0]);
  const auto* within = params.find<nanoseconds>("within");
  if (keeps != nullptr) {
    finding.expected = "readiness keeps " + std::to_string(*keeps);
    return finding;
  }
  finding.expected =
      "readiness turns " + std::to_string(params.get<std::int64_t>("turns")) +
      (within == nullptr ? "" : " within " + format_duration(*within));
  return finding;
}

}  // namespace

const ExpectationType& readiness_expectation() {
  static const ExpectationType kType{&section(), check};
  return kType;
}

}  // namespace faultrig
