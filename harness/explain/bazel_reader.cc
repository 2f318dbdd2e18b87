// With --test_output=errors or all bazel prints a target's test.log between two
// rules of equals signs (TestSummaryPrinter, TestOutputFormatter). A Go test
// under rules_go says what its testing package says, and no go says anything:
// bazel's word stands for that of go.
#include "harness/explain/bazel_reader.h"

#include <utility>

#include <re2/re2.h>

namespace faultrig {

namespace {

constexpr std::size_t kMostTargets = 5'000;
constexpr std::size_t kLongestHead = 100;  // before the `//` of a label

std::string go_verdict(const std::string& word) {
  bool good = word == "PASSED" || word == "FLAKY";
  return good ? "ok" : word == "FAILED TO BUILD" ? "build_failed" : "fail";
}

}  // namespace

BazelReader::Target* BazelReader::target(const std::string& label) {
  if (targets_.size() >= kMostTargets && !targets_.contains(label)) {
    return nullptr;
  }
  return &targets_[label];
}

// `//cart:cart_test   (cached) PASSED in 0.3s`, `FAIL: //cart:cart_test (see
// /x/test.log)`, `//cart:cart_test   FLAKY, failed in 1 out of 2 in 0.5s`.
bool BazelReader::take_summary(const LogLine& line) {
  static const RE2 kRow(
      R"((@?@?[\w.+~-]*//\S+) +(?:\(cached\) )?)"
      R"((PASSED|FAILED TO BUILD|FAILED|TIMEOUT|FLAKY|NO STATUS)\b.*)");
  static const RE2 kSeen(
      R"((FAIL|TIMEOUT|FLAKY|FAILED): (@?@?[\w.+~-]*//\S+) \(.*)");
  std::string label;
  std::string word;
  bool may_be = line.text.find("//") < kLongestHead;
  if (!may_be || (!RE2::FullMatch(line.text, kRow, &label, &word) &&
                  !RE2::FullMatch(line.text, kSeen, &word, &label))) {
    return false;
  }
  Target* its = target(label);
  if (its != nullptr) {
    its->verdict = word == "FAIL" ? "FAILED" : word;
    its->line = line;
  }
  return true;
}

bool BazelReader::take(const LogLine& line) {
  static const RE2 kOpens(
      R"(={20} Test output for (\S*//\S+?)(?: \([^()]*\))?:?)");
  static const RE2 kCloses(R"(={60,})");
  std::string label;
  if (line.text.starts_with("====") &&
      RE2::FullMatch(line.text, kOpens, &label)) {
    open_ = label;
    if (Target* its = target(label)) {
      its->shown = true;
      its->block = {};  // of an earlier attempt
    }
    return true;
  }
  if (open_.empty()) {
    return take_summary(line);
  }
  if (RE2::FullMatch(line.text, kCloses) || result_line(line.text)) {
    open_.clear();
    return !result_line(line.text);
  }
  // Not what bazel puts before it, nor its own lines of progress.
  bool heading = line.text.starts_with("exec ${PAGER") ||
                 line.text.starts_with("Executing tests from //") ||
                 line.text.starts_with("-----------------------------");
  if (Target* its = heading ? nullptr : target(open_)) {
    its->block.add(line);
  }
  return true;
}

std::optional<Seen> BazelReader::seen_of(const std::string& label,
                                         const Target& target) {
  std::string verdict = target.verdict;
  if (verdict.empty()) {
    Seen said = target.block.seen();
    verdict = said.finished == "PASS" ? "PASSED" : "FAILED";
  }
  if (verdict == "NO STATUS") {
    return std::nullopt;
  }
  Seen seen = target.block.seen(go_verdict(verdict));
  seen.package = label;
  seen.verdict = go_verdict(verdict);
  seen.result = target.line;
  seen.result.speaker = Speaker::runner;
  seen.retried = verdict == "FLAKY";
  seen.summed_up = true;
  if (verdict == "TIMEOUT" || (verdict == "FAILED" && !target.shown)) {
    seen.around.push_back(seen.result);
  }
  return seen;
}

std::vector<Seen> BazelReader::finish() {
  std::vector<Seen> out;
  for (const auto& [label, target] : targets_) {
    if (auto seen = seen_of(label, target)) {
      out.push_back(*std::move(seen));
    }
  }
  *this = BazelReader();
  return out;
}

}  // namespace faultrig
