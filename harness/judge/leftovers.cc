// Processes of the workload that lived on when its last link had ended: found
// in its cgroups, and killed by us.
#include "harness/judge/expectations.h"
#include "harness/judge/finding.h"

namespace faultrig {

namespace {

Section leftovers_section() {
  Section section;
  section.name = "leftovers";
  section.summary = "processes of the workload that outlived it";
  section.shorthand = "count";
  section.fields = {{.key = "count",
                     .kind = Kind::count,
                     .summary = "how many; none is 0",
                     .required = true}};
  return section;
}

Finding check(const Params& params, const Evidence& evidence) {
  NumberTest wanted = params.get_or("count", NumberTest{});
  std::vector<std::size_t> cites = all_of(evidence, Fact::leftover);
  auto count = static_cast<std::int64_t>(cites.size());
  return answer(wanted.holds(count),
                std::to_string(count) + " process" + (count == 1 ? "" : "es") +
                    " outlived the workload",
                evidence, std::move(cites));
}

}  // namespace

const ExpectationType& leftovers_expectation() {
  static const Section section = leftovers_section();
  static const ExpectationType type{&section, check};
  return type;
}

}  // namespace faultrig
