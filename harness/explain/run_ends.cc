// go ends a run of several packages with `FAIL` alone, and one whose output it
// streams (no package was named) with an exit status behind the output. What
// follows with no word between is the next round of a loop, or the test that
// has shown all of it.
#include "harness/explain/run_ends.h"

#include <utility>

#include <re2/re2.h>

#include "harness/explain/speaker.h"

namespace faultrig {

namespace {

constexpr std::size_t kHead = 200;  // lines in which a run is announced

// Who starts go says so: a shell's trace, make, a CI, who tries again.
bool begins_run(std::string_view line) {
  static const RE2 kBegins(
      R"(^(\+ |\$ |##\[|::group::|Run |==> |section_start)|)"
      R"(^(\S+\$ |.{0,40}\b)go (test|tool|vet|run) |)"
      R"(\b[Ee]ntering directory |^(\S*/)?g?make\b|)"
      R"((?i:\b(attempts?|retry|retries|retrying|re-?run(s|ning)?)\b))");
  return RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), kBegins);
}

}  // namespace

void RunEnds::end() {
  opening_ = Opening::unannounced;
  behind_words_ = false;
}

void RunEnds::hear(std::string_view line) {
  if (line.empty()) {
    return;
  }
  last_ = line;
  ++said_;
  benchmark_ = benchmark_ || line.starts_with("goos: ");
  behind_words_ =
      behind_words_ || line.starts_with("--- ") || line.starts_with("=== ");
  if (opening_ == Opening::unannounced && !behind_words_ && said_ <= kHead &&
      begins_run(line)) {
    opening_ = Opening::begins_run;
  }
}

bool RunEnds::take_failed() { return std::exchange(failed_, false); }

Opening RunEnds::take_result(bool failed) {
  failed_ = failed_ || failed;
  Opening its = opening_;
  opening_ = its == Opening::begins_run ? Opening::goes_on : its;
  if (said_ > 1 && !benchmark_ && is_closing_word(last_)) {
    opening_ = Opening::unannounced;
  }
  behind_words_ = false;
  said_ = 0;
  benchmark_ = false;
  return its;
}

}  // namespace faultrig
