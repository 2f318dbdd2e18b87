#include "harness/explain/explainer.h"

#include <algorithm>
#include <set>
#include <utility>

#include <re2/re2.h>

#include "harness/explain/evidence_seen.h"
#include "harness/explain/killed_tasks.h"
#include "harness/explain/later_runs.h"
#include "harness/explain/log_reader.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostQuotes = 4;
constexpr std::size_t kMostExplanations = 1000;
constexpr std::size_t kMostRoots = 200;
constexpr std::size_t kMostTests = 20;

bool higher(const Cause& a, const Cause& b) {
  return a.general != b.general ? !a.general : a.rank > b.rank;
}

// Lines outside of packages, which may be anything, say nothing by themselves.
bool needs_no_word(const Seen& seen) {
  bool asked = seen.command || seen.go || !seen.package.empty();
  return seen.is_green() || !asked;
}

// Whoever says it: does it say that something failed?
bool tells_of_trouble(const std::string& line) {
  static const RE2 kTrouble(
      R"((exit(ed)? (with )?(code|status|non-zero status):? [1-9]|)"
      R"(exited with [1-9]|^\[\d+\][+-]? +Exit [1-9]|Error [1-9]|^FAIL$|)"
      R"((?i:\bfail(ed|ures?)\b)|\bERR!|^Traceback |[Ss]egmentation fault|)"
      R"(\b[1-9]\d* (failing|errors?|problems?)\b|\b[Ee]rror\b( \w+)?: |)"
      R"(^(E|error|ERROR|fatal|FATAL)\b:? |is below (the|its) |)"
      R"(^DONE .* [1-9]\d* (failure|error)))");
  static const RE2 kNone(
      R"(\b(0|[Nn]o) (tests? )?(failed|failures?|errors?)\b)");
  return RE2::PartialMatch(line, kTrouble) && !RE2::PartialMatch(line, kNone);
}

// Packages of one run have it in common: the host of their module, and its
// owner where many have the same host. Those of the standard library have none.
std::string root_of(const std::string& package) {
  std::size_t host = std::min(package.find('/'), package.size());
  if (package.substr(0, host).find('.') == std::string::npos) {
    return "-";
  }
  bool shared = package.starts_with("github.com/") ||
                package.starts_with("gitlab.com/") ||
                package.starts_with("bitbucket.org/");
  std::size_t owner = std::min(package.find('/', host + 1), package.size());
  return package.substr(0, shared ? owner : host);
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

// The rank below which a cause of no package only passes on that something
// failed, as make does.
constexpr int kEcho = 15;

bool is_echo(const Explanation& one) {
  return one.package.empty() && !one.causes.empty() &&
         one.causes.front().cause->rank < kEcho;
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
  Hit out;
  out.named = {&cause, sight.sure(seen, quotes)};
  out.by_words = !seen.witnessed && (sight.is_of_a_crash() || printed);
  for (const Doubt& doubt : sight.doubts(seen, quotes)) {
    out.against.push_back(doubt.why);
  }
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
      "child_crashed", "failed_test", "os_exit_1", "os_exit_n", "os_exit_255"};
  const Cause& cause = *hit.named.cause;
  auto add = [&](const std::vector<std::string>& ids) {
    for (const std::string& id : ids) {
      const Cause* other = cause_named(id);
      bool told = other == &cause ||
                  std::find(out.among.begin(), out.among.end(), other) !=
                      out.among.end();
      if (other != nullptr && !told) {
        out.among.push_back(other);
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

struct LogExplainer::State {
  explicit State(const Explainer& with)
      : explainer(with),
        later(with.cause_named("passed_on_retry")),
        reader([this](const Seen& seen) { take(seen); }) {}

  // What a summary says of a package that was told already, with its whole
  // path: more than nothing, and how it ended at last.
  bool sum_up(const Seen& seen) {
    auto is_its = [&](const Explanation& one) {
      return one.package == seen.package ||
             one.package.ends_with("/" + seen.package);
    };
    auto told = std::find_if(explained.explanations.begin(),
                             explained.explanations.end(), is_its);
    if (!seen.summed_up || told == explained.explanations.end()) {
      return false;
    }
    bool unsure =
        told->causes.empty() || told->causes.front().sure == Sure::possible;
    auto explanation = explainer.explain(seen);
    if (explanation && (unsure || seen.retried)) {
      explanation->package = told->package;
      *told = std::move(*explanation);
    }
    return true;
  }

  void take(const Seen& seen) {
    if (sum_up(seen)) {
      return;
    }
    explained.packages += seen.package.empty() ? 0 : 1;
    if (seen.trust == Trust::full && !seen.package.empty() &&
        roots.size() < kMostRoots) {
      roots.insert(root_of(seen.package));
    }
    killed.note(seen);
    later.hear(seen);
    auto explanation = explainer.explain(seen);
    if (!explanation) {
      note_trouble(seen);
      later.note_pass(reader.writer(), seen, explained.explanations);
      return;
    }
    if (is_one_more(*explanation) ||
        later.is_told(reader.writer(), seen, *explanation,
                      explained.explanations)) {
      return;
    }
    if (explained.explanations.size() >= kMostExplanations) {
      ++explained.untold;
      return;
    }
    if (killed.may_settle(seen)) {
      killed.keep(seen, explained.explanations.size());
    }
    later.note_failure(reader.writer(), seen, explained.explanations.size());
    explained.explanations.push_back(std::move(*explanation));
    placed.push_back(seen.trust == Trust::full);
  }

  // A test may print the result of a package that is none: one of another
  // module than those whose results stand where only go's can.
  void doubt_strangers() {
    for (std::size_t i = 0; i < explained.explanations.size(); ++i) {
      Explanation& one = explained.explanations[i];
      bool known = placed[i] || one.package == "command-line-arguments" ||
                   roots.empty() || roots.contains(root_of(one.package));
      for (Named& named : one.causes) {
        named.sure = known ? named.sure : Sure::possible;
      }
    }
  }

  // What only passes on that something failed says nothing beside that.
  void drop_echoes() {
    auto& all = explained.explanations;
    bool told = std::any_of(all.begin(), all.end(), [](const auto& one) {
      return !one.package.empty() && !one.causes.empty() && !is_green(one);
    });
    std::erase_if(all,
                  [&](const Explanation& one) { return told && is_echo(one); });
  }

  // Something around the packages failed, whatever it was.
  void note_trouble(const Seen& seen) {
    auto note = [&](const LogLine& line) {
      if (!explained.trouble && tells_of_trouble(line.text)) {
        explained.trouble = {line.number, line.text,
                             std::string(speaker_name(line.speaker))};
      }
    };
    std::for_each(seen.around.begin(), seen.around.end(), note);
    if (seen.package.empty() && seen.verdict == "none") {
      std::for_each(seen.printed.begin(), seen.printed.end(), note);
    }
  }

  Explained finish() {
    reader.finish();
    for (auto& [seen, at] : killed.settled(reader.days())) {
      Explanation& told = explained.explanations[at];
      auto explanation = explainer.explain(seen);
      if (explanation && told.verdict == seen.verdict) {
        told = std::move(*explanation);
      }
    }
    doubt_strangers();
    drop_echoes();
    explained.of_a_log = true;
    explained.lines = reader.lines();
    return std::move(explained);
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
  std::vector<bool> placed;     // of each explanation: is it trusted?
  std::set<std::string> roots;  // of packages that are placed
  std::set<const Cause*> greens;
  KilledTasks killed;
  LaterRuns later;
  LogReader reader;
};

LogExplainer::LogExplainer(const Explainer& explainer)
    : state_(std::make_unique<State>(explainer)) {}
LogExplainer::~LogExplainer() = default;

void LogExplainer::feed(std::string_view bytes) { state_->reader.feed(bytes); }

Explained LogExplainer::finish() { return state_->finish(); }

}  // namespace faultrig
