// All of it is one task of one worker, so that its session keeps what go built:
// a candidate costs a golden run and three runs, and no build. Candidates are
// read under the name of the author's file, from which their paths go.
#include "harness/campaign/minimise.h"

#include <fcntl.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <utility>

#include "harness/base/fd.h"
#include "harness/campaign/frame.h"
#include "harness/campaign/shrink.h"
#include "harness/campaign/strace_line.h"
#include "harness/campaign/try_plan.h"
#include "harness/campaign/yaml_edit.h"
#include "harness/campaign/yaml_text.h"
#include "harness/judge/expectation.h"
#include "harness/model/golden_plan.h"
#include "harness/parse/scenario_reader.h"
#include "harness/plan/planner.h"
#include "harness/run/runner.h"
#include "harness/store/secrets.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

constexpr int kTries = 3;
constexpr std::size_t kMostNoted = 4 << 20;

struct Origin {
  std::string name;
  std::string file;
};

Result<Plan> plan_of(const std::string& yaml, const Origin& origin) {
  ReadScenario read =
      read_scenario(yaml, {origin.name, origin.file}, full_language());
  if (!read.scenario) {
    return usage_error(read.complaints.front().what);
  }
  return plan_or_trouble(*read.scenario);
}

// What a run came to, by which two are the same: the verdict, what was expected
// and did not come, how each link ended.
std::string outcome_of(const Judgement& judgement) {
  std::string out(verdict_name(judgement.verdict));
  for (const JudgedEnd& end : judgement.ends) {
    out += "\n" + end.link + " " + end.how + " " + end.status;
  }
  std::set<std::string> unmet;
  for (const Finding& finding : judgement.findings) {
    if (finding.verdict != Verdict::pass) {
      unmet.insert(std::string(verdict_name(finding.verdict)) + " " +
                   finding.expected);
    }
  }
  for (const std::string& one : unmet) {
    out += "\n" + one;
  }
  return out;
}

// The first word is the number of candidates, or -1 with an error and its kind.
std::string answer_text(const Result<Minimised>& made) {
  return made ? texts_text({made->candidates,
                            {made->yaml, made->comes_to, made->strace}})
              : texts_text({-1, {made.error().what, "", ""}});
}

class Minimising {
 public:
  // `notes`: a file in which it notes what it has so far.
  Minimising(Session& session, Origin origin, fs::path notes)
      : session_(session),
        origin_(std::move(origin)),
        notes_(std::move(notes)) {}

  Result<Minimised> minimise(const std::string& yaml) {
    TRY_ASSIGN(Plan plan, plan_of(yaml, origin_));
    if (plan.scenario.sweep) {
      return usage_error(
          "it is a sweep: faultrig sweep --write makes a scenario of each "
          "finding, and that can be made smaller");
    }
    TRY(session_.can_run(plan));
    TRY_ASSIGN(Judgement first, try_of(plan));
    wanted_ = outcome_of(first);
    TRY_ASSIGN(bool steady, is_same(plan));
    if (!steady) {
      return unsupported_error(
          "it does not come to the same each time: first " +
          std::string(verdict_name(first.verdict)) + ", " + first.observed);
    }
    TRY_ASSIGN(std::vector<std::string> tests, tests_of(plan));
    TRY_ASSIGN(YamlNode tree, tree_of(yaml));
    std::string smallest = yaml;
    YamlNode small = shrunk(tree, tests, [&](const YamlNode& candidate) {
      std::string text = yaml_text(candidate);
      bool same = comes_to_the_same(text);
      smallest = same ? text : smallest;
      note(told(yaml, smallest, first));
      return same;
    });
    if (trouble_) {
      return *trouble_;
    }
    return told(yaml, yaml_text(small), first);
  }

 private:
  // What cannot be noted nobody can show who interrupts us; nothing else hangs
  // on it. Whoever reads sees one note or another, never half of one.
  void note(const Result<Minimised>& now) const {
    fs::path fresh = notes_;
    fresh += ".new";
    std::ofstream file(fresh, std::ios::binary);
    file << answer_text(now);
    file.close();
    std::error_code failed;
    if (file) {
      fs::rename(fresh, notes_, failed);
    }
  }

  Result<Judgement> try_of(const Plan& plan) {
    return try_plan(session_, plan, golden_);
  }

  Result<bool> is_same(const Plan& plan) {
    for (int i = 0; i < kTries; ++i) {
      TRY_ASSIGN(Judgement judgement, try_of(plan));
      if (outcome_of(judgement) != wanted_) {
        return false;
      }
    }
    return true;
  }

  // What cannot be run is not the same; what goes wrong with us ends it all.
  bool comes_to_the_same(const std::string& yaml) {
    auto plan = plan_of(yaml, origin_);
    if (!plan || trouble_) {
      return false;
    }
    ++candidates_;
    auto same = is_same(*plan);
    if (!same && same.error().kind != ErrorKind::usage) {
      trouble_ = same.error();
    }
    return same && *same;
  }

  // With subtests, in the order in which they ran without the faults.
  Result<std::vector<std::string>> tests_of(const Plan& plan) {
    std::vector<std::string> tests;
    if (!plan.scenario.workload.go_test) {
      return tests;
    }
    Plan golden = without_faults(plan);
    golden.wants_test_events = true;
    TRY_ASSIGN(Evidence evidence, run_plan(session_, golden, {}));
    std::set<std::string> known;
    for (const Observation& seen : evidence.trace()) {
      bool begun = seen.fact == Fact::test_event && seen.action == "run";
      if (begun && known.insert(seen.text).second) {
        tests.push_back(seen.text);
      }
    }
    return tests;
  }

  Result<Minimised> told(const std::string& yaml, const std::string& small,
                         const Judgement& first) const {
    TRY_ASSIGN(Plan plan, plan_of(small, origin_));
    Mask mask(plan.scenario.workload, session_.options().environment, yaml);
    std::string ends = mask.text(first.observed);
    return Minimised{mask.yaml(small),
                     std::string(verdict_name(first.verdict)) +
                         (ends.empty() ? "" : ": " + ends),
                     mask.text(strace_line(plan).value_or("")), candidates_};
  }

  Session& session_;
  Origin origin_;
  fs::path notes_;
  std::string wanted_;
  GoldenRuns golden_;
  std::optional<Error> trouble_;
  int candidates_ = 0;
};

Result<Minimised> parse_answer(const std::string& text) {
  TRY_ASSIGN(FramedTexts read, parse_texts(text, 3));
  const std::vector<std::string>& texts = read.texts;
  if (read.word < 0) {
    return Error{ErrorKind::system, texts[0], 0};
  }
  return Minimised{texts[0], texts[1], texts[2], static_cast<int>(read.word)};
}

}  // namespace

// Workers stand elsewhere: the file is named from the root.
MinimiseSource::MinimiseSource(const Entry& entry, const fs::path& notes)
    : notes_(notes.string()),
      minimised_(internal_error("nobody made it smaller")) {
  std::error_code failed;
  fs::path file = fs::absolute(entry.plan.scenario.file, failed);
  order_ = texts_text(
      {0, {entry.plan.scenario.name, file.string(), entry.yaml, notes_}});
}

Result<Minimised> MinimiseSource::so_far() const {
  TRY_ASSIGN(std::string text, read_file(AT_FDCWD, notes_, kMostNoted));
  return parse_answer(text);
}

std::optional<Task> MinimiseSource::next() {
  if (given_) {
    return std::nullopt;
  }
  given_ = true;
  return Task{0, order_};
}

void MinimiseSource::learned(const Task&, const Result<std::string>& answer) {
  minimised_ =
      answer ? parse_answer(*answer) : Result<Minimised>(answer.error());
}

void MinimiseSource::take_back(const Task&) { given_ = false; }

Deed minimise_deed() {
  return [](Result<Session>& session,
            const std::string& order) -> Result<std::string> {
    TRY_ASSIGN(FramedTexts asked, parse_texts(order, 4));
    if (!session) {
      return answer_text(session.error());
    }
    Minimising minimising(*session, {asked.texts[0], asked.texts[1]},
                          asked.texts[3]);
    return answer_text(minimising.minimise(asked.texts[2]));
  };
}

}  // namespace faultrig
