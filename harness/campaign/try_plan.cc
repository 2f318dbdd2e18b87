#include "harness/campaign/try_plan.h"

#include "harness/judge/expectation.h"
#include "harness/model/golden_plan.h"

namespace faultrig {

Result<Judgement> try_plan(Session& session, const Plan& plan,
                           GoldenRuns& known) {
  GoldenResult golden;
  const Scenario& scenario = plan.scenario;
  if (scenario.golden && !scenario.faults.empty()) {
    std::string key = golden_key(plan);
    if (!known.contains(key)) {
      TRY_ASSIGN(known[key], run_golden(session, plan));
    }
    golden = known[key];
  }
  TRY_ASSIGN(Evidence evidence, run_plan(session, plan, golden));
  return judge(scenario, evidence);
}

}  // namespace faultrig
