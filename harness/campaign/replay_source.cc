// The same failure: the workload ended as in the file, and printed the same but
// for numbers. That is what the scenario expects, so it is one that passes.
#include "harness/campaign/replay_source.h"

#include <algorithm>
#include <filesystem>
#include <memory>

#include "harness/base/text.h"
#include "harness/base/whole_number.h"
#include "harness/campaign/frame.h"
#include "harness/campaign/try_plan.h"
#include "harness/model/golden_plan.h"
#include "harness/plan/planner.h"
#include "harness/store/secrets.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostDiffered = 5;

Result<Plan> plan_of(const std::string& yaml, const std::string& dir) {
  TRY_ASSIGN(Scenario scenario,
             scenario_from(yaml, "replay", fs::path(dir) / "replay.yaml"));
  return plan_or_trouble(scenario);
}

// What was otherwise than in the file.
void note_differences(const Judgement& judgement, ReplayTries& tries) {
  for (const Finding& finding : judgement.findings) {
    std::string what =
        finding.expected.empty()
            ? finding.because
            : "expected " + finding.expected + "; " + finding.because;
    bool known = std::find(tries.differed.begin(), tries.differed.end(),
                           what) != tries.differed.end();
    if (finding.verdict != Verdict::pass && !known &&
        tries.differed.size() < kMostDiffered) {
      tries.differed.push_back(std::move(what));
    }
  }
}

// The golden run stands for all tries: did they leave a state behind in which
// it fails without the fault too?
Result<> ask_again(Session& session, const Plan& plan, GoldenRuns& golden,
                   const Mask& mask, ReplayTries& tries) {
  if (tries.same == 0 || !plan.scenario.golden) {
    return Ok{};
  }
  TRY_ASSIGN(GoldenResult after, run_golden(session, plan));
  golden[golden_key(plan)] = after;
  if (after.golden == Golden::bad) {
    tries.same = 0;
    tries.differed.push_back(
        "after these runs the workload misbehaves without any fault too: " +
        mask.text(after.trouble));
  }
  return Ok{};
}

Result<ReplayTries> try_often(Session& session, GoldenRuns& golden,
                              const FramedTexts& asked) {
  TRY_ASSIGN(Plan plan, plan_of(asked.texts[0], asked.texts[1]));
  TRY(session.can_run(plan));
  Mask mask(plan.scenario.workload, session.options().environment,
            asked.texts[0]);
  ReplayTries tries;
  while (tries.times < asked.word) {
    TRY_ASSIGN(Judgement judgement, try_plan(session, plan, golden));
    ++tries.times;
    tries.same += judgement.verdict == Verdict::pass ? 1 : 0;
    note_differences(mask.judgement(judgement), tries);
  }
  TRY(ask_again(session, plan, golden, mask, tries));
  return tries;
}

std::string answer_of(const Result<ReplayTries>& tries) {
  if (!tries) {
    return texts_text({0, {"0", tries.error().what}});
  }
  FramedTexts out{tries->same, {std::to_string(tries->times), ""}};
  out.texts.insert(out.texts.end(), tries->differed.begin(),
                   tries->differed.end());
  return texts_text(out);
}

Result<ReplayTries> parse_tries(const std::string& answer) {
  TRY_ASSIGN(FramedTexts read, parse_texts(answer, 2));
  ReplayTries tries;
  tries.same = static_cast<int>(read.word);
  tries.times = whole_number<int>(read.texts[0]).value_or(0);
  tries.cannot = read.texts[1];
  tries.differed.assign(read.texts.begin() + 2, read.texts.end());
  return tries;
}

}  // namespace

Result<Entry> replay_entry(const Replayed& replayed,
                           const ReplayCandidate& candidate) {
  TRY_ASSIGN(Plan plan, plan_of(candidate.yaml, replayed.workload.dir));
  return Entry{std::move(plan), candidate.yaml, ""};
}

std::optional<Task> ReplaySource::next() {
  if (!replayed_.failure.tells()) {
    for (ReplayCandidate& one : replayed_.candidates) {
      one.tries.cannot =
          "how it ended is not known, and no error was printed: nothing tells "
          "whether a failure is the same";
    }
    next_ = replayed_.candidates.size();
  }
  if (next_ >= replayed_.candidates.size()) {
    return std::nullopt;
  }
  const ReplayCandidate& candidate = replayed_.candidates[next_];
  sink_.progress(std::to_string(next_ + 1) + " of " +
                 std::to_string(replayed_.candidates.size()) + ": " +
                 for_one_line(candidate.what));
  return Task{next_++,
              texts_text({times_, {candidate.yaml, replayed_.workload.dir}})};
}

void ReplaySource::learned(const Task& task,
                           const Result<std::string>& answer) {
  ReplayTries& tries = replayed_.candidates[task.number].tries;
  auto read = answer ? parse_tries(*answer) : answer.error();
  if (read) {
    tries = *read;
  } else {
    tries.cannot = read.error().what;
  }
}

Deed replay_deed() {
  auto golden = std::make_shared<GoldenRuns>();
  return [golden](Result<Session>& session,
                  const std::string& order) -> Result<std::string> {
    TRY_ASSIGN(FramedTexts asked, parse_texts(order, 2));
    return answer_of(session ? try_often(*session, *golden, asked)
                             : Result<ReplayTries>(session.error()));
  };
}

}  // namespace faultrig
