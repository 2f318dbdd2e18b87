// go does not say that a run is a second try. That the same writer tells of the
// same package again may show it, unless other flags were given; a word on
// another try does. Two jobs of a matrix are two writers, or their logs are two
// files.
#include "harness/explain/later_runs.h"

#include <algorithm>

#include <re2/re2.h>

namespace faultrig {

namespace {

constexpr std::size_t kMostKept = 5000;
constexpr std::size_t kHead = 8;  // lines

bool is_green(const Seen& seen) {
  return seen.verdict == "ok" && seen.place.trust != Trust::none;
}

bool are_alike(const Explanation& a, const Explanation& b) {
  return a.package == b.package && a.verdict == b.verdict && a.test == b.test &&
         a.tests == b.tests &&
         std::equal(a.causes.begin(), a.causes.end(), b.causes.begin(),
                    b.causes.end(), [](const Named& x, const Named& y) {
                      return x.cause == y.cause && x.sure == y.sure;
                    });
}

}  // namespace

void LaterRuns::note_failure(std::size_t writer, const Seen& seen,
                             std::size_t at) {
  if (!seen.package.empty() && !seen.is_green() && failed_.size() < kMostKept) {
    failed_[{writer, seen.package}].push_back(at);
    by_result_[seen.result.text].push_back(at);
  }
}

bool LaterRuns::is_told(std::size_t writer, const Seen& seen,
                        const Explanation& one,
                        const std::vector<Explanation>& told) const {
  auto is_among = [&](const auto& map, const auto& key) {
    auto places = map.find(key);
    return places != map.end() &&
           std::any_of(
               places->second.begin(), places->second.end(),
               [&](std::size_t at) { return are_alike(one, told[at]); });
  };
  return !seen.package.empty() && !seen.is_green() &&
         (is_among(failed_, Key{writer, seen.package}) ||
          is_among(by_result_, seen.result.text));
}

// Who tries again says so before the first package of the run.
void LaterRuns::hear(const Seen& seen) {
  static const RE2 kAgain(
      R"((?i:\b(attempts?|retry|retries|retrying|re-?run(s|ning)?|)"
      R"(try(ing)? again)\b))");
  if (failed_.empty()) {
    return;
  }
  std::size_t most = std::min(kHead, seen.printed.size());
  for (std::size_t i = 0; i < most; ++i) {
    bool again = RE2::PartialMatch(seen.printed[i].text, kAgain);
    tried_again_ = again ? seen.printed[i].number : tried_again_;
  }
}

void LaterRuns::note_pass(std::size_t writer, const Seen& seen,
                          std::vector<Explanation>& told) {
  auto before = failed_.find({writer, seen.package});
  if (passed_ == nullptr || before == failed_.end() || !is_green(seen)) {
    return;
  }
  for (std::size_t at : before->second) {
    Explanation& one = told[at];
    std::vector<Weighed> outranked;
    for (const Named& named : one.causes) {
      outranked.push_back({named, one.quotes, one.against});
      one.among.insert(one.among.begin(), named.cause);
    }
    one.outranked.insert(one.outranked.begin(), outranked.begin(),
                         outranked.end());
    bool again = !one.quotes.empty() && tried_again_ > one.quotes.back().line;
    one.causes = {{passed_, again ? Sure::likely : Sure::possible}};
    one.against = {};
    one.verdict = "ok";
    one.test = "unknown";
    one.quotes.push_back({seen.result.number, seen.result.text, "go"});
  }
  failed_.erase(before);
}

}  // namespace faultrig
