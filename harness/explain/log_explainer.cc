// Explains a log while it is read: each package as it ends, and what only the
// whole log can tell behind it.
#include <algorithm>
#include <set>
#include <utility>

#include <re2/re2.h>

#include "harness/explain/explainer.h"
#include "harness/explain/killed_tasks.h"
#include "harness/explain/later_runs.h"
#include "harness/explain/log_reader.h"
#include "harness/explain/printed_results.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostExplanations = 1000;

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

// The rank below which a cause of no package only passes on that something
// failed, as make does.
constexpr int kEcho = 15;

bool is_echo(const Explanation& one) {
  return one.package.empty() && !one.causes.empty() &&
         one.causes.front().cause->rank < kEcho;
}

}  // namespace

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
    printed.note(reader.writer(), seen, explained.explanations.size());
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
    printed.keep(reader.writer(), seen);
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
    printed.doubt(explained.explanations);
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
  PrintedResults printed;
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
