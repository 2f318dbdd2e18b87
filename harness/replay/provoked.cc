#include "harness/replay/provoked.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "harness/base/yaml_word.h"

namespace faultrig {

namespace {

// What a cause is provoked by, where an injector can.
struct Provoked {
  std::string_view cause;
  std::string_view fault;  // `{}`: when, for a signal
  std::string_view what;
};
constexpr std::array kProvoked{
    Provoked{"killed_from_outside", "signal: {{send: SIGKILL{}}}",
             "SIGKILL from outside"},
    Provoked{"sigkill", "signal: {{send: SIGKILL{}}}", "SIGKILL from outside"},
    Provoked{"shell_killed", "signal: {{send: SIGKILL{}}}",
             "SIGKILL from outside"},
    Provoked{"ci_killed", "signal: {{send: SIGKILL{}}}",
             "SIGKILL from outside"},
    Provoked{"oom_kill", "signal: {{send: SIGKILL{}}}",
             "SIGKILL, as the OOM killer sends it"},
    Provoked{"sigterm", "signal: {{send: SIGTERM{}}}", "SIGTERM from outside"},
    Provoked{"sigint", "signal: {{send: SIGINT{}}}", "SIGINT from outside"},
    Provoked{"sighup", "signal: {{send: SIGHUP{}}}", "SIGHUP from outside"},
    Provoked{"quit_dump", "signal: {{send: SIGQUIT{}}}",
             "SIGQUIT from outside"},
    Provoked{"term_to_go", "signal: {{send: SIGTERM, to: go{}}}",
             "SIGTERM to go alone"},
    Provoked{"term_to_all", "signal: {{send: SIGTERM, to: group{}}}",
             "SIGTERM to the process group"},
};

std::string moment_of(const Explanation& explanation) {
  return explanation.tests.empty()
             ? ""
             : ", when: {test: " + yaml_word(explanation.tests.back()) + "}";
}

ReplayCandidate of_cause(const Provoked& row, const Named& named,
                         const Explanation& known) {
  ReplayCandidate one;
  one.what = row.what;
  one.fault = fmt::format(fmt::runtime(row.fault), moment_of(known));
  one.name = one.fault.substr(0, one.fault.find(':'));
  one.score = 6;
  one.because = {"+6: it ends so: " + named.cause->title};
  for (const Quote& quote : known.quotes) {
    one.rests_on.push_back({"", quote.line, quote.text});
  }
  return one;
}

}  // namespace

std::vector<ReplayCandidate> provoked_by(const Explanation& known,
                                         const ToldLimit& limit) {
  std::vector<ReplayCandidate> out;
  for (const Named& named : known.causes) {
    const auto* row = std::find_if(
        kProvoked.begin(), kProvoked.end(),
        [&](const Provoked& one) { return one.cause == named.cause->id; });
    if (row == kProvoked.end()) {
      continue;
    }
    ReplayCandidate one = of_cause(*row, named, known);
    out.push_back(one);
    if (row->cause == "oom_kill" && !limit.size.empty()) {
      one.what = "no more memory than " + limit.size;
      one.fault = "memory: {max: " + limit.size + "}";
      one.name = one.fault.substr(0, one.fault.find(':'));
      one.score += 2;
      one.because.emplace_back("+2: the kernel told the limit");
      one.rests_on.push_back(limit.where);
      out.push_back(std::move(one));
    }
  }
  return out;
}

}  // namespace faultrig
