#pragma once

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/injectors/rig.h"

namespace faultrig {

// `script` writes, `recover` looks at it; each is one line of bash.
inline std::string shell(const std::string& script, const std::string& recover,
                         const std::string& fault, const std::string& expect,
                         const std::string& more = "") {
  return "workload:\n" + more +
         "  command:\n    - bash\n    - -c\n    - |\n      set -e\n      " +
         script + "\n  recover:\n    - bash\n    - -c\n    - |\n      " +
         recover + "\nfaults:\n  - crash: " + fault + "\nexpect:\n" + expect;
}

inline constexpr const char* kAllIsWell =
    "  - command: {exited: 0}\n  - recover: {exited: 0}\n";

// The texts of what was seen, each behind its call.
inline std::vector<std::string> told(const Evidence& evidence, Fact fact) {
  std::vector<std::string> out;
  for (const Observation& seen : evidence.trace()) {
    if (seen.fact == fact) {
      out.push_back(seen.call + ": " + seen.text);
    }
  }
  return out;
}

// The verdict, and that all was seen.
inline void expect_seen_and_passed(const std::string& yaml) {
  SKIP_IF_MISSING(yaml);
  Rig::Told run = Rig::run(yaml);
  EXPECT_EQ(run.judgement.verdict, Verdict::pass) << told(run.judgement);
  ASSERT_NE(run.evidence, nullptr);
  EXPECT_THAT(told(*run.evidence, Fact::unrecorded), ::testing::IsEmpty());
}

}  // namespace faultrig
