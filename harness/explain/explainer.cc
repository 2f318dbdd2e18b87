#include "harness/explain/explainer.h"

#include <algorithm>
#include <set>
#include <utility>

#include "harness/explain/evidence_seen.h"
#include "harness/explain/log_reader.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostQuotes = 4;
constexpr std::size_t kMostExplanations = 1000;

bool higher(const Cause& a, const Cause& b) {
  return a.general != b.general ? !a.general : a.rank > b.rank;
}

// Lines outside of packages, which may be anything, say nothing by themselves.
bool needs_no_word(const Seen& seen) {
  bool asked = seen.command || seen.go || !seen.package.empty();
  return seen.is_green() || !asked;
}

}  // namespace

Explainer::Explainer(const std::vector<Cause>& causes) : causes_(causes) {
  rows_.reserve(causes.size());
  for (const Cause& cause : causes) {
    Row row{&cause, {}};
    for (const Sight& sight : cause.sights) {
      row.sights.emplace_back(sight);
    }
    rows_.push_back(std::move(row));
  }
  std::stable_sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) {
    return higher(*a.cause, *b.cause);
  });
}

const Cause* Explainer::cause_named(std::string_view id) const {
  auto found = std::find_if(causes_.begin(), causes_.end(),
                            [&](const Cause& cause) { return cause.id == id; });
  return found == causes_.end() ? nullptr : &*found;
}

// Those of the highest rank that has any.
std::vector<Explainer::Hit> Explainer::hits(const Seen& seen) const {
  std::vector<Hit> out;
  SeenText text(seen);
  for (const Row& row : rows_) {
    if (!out.empty() && higher(*out.front().named.cause, *row.cause)) {
      break;
    }
    for (const SightMatch& sight : row.sights) {
      if (auto quotes = sight.match(text)) {
        out.push_back({{row.cause, sight.sure()}, std::move(*quotes)});
        break;
      }
    }
  }
  return out;
}

std::optional<Explanation> Explainer::explain(const Seen& seen) const {
  std::vector<Hit> found = hits(seen);
  if (found.empty() && needs_no_word(seen)) {
    return std::nullopt;
  }
  Explanation out;
  out.package = seen.package;
  out.verdict = seen.verdict;
  out.test = seen.test;
  for (const Hit& hit : found) {
    Sure sure = found.size() > 1 ? Sure::possible : hit.named.sure;
    out.causes.push_back({hit.named.cause, sure});
    for (const std::string& id : hit.named.cause->among) {
      if (const Cause* cause = cause_named(id)) {
        out.among.push_back(cause);
      }
    }
    for (const Quote& quote : hit.quotes) {
      if (out.quotes.size() < kMostQuotes) {
        out.quotes.push_back(quote);
      }
    }
  }
  if (out.quotes.size() < kMostQuotes && !seen.result.text.empty()) {
    out.quotes.push_back({seen.result.number, seen.result.text});
  }
  return out;
}

Explained Explainer::explain(const Evidence& evidence) const {
  Explained out;
  for (const Seen& seen : seen_in(evidence)) {
    out.packages += seen.package.empty() ? 0 : 1;
    if (auto explanation = explain(seen)) {
      out.explanations.push_back(std::move(*explanation));
    }
  }
  return out;
}

struct LogExplainer::State {
  explicit State(const Explainer& with)
      : explainer(with), reader([this](const Seen& seen) { take(seen); }) {}

  void take(const Seen& seen) {
    explained.packages += seen.package.empty() ? 0 : 1;
    auto explanation = explainer.explain(seen);
    if (!explanation || is_one_more(*explanation)) {
      return;
    }
    if (explained.explanations.size() >= kMostExplanations) {
      ++explained.untold;
      return;
    }
    explained.explanations.push_back(std::move(*explanation));
  }

  // Packages without tests and their like come by the hundred: one is told.
  bool is_one_more(const Explanation& explanation) {
    if (explanation.causes.size() != 1 ||
        explanation.causes.front().sure != Sure::possible ||
        !is_green(explanation)) {
      return false;
    }
    bool first = greens.insert(explanation.causes.front().cause).second;
    explained.untold += first ? 0 : 1;
    return !first;
  }

  static bool is_green(const Explanation& explanation) {
    return explanation.verdict == "no_test_files" ||
           explanation.verdict == "no_tests_to_run" ||
           explanation.verdict == "ok";
  }

  const Explainer& explainer;
  Explained explained;
  std::set<const Cause*> greens;
  LogReader reader;
};

LogExplainer::LogExplainer(const Explainer& explainer)
    : state_(std::make_unique<State>(explainer)) {}
LogExplainer::~LogExplainer() = default;

void LogExplainer::feed(std::string_view bytes) { state_->reader.feed(bytes); }

Explained LogExplainer::finish() {
  state_->reader.finish();
  return std::move(state_->explained);
}

}  // namespace faultrig
