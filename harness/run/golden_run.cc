// The golden run: what a workload does without its faults has to end well, or
// what it does with them says nothing.
#include <algorithm>

#include "harness/base/go_heading.h"
#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/model/golden_plan.h"
#include "harness/model/lacked_need.h"
#include "harness/run/runner.h"
#include "harness/run/session.h"

namespace faultrig {

namespace {

// As much of what was printed as a reader wants, behind something else.
std::string behind_colon(const std::string& words) {
  return words.empty() ? "" : ": " + for_one_line(words.substr(0, 200));
}

std::string first_words_of(const Evidence& evidence) {
  std::string out = first_telling_line(evidence.out());
  std::string words = first_telling_line(evidence.err());
  if (words.empty() || (is_go_heading(words) && !out.empty())) {
    words = out;
  }
  return behind_colon(words);
}

// What we refuse may be all that is wrong with a workload.
std::string refused_in(const Evidence& evidence) {
  auto refused = evidence.first(Fact::call_refused);
  return refused ? " (" + describe(evidence.trace()[*refused]) + ")" : "";
}

// What never ends by itself is no mistake: it only has no golden run.
std::string late_words(const Plan& plan, const Evidence& evidence) {
  const Observation& passed =
      evidence.trace()[*evidence.first(Fact::deadline_passed)];
  std::string time = format_duration(std::chrono::nanoseconds(passed.number));
  bool tested =
      std::any_of(evidence.exits().begin(), evidence.exits().end(),
                  [](const LinkEnd& end) { return end.link == Link::test; });
  if (plan.has_go() && !tested) {
    return "go had started no test after " + time +
           ": give it more by `compile_within`";
  }
  return "it had not ended after its deadline of " + time +
         ", and we stopped it; of a server, which runs until it is told to "
         "stop, there is no golden run: say `golden: false` beside "
         "`workload`; what is slow needs a longer `deadline`" +
         first_words_of(evidence);
}

// A service has no end of its own: it gets ready, and ends within its grace
// when it is told to, however it ends then.
GoldenResult golden_service(const Evidence& evidence) {
  if (auto lacked = lacked_need(evidence)) {
    return {Golden::bad, lacked->why};
  }
  for (Fact fact :
       {Fact::service_unready, Fact::grace_passed, Fact::deadline_passed,
        Fact::trouble, Fact::supervision_lost}) {
    if (auto found = evidence.first(fact)) {
      return {Golden::bad, describe(evidence.trace()[*found]) +
                               refused_in(evidence) + first_words_of(evidence)};
    }
  }
  if (!evidence.first(Fact::service_stopped)) {
    const ExitChain& chain = evidence.exits();
    if (chain.empty() || !chain[0].status) {
      return {Golden::bad, "the service never started: " +
                               (chain.empty() ? "" : chain[0].why_not_started)};
    }
    return {Golden::bad,
            "the service ended of its own accord: " + chain[0].status->text() +
                first_words_of(evidence)};
  }
  return {Golden::good, ""};
}

std::string how_it_ended(const LinkEnd& end) {
  return end.status ? end.status->text()
                    : "never started: " + end.why_not_started;
}

// What looks at what is left must find nothing wrong where nothing went wrong.
std::string trouble_of_recover(const Evidence& evidence) {
  for (const LinkEnd& end : evidence.beside()) {
    if (end.link == Link::recover && (!end.status || !end.status->clean())) {
      auto said = evidence.first(Fact::recover_said);
      return "recover " + how_it_ended(end) +
             behind_colon(
                 said ? first_telling_line(evidence.trace()[*said].text) : "");
    }
  }
  return "";
}

GoldenResult golden_of(const Plan& plan, const Evidence& evidence) {
  if (plan.scenario.workload.service) {
    return golden_service(evidence);
  }
  if (evidence.first(Fact::deadline_passed)) {
    return {Golden::bad, late_words(plan, evidence)};
  }
  for (const LinkEnd& end : evidence.exits()) {
    if (!end.status || !end.status->clean()) {
      return {Golden::bad, std::string(link_name(end.link)) + " " +
                               how_it_ended(end) + refused_in(evidence) +
                               first_words_of(evidence)};
    }
  }
  for (Fact fact : {Fact::trouble, Fact::supervision_lost}) {
    if (auto trouble = evidence.first(fact)) {
      return {Golden::bad, evidence.trace()[*trouble].text};
    }
  }
  return {Golden::good, ""};
}

}  // namespace

Result<GoldenResult> run_golden(Session& session, const Plan& plan) {
  auto ran = run_plan(session, without_faults(plan), {});
  if (!ran && session.stopped()) {
    return ran.error();
  }
  if (!ran) {
    return GoldenResult{Golden::bad, ran.error().what};
  }
  GoldenResult golden = golden_of(plan, *ran);
  std::string recover = trouble_of_recover(*ran);
  return golden.golden == Golden::good && !recover.empty()
             ? GoldenResult{Golden::bad, recover}
             : golden;
}

}  // namespace faultrig
