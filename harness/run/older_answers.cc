// A call that a container's profile refuses never reaches our listener: it is
// neither counted nor made to fail. What the rules of a run name is tried
// before the run, so that nobody takes silence for absence.
#include "harness/run/older_answers.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "harness/os/older_filter.h"

namespace faultrig {

namespace {

constexpr const char* kUs = "reaches us";
constexpr const char* kThem = "answered before us";

std::string& known_of(Session& session, const std::string& call) {
  return session.learnt().words["older filter of " + call];
}

// Of a rule that the kernel carries out ours is the newest answer, which counts
// (seccomp(2)).
std::set<std::string> calls_heard(const std::vector<CallRule>& rules) {
  std::set<std::string> calls;
  for (const CallRule& rule : rules) {
    if (!rule.in_kernel) {
      calls.insert(rule.calls.begin(), rule.calls.end());
    }
  }
  return calls;
}

Result<> try_unknown(Session& session, const std::set<std::string>& calls) {
  std::vector<std::string> fresh;
  std::copy_if(
      calls.begin(), calls.end(), std::back_inserter(fresh),
      [&](const auto& call) { return known_of(session, call).empty(); });
  if (fresh.empty()) {
    return Ok{};
  }
  TRY_ASSIGN(auto answered, answered_before_us(fresh));
  for (const std::string& call : fresh) {
    bool theirs =
        std::find(answered.begin(), answered.end(), call) != answered.end();
    known_of(session, call) = theirs ? kThem : kUs;
  }
  return Ok{};
}

}  // namespace

std::vector<Observation> answered_before(Session& session, Link link,
                                         const std::vector<CallRule>& rules) {
  std::vector<Observation> out;
  if (!is_filtered()) {
    return out;
  }
  Observation told;
  told.source = Source::seccomp;
  told.fact = Fact::answered_before;
  told.link = link_name(link);
  std::set<std::string> calls = calls_heard(rules);
  auto tried = try_unknown(session, calls);
  told.text = tried ? "" : tried.error().what;
  for (const std::string& call : calls) {
    if (known_of(session, call) != kUs) {
      told.call = call;
      out.push_back(told);
    }
  }
  return out;
}

}  // namespace faultrig
