// A second life on the kept folders: ready in time, and with each write that
// the first one had acknowledged.
#include "harness/base/units.h"
#include "harness/judge/expectations.h"
#include "harness/judge/finding.h"

namespace faultrig {

namespace {

using std::chrono::nanoseconds;

const Section& section() {
  static const Section kSection{
      .name = "again",
      .summary =
          "the service, started once more on the folders that it keeps, "
          "without faults",
      .fields = {{.key = "ready_within",
                  .kind = Kind::duration,
                  .summary = "it gets ready so soon",
                  .fallback = "10s"},
                 {.key = "finds",
                  .kind = Kind::text,
                  .summary = "the name of a load of writes: each that was "
                             "acknowledged is there"},
                 {.key = "lost",
                  .kind = Kind::count,
                  .summary = "beside finds: how many of them are not there, "
                             "in place of none"}}};
  return kSection;
}

Finding check_writes(const Params& params, const Evidence& evidence) {
  auto found = evidence.first(Fact::write_found);
  std::vector<std::size_t> lost = all_of(evidence, Fact::write_lost);
  const auto* wanted = params.find<NumberTest>("lost");
  if (wanted != nullptr && (found || !lost.empty())) {
    std::string what = std::to_string(lost.size()) +
                       " acknowledged writes are not there, where " +
                       wanted->text() + " was expected";
    return answer_count(*wanted, what, evidence,
                        {static_cast<std::int64_t>(lost.size()), 0, {}, lost});
  }
  if (!lost.empty()) {
    return answer(
        false,
        std::to_string(lost.size()) + " acknowledged writes are not there",
        evidence, lost);
  }
  if (!found) {
    return cannot_tell("no write was acknowledged, or it could not be asked");
  }
  return answer(evidence.trace()[*found].number > 0, "", evidence, {*found});
}

Finding judge_life(const Params& params, const Evidence& evidence) {
  auto unready = evidence.first(Fact::second_unready);
  auto ready = evidence.first(Fact::second_ready);
  if (unready) {
    return answer(false, "its second life never got ready", evidence,
                  {*unready});
  }
  if (!ready) {
    return cannot_tell("it had no second life");
  }
  nanoseconds took(evidence.trace()[*ready].number);
  if (took > params.get_or("ready_within", took)) {
    return answer(false, "it was ready too late", evidence, {*ready});
  }
  return params.has("finds") ? check_writes(params, evidence)
                             : answer(true, "", evidence, {*ready});
}

Finding check(const Params& params, const Evidence& evidence) {
  Finding finding = judge_life(params, evidence);
  const auto* finds = params.find<std::string>("finds");
  finding.expected = "ready again";
  finding.expected +=
      finds == nullptr ? ""
      : params.has("lost")
          ? ", without some that " + *finds + " had acknowledged"
          : ", with all that " + *finds + " had acknowledged";
  return finding;
}

}  // namespace

const ExpectationType& again_expectation() {
  static const ExpectationType kType{&section(), check};
  return kType;
}

}  // namespace faultrig
