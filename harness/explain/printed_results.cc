// A test prints results when it runs go test, or when it is about logs. They
// are of another module, or stand in front of go's last word on their own run,
// behind which nobody says that the next one begins.
#include "harness/explain/printed_results.h"

#include <algorithm>
#include <string_view>

#include "harness/explain/log_reader.h"
#include "harness/model/go_stack.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostRoots = 200;
constexpr std::size_t kMostSpans = 200;

// Of `package` its first `count` parts.
std::string parts_of(const std::string& package, int count) {
  std::size_t end = 0;
  for (int i = 0; i < count && end != package.npos; ++i) {
    end = package.find('/', end == 0 ? 0 : end + 1);
  }
  return package.substr(0, end);
}

// The path that the packages of a module have in common, as far as a path can
// tell: host, owner and repository, or host and one part more. The standard
// library is one.
std::string root_of(const std::string& package) {
  bool host = parts_of(package, 1).find('.') != std::string::npos;
  bool shared = package.starts_with("github.com/") ||
                package.starts_with("gitlab.com/") ||
                package.starts_with("bitbucket.org/");
  if (!host) {
    return is_standard(package) ? "std" : parts_of(package, 1);
  }
  return parts_of(package, shared ? 3 : 2);
}

std::string above(const std::string& root) {
  std::size_t end = root.rfind('/');
  return end == root.npos ? "" : root.substr(0, end);
}

// A module, or a workspace of several, may also have one part less.
bool are_akin(const std::set<std::string>& roots, const std::string& root) {
  return roots.contains(root) ||
         std::count_if(roots.begin(), roots.end(), [&](const auto& one) {
           return above(one) == above(root);
         }) > 1;
}

// May a test of it have printed results? go shows its output, and nothing says
// which lines are a test's.
bool may_print_results(const Seen& seen) {
  bool streamed = seen.verdict == "ok" && seen.finished == "PASS";
  return seen.begun != Begun::announced && !seen.package.empty() &&
         (seen.verdict == "fail" || streamed);
}

void bound(Explanation& one, Sure most, std::string_view why) {
  bool doubted = false;
  for (Named& named : one.causes) {
    doubted = doubted || named.sure < most;
    named.sure = std::max(named.sure, most);
  }
  if (doubted) {
    one.against.push_back(why);
  }
}

}  // namespace

void PrintedResults::note(std::size_t writer, const Seen& seen,
                          std::size_t at) {
  Writer& its = writers_[writer];
  if (seen.place.opening == Opening::begins_run) {
    its.run_from = at;
  }
  if (may_print_results(seen)) {
    above_prints_ = at;
    its.printed = true;
    if (writer == LogReader::kNoPrefix && prints_.size() < kMostSpans) {
      prints_.push_back({its.result, seen.result.number});
    }
    its.roots.clear();
    bool unannounced = seen.place.opening == Opening::unannounced;
    for (std::size_t i = its.run_from; unannounced && i < at; ++i) {
      bool its_own = kept_[i].package == seen.package;
      bool above = kept_[i].writer == writer && !its_own;
      kept_[i].printed = kept_[i].printed || above;
    }
  }
  its.result = std::max(its.result, seen.result.number);
  bool gos = seen.place.trust == Trust::full || its.printed;
  if (gos && !seen.package.empty() && its.roots.size() < kMostRoots) {
    its.roots.insert(root_of(seen.package));
  }
}

void PrintedResults::keep(std::size_t writer, const Seen& seen) {
  kept_.push_back({writer, seen.package, seen.result.number,
                   seen.place.trust == Trust::full});
}

// Lines with a prefix, between lines of a package that have none.
bool PrintedResults::is_within_prints(const Kept& kept) const {
  return kept.writer != LogReader::kNoPrefix &&
         std::any_of(prints_.begin(), prints_.end(), [&](const Span& span) {
           return span.from < kept.line && kept.line < span.to;
         });
}

bool PrintedResults::is_stranger(std::size_t at, const Explanation& one) const {
  const auto& roots = writers_.at(kept_[at].writer).roots;
  return !kept_[at].placed && one.package != "command-line-arguments" &&
         !roots.empty() && !are_akin(roots, root_of(one.package));
}

void PrintedResults::doubt(std::vector<Explanation>& explanations) const {
  constexpr std::string_view kWhy =
      "a test of a package below may have printed it";
  for (std::size_t i = 0; i < explanations.size(); ++i) {
    Explanation& one = explanations[i];
    if (kept_[i].printed || is_within_prints(kept_[i]) || is_stranger(i, one)) {
      bound(one, Sure::possible, kWhy);
    } else if (i < above_prints_ && !one.package.empty()) {
      bound(one, Sure::likely, kWhy);
    }
  }
}

}  // namespace faultrig
