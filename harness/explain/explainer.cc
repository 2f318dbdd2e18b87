#include "harness/explain/explainer.h"

#include <algorithm>
#include <utility>

#include "harness/explain/evidence_seen.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostQuotes = 4;
constexpr std::size_t kMostTests = 20;

bool higher(const Cause& a, const Cause& b) {
  return a.general != b.general ? !a.general : a.rank > b.rank;
}

// Lines outside of packages, which may be anything, say nothing by themselves.
bool needs_no_word(const Seen& seen) {
  bool asked = seen.command || seen.go || !seen.package.empty();
  return seen.is_green() || !asked;
}

// Those that failed, or the only one that ran; where a subtest did, it alone.
std::vector<std::string> tests_in(const Seen& seen) {
  std::vector<std::string> all = seen.failed_tests;
  if (all.empty() && seen.unfinished_tests.size() == 1) {
    all = seen.unfinished_tests;
  }
  std::sort(all.begin(), all.end());
  std::vector<std::string> out;
  for (std::size_t i = 0; i < all.size() && out.size() < kMostTests; ++i) {
    bool parent = i + 1 < all.size() && all[i + 1].starts_with(all[i] + "/");
    if (!parent) {
      out.push_back(all[i]);
    }
  }
  return out;
}

void add_once(const Cause* cause, std::vector<const Cause*>& out) {
  if (std::find(out.begin(), out.end(), cause) == out.end()) {
    out.push_back(cause);
  }
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

Explainer::Hit Explainer::hit_of(const Cause& cause, const SightMatch& sight,
                                 const Seen& seen, std::vector<Quote> quotes) {
  bool printed = sight.is_of_a_print() && seen.verdict == "fail";
  std::vector<Doubt> doubts = sight.doubts(seen, quotes);
  Hit out;
  out.named = {&cause, sight.sure(doubts)};
  out.of_a_crash = sight.is_of_a_crash();
  out.of_any_panic = sight.may_be_of_another_panic(seen);
  for (const Doubt& doubt : doubts) {
    out.against.push_back(doubt.why);
  }
  bool whose_is_sure = out.of_any_panic && out.against.size() == 1;
  out.by_words =
      !seen.witnessed && !whose_is_sure && (sight.is_of_a_crash() || printed);
  out.quotes = std::move(quotes);
  return out;
}

std::vector<Explainer::Hit> Explainer::hits(const Seen& seen) const {
  std::vector<Hit> out;
  SeenText text(seen);
  for (const Row& row : rows_) {
    for (const SightMatch& sight : row.sights) {
      if (auto quotes = sight.match(text)) {
        out.push_back(hit_of(*row.cause, sight, seen, std::move(*quotes)));
        break;
      }
    }
  }
  return out;
}

// What leaves the same in a log stands beside what is not certain. Words may be
// those of a child, after which its parent ended as it chose.
void Explainer::add_among(const Hit& hit, Explanation& out) const {
  static const std::vector<std::string> kBehindAChilds{
      "child_crashed", "failed_test", "os_exit_1",
      "os_exit_2",     "os_exit_n",   "os_exit_255"};
  const Cause& cause = *hit.named.cause;
  auto add = [&](const std::vector<std::string>& ids) {
    for (const std::string& id : ids) {
      const Cause* other = cause_named(id);
      if (other != nullptr && other != &cause) {
        add_once(other, out.among);
      }
    }
  };
  if (hit.named.sure != Sure::certain) {
    add(cause.alike.also);
  }
  add(cause.among);
  if (hit.named.sure != Sure::certain && hit.by_words) {
    add(kBehindAChilds);
  }
}

// Of a panic of the program's own only the place is known: which of the causes
// that the crash shows as well is told by that.
void Explainer::add_place_of_panic(const Hits& found, Explanation& out) {
  auto place = std::find_if(found.begin() + 1, found.end(),
                            [](const Hit& hit) { return hit.of_a_crash; });
  if (!found.front().of_any_panic || place == found.end()) {
    return;
  }
  add_once(place->named.cause, out.among);
}

std::optional<Explanation> Explainer::explain(const Seen& seen) const {
  std::vector<Hit> found = hits(seen);
  if (found.empty() && needs_no_word(seen)) {
    return std::nullopt;
  }
  auto outranked =
      std::find_if(found.begin(), found.end(), [&](const Hit& hit) {
        return higher(*found.front().named.cause, *hit.named.cause);
      });
  bool several = outranked - found.begin() > 1;
  Explanation out;
  out.package = seen.package;
  out.verdict = seen.verdict;
  out.test = seen.test;
  out.tests = seen.is_green() ? std::vector<std::string>() : tests_in(seen);
  for (auto hit = found.begin(); hit != outranked; ++hit) {
    hit->named.sure = several ? Sure::possible : hit->named.sure;
    out.causes.push_back(hit->named);
    out.against.insert(out.against.end(), hit->against.begin(),
                       hit->against.end());
    add_among(*hit, out);
    for (const Quote& quote : hit->quotes) {
      if (out.quotes.size() < kMostQuotes) {
        out.quotes.push_back(quote);
      }
    }
  }
  if (!found.empty()) {
    add_place_of_panic(found, out);
  }
  for (auto hit = outranked; hit != found.end(); ++hit) {
    out.outranked.push_back({hit->named, hit->quotes, hit->against});
  }
  if (out.quotes.size() < kMostQuotes && !seen.result.text.empty()) {
    out.quotes.push_back({seen.result.number, seen.result.text, "go"});
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

}  // namespace faultrig
