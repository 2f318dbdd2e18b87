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
  std::string_view killed_by = {};  // what the workload ends by
  std::string_view exited = {};
};
constexpr std::array kProvoked{
    Provoked{"killed_from_outside", "signal: {{send: SIGKILL{}}}",
             "SIGKILL from outside", "SIGKILL"},
    Provoked{"sigkill", "signal: {{send: SIGKILL{}}}", "SIGKILL from outside",
             "SIGKILL"},
    Provoked{"shell_killed", "signal: {{send: SIGKILL{}}}",
             "SIGKILL from outside", "SIGKILL"},
    Provoked{"ci_killed", "signal: {{send: SIGKILL{}}}", "SIGKILL from outside",
             "SIGKILL"},
    Provoked{"oom_kill", "signal: {{send: SIGKILL{}}}",
             "SIGKILL, as the OOM killer sends it", "SIGKILL"},
    Provoked{"sigterm", "signal: {{send: SIGTERM{}}}", "SIGTERM from outside",
             "SIGTERM"},
    Provoked{"sigint", "signal: {{send: SIGINT{}}}", "SIGINT from outside",
             "SIGINT"},
    Provoked{"sighup", "signal: {{send: SIGHUP{}}}", "SIGHUP from outside",
             "SIGHUP"},
    Provoked{"quit_dump", "signal: {{send: SIGQUIT{}}}", "SIGQUIT from outside",
             "", "2"},
    Provoked{"term_to_go", "signal: {{send: SIGTERM, to: go{}}}",
             "SIGTERM to go alone"},
    Provoked{"term_to_all", "signal: {{send: SIGTERM, to: group{}}}",
             "SIGTERM to the process group"},
};

std::string moment_of(const Explanation& explanation,
                      const std::string& running) {
  const std::string& test =
      explanation.tests.empty() ? running : explanation.tests.back();
  return test.empty() ? "" : ", when: {test: " + yaml_word(test) + "}";
}

ReplayCandidate of_cause(const Provoked& row, const Named& named,
                         const Explanation& known, const std::string& running) {
  ReplayCandidate one;
  one.what = row.what;
  one.fault = fmt::format(fmt::runtime(row.fault), moment_of(known, running));
  one.name = injector_of(one.fault);
  one.score = 6;
  one.because = {"+6: it ends so: " + named.cause->title};
  for (const Quote& quote : known.quotes) {
    one.rests_on.push_back({"", quote.line, quote.text});
  }
  return one;
}

const Provoked* row_of(const Named& named) {
  const auto* row = std::find_if(
      kProvoked.begin(), kProvoked.end(),
      [&](const Provoked& one) { return one.cause == named.cause->id; });
  return row == kProvoked.end() ? nullptr : row;
}

}  // namespace

bool tells_end(const Explanation& known, ReplayFailure& failure) {
  for (const Named& named : known.causes) {
    const Provoked* row = row_of(named);
    if (row == nullptr) {
      continue;
    }
    if (failure.killed_by.empty() && failure.exited.empty()) {
      failure.killed_by = row->killed_by;
      failure.exited = row->exited;
    }
    return true;
  }
  return false;
}

std::vector<ReplayCandidate> provoked_by(const Explanation& known,
                                         const ToldLimit& limit,
                                         const std::string& running) {
  std::vector<ReplayCandidate> out;
  for (const Named& named : known.causes) {
    const Provoked* row = row_of(named);
    if (row == nullptr) {
      continue;
    }
    ReplayCandidate one = of_cause(*row, named, known, running);
    out.push_back(one);
    if (row->cause == "oom_kill" && !limit.size.empty()) {
      one.what = "no more memory than " + limit.size;
      one.fault = "memory: {max: " + limit.size + "}";
      one.name = injector_of(one.fault);
      one.score += 2;
      one.because.emplace_back("+2: the kernel told the limit");
      one.rests_on.push_back(limit.where);
      out.push_back(std::move(one));
    }
  }
  return out;
}

}  // namespace faultrig
