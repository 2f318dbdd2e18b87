// The kernel counts its oom kills in the cgroup (memory.events in cgroups(7)):
// a process that only died of SIGKILL is none.
#include <limits>

#include "harness/judge/expectations.h"
#include "harness/judge/finding.h"

namespace faultrig {

namespace {

Section oom_section() {
  Section section;
  section.name = "oom";
  section.summary = "how many processes the kernel killed for want of memory";
  section.exactly_one_of = {{"kills", "at_least"}};
  section.fields = {{.key = "kills",
                     .kind = Kind::count,
                     .summary = "kills that the cgroup counted"},
                    {.key = "at_least",
                     .kind = Kind::integer,
                     .summary = "short for kills: {at_least: N}"}};
  return section;
}

Finding check(const Params& params, const Evidence& evidence) {
  NumberTest wanted{NumberTest::Operator::at_least,
                    params.get_or<std::int64_t>("at_least", 1)};
  wanted = params.get_or("kills", wanted);
  std::vector<std::size_t> cites = all_of(evidence, Fact::oom_kill);
  std::int64_t kills = 0;
  for (std::size_t index : cites) {
    std::int64_t more = evidence.trace()[index].number;
    bool sane = more > 0 && kills <= std::numeric_limits<int>::max() &&
                more <= std::numeric_limits<int>::max();
    kills += sane ? more : 0;
  }
  Finding finding = answer(wanted.holds(kills),
                           "the cgroup counted " + std::to_string(kills) +
                               " oom kill" + (kills == 1 ? "" : "s"),
                           evidence, std::move(cites));
  finding.expected = "oom kills " + wanted.text();
  return finding;
}

}  // namespace

const ExpectationType& oom_expectation() {
  static const Section section = oom_section();
  static const ExpectationType type{&section, check};
  return type;
}

}  // namespace faultrig
