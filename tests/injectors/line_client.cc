#include "tests/injectors/line_client.h"

#include <gtest/gtest.h>

#include "tests/injectors/rig.h"

namespace faultrig {

std::string client(const std::string& port, const std::string& deeds) {
  return R"--(
workload:
  command:
    - bash
    - -c
    - |
      dial() {
        exec 3<>/dev/tcp/127.0.0.1/)--" +
         port + R"--( || { echo "no connection"; return 1; }
      }
      ask() {
        echo "$1" >&3; echo "asked $1"
        line=; IFS= read -r -t 20 line <&3; code=$?
        echo "read $code: ${line:0:20} (${#line})"
      }
      bye() { exec 3>&-; }
)--" + deeds +
         R"(
      exit 0
)";
}

std::string broken(const std::string& port, const std::string& deeds,
                   const std::string& how, const std::string& expect) {
  return client(port, deeds) + "\nfaults:\n  - dependency: {to: " + port +
         ", " + how + "}\nexpect:" + expect;
}

void expect_only_by_the_fault(const std::string& yaml) {
  SKIP_IF_MISSING(yaml);
  Rig::Told ran = Rig::run(yaml);
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass)
      << told(ran.judgement) << ran.evidence->out() << ran.evidence->err();
  EXPECT_NE(Rig::run_unharmed(yaml).judgement.verdict, Verdict::pass);
}

}  // namespace faultrig
