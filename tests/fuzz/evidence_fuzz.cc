// Any bytes as evidence.jsonl: an error or evidence; evidence can be judged,
// and is the same when it is written and read again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "harness/judge/expectation.h"
#include "harness/report/json.h"
#include "harness/store/evidence_file.h"

namespace {

faultrig::Scenario scenario_of(const faultrig::Evidence& evidence) {
  using faultrig::NumberTest;
  faultrig::Scenario scenario;
  scenario.workload.go_test = faultrig::GoTest{};
  for (const std::string& injector : evidence.parts().injectors) {
    faultrig::Fault fault;
    fault.injector = fault.name = injector;
    scenario.faults.push_back(fault);
  }
  NumberTest some{NumberTest::Operator::at_least, 1};
  auto expect = [&](const char* type, const char* key, faultrig::Value value) {
    faultrig::Params params;
    params.set(key, std::move(value));
    scenario.expect.push_back({type, params, {}, type});
  };
  expect("test", "exited", some);
  expect("go", "shell", some);
  expect("oom", "kills", some);
  expect("ended", "within", std::chrono::nanoseconds(5));
  expect("leftovers", "count", some);
  expect("took_effect", "fault", std::string("m"));
  expect("calls", "path", std::string("/tmp/*[a-z]?"));
  expect("tests", "each",
         std::map<std::string, std::string>{{"TestA", "pass"}});
  return scenario;
}

std::string judged(const faultrig::Evidence& evidence) {
  faultrig::Judgement judgement =
      faultrig::judge(scenario_of(evidence), evidence);
  return faultrig::judgement_line(judgement);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes,
                                      std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(bytes), size);
  auto kept = faultrig::parse_evidence(text, "fuzz");
  if (!kept) {
    return 0;
  }
  faultrig::Evidence evidence(kept->parts);
  auto again = faultrig::parse_evidence(
      faultrig::evidence_text(evidence, scenario_of(evidence)), "again");
  if (!again || judged(evidence) != judged(faultrig::Evidence(again->parts))) {
    std::abort();
  }
  return 0;
}
