// What became of connections on which nothing was asked when the service was
// told to stop. A service closes them in order; its death does so too, and that
// is no deed of its own.
#include "harness/judge/expectations.h"
#include "harness/judge/finding.h"
#include "harness/judge/service_facts.h"
#include "harness/model/request.h"

namespace faultrig {

namespace {

const Section& section() {
  static const Section kSection{
      .name = "connections",
      .summary = "what became of connections that a load holds open",
      .fields = {{.key = "of",
                  .kind = Kind::text,
                  .summary = "the name of the load; absent: of all"},
                 {.key = "idle",
                  .kind = Kind::choice,
                  .summary = "closed: each on which nothing was asked when the "
                             "service was told to stop was closed by it, in "
                             "order, and not by its death",
                  .required = true,
                  .choices = {"closed"}}}};
  return kSection;
}

struct Idle {
  std::vector<std::size_t> closed;
  std::vector<std::size_t> broken;  // reset, or still open
  std::vector<std::size_t> unknown;
};

Idle idle_of(const Params& params, const Evidence& evidence) {
  const auto* of = params.find<std::string>("of");
  Idle idle;
  for (std::size_t i = 0; i < evidence.trace().size(); ++i) {
    const Observation& seen = evidence.trace()[i];
    bool closed = seen.action == word_for(RequestEnd::closed);
    bool held = seen.action == word_for(RequestEnd::held);
    bool told =
        seen.fact == Fact::request || seen.fact == Fact::requests_untold;
    if (!told || (!closed && !held) || (of != nullptr && *of != seen.stream)) {
      continue;
    }
    if (seen.text == kPlaceUnknown) {
      idle.unknown.push_back(i);
    } else if (seen.text == word_for(InFlight::idle)) {
      (closed && seen.error == 0 ? idle.closed : idle.broken).push_back(i);
    }
  }
  return idle;
}

// Why its end says nothing for it; empty: it handled its signal.
std::string why_by_death(const ServiceEnd& end) {
  using How = ServiceEnd::How;
  if (end.how == How::hung) {
    return "it had not ended when its grace was over";
  }
  return end.how == How::exited || end.how == How::by_own_hand
             ? ""
             : "its death closed them: " + end.words;
}

Finding judge_idle(const Idle& idle, const ServiceEnd& end,
                   const Evidence& evidence) {
  if (!idle.broken.empty()) {
    return answer(false, "an idle connection was reset, or still open",
                  evidence, idle.broken);
  }
  if (idle.closed.empty()) {
    return cannot_tell("no connection idled when it was told to stop",
                       idle.unknown);
  }
  std::string why = why_by_death(end);
  return answer(why.empty(), why, evidence,
                why.empty() ? idle.closed : end.cites);
}

Finding check(const Params& params, const Evidence& evidence) {
  auto end = service_end(evidence);
  Finding finding =
      end ? judge_idle(idle_of(params, evidence), *end, evidence)
          : answer(false, "the service was never told to stop", evidence);
  finding.expected = "idle connections closed";
  return finding;
}

}  // namespace

const ExpectationType& connections_expectation() {
  static const ExpectationType kType{&section(), check};
  return kType;
}

}  // namespace faultrig
