// A scenario done: run, judged, its evidence kept, without a secret in either.
#include "harness/campaign/scenario_task.h"

#include <chrono>
#include <optional>
#include <utility>

#include "harness/campaign/frame.h"
#include "harness/judge/expectation.h"
#include "harness/judge/run_details.h"
#include "harness/report/json.h"
#include "harness/report/plan_text.h"
#include "harness/store/evidence_file.h"
#include "harness/store/keep.h"
#include "harness/store/secrets.h"

namespace faultrig {

namespace {

using Clock = std::chrono::steady_clock;

Mask mask_of(const Entry& entry, const std::vector<std::string>& environment) {
  return {entry.plan.scenario.workload, environment, entry.yaml};
}

class Workshop {
 public:
  Workshop(Session& session, const std::vector<Entry>& entries,
           const Keeping& keeping)
      : session_(session), entries_(entries), keeping_(keeping) {}

  ScenarioAnswer work(const ScenarioTask& task) {
    const Entry& entry = entries_[task.entry];
    Mask mask = mask_of(entry, session_.options().environment);
    ScenarioAnswer out;
    if (auto can = session_.can_run(entry.plan); !can) {
      Error error = can.error();
      error.what = mask.text(std::move(error.what));
      out.judgement = judgement_without_run(entry.plan, error, task.repeat);
      out.refused = std::move(error);
    } else if (task.golden) {
      auto golden = run_golden(session_, entry.plan);
      out.golden =
          golden ? *golden : GoldenResult{Golden::bad, golden.error().what};
    } else {
      out.judgement = run(entry, task, mask);
    }
    return out;
  }

 private:
  Judgement run(const Entry& entry, const ScenarioTask& task,
                const Mask& mask) {
    auto start = Clock::now();
    auto evidence = run_plan(session_, entry.plan, task.result);
    Judgement out;
    if (evidence) {
      out = judge(entry.plan.scenario, *evidence);
      out = mask.judgement(std::move(out));
    } else {
      Error error = evidence.error();
      error.what = mask.text(error.what);
      out = judgement_without_run(entry.plan, error, task.repeat);
    }
    out.repeat = task.repeat;
    out.file = mask.text(out.file);
    // What people wait for: the making of groups, and masks, are part of it.
    out.took = Clock::now() - start;
    if (evidence && (keeping_.details || !keeping_.evidence.empty())) {
      show_and_keep(entry, task, *evidence, mask, out);
    }
    return out;
  }

  // What was judged is what was seen; what is shown and kept is masked.
  void show_and_keep(const Entry& entry, const ScenarioTask& task,
                     const Evidence& evidence, const Mask& mask,
                     Judgement& out) {
    std::optional<Evidence> masked;
    if (!mask.empty()) {
      masked.emplace(mask.parts(evidence.parts()));
    }
    const Evidence& shown = masked ? *masked : evidence;
    if (keeping_.details) {
      RunDetails details = details_of(entry.plan.scenario, shown, out);
      details.plan = mask.text(plan_text(entry.plan));
      out.details = std::make_shared<const RunDetails>(std::move(details));
    }
    if (keeping_.evidence.empty()) {
      return;
    }
    auto folder = keep(entry, task, shown, mask);
    if (folder) {
      out.evidence = *folder;
    } else {
      not_kept(folder.error(), out);
    }
  }

  // To be kept, and read again without a secret; an error if it cannot be.
  static Result<std::string> masked_yaml(const Entry& entry, const Mask& mask) {
    const Scenario& given = entry.plan.scenario;
    std::string yaml = mask.yaml(entry.yaml);
    if (yaml == entry.yaml) {
      return yaml;
    }
    auto masked = scenario_from(yaml, given.name, given.file);
    for (const std::string& name : mask.names()) {
      if (!masked || masked->workload.env[name] != Mask::kMasked) {
        return usage_error("the value of " + name +
                           " cannot be masked: write it behind its name, on "
                           "one line");
      }
    }
    return yaml;
  }

  // Gives the folder. A question about a secret itself may get another answer
  // from kept evidence, which is masked.
  Result<std::string> keep(const Entry& entry, const ScenarioTask& task,
                           const Evidence& evidence, const Mask& mask) {
    TRY_ASSIGN(std::string yaml, masked_yaml(entry, mask));
    std::string below = entry.folder;
    if (task.repeat > 0) {
      below += "/repeat-" + std::to_string(task.repeat);
    }
    KeptTexts texts{yaml, mask.text(plan_text(entry.plan))};
    Scenario scenario = entry.plan.scenario;
    scenario.name = mask.text(scenario.name);
    scenario.file = mask.text(scenario.file.string());
    TRY_ASSIGN(auto folder, open_kept_below(keeping_.evidence, below));
    TRY(keep_evidence(folder, evidence, scenario, texts));
    return folder.path.string();
  }

  // Evidence that cannot be kept (a full disk) is an error of its own; the
  // verdict that was reached is told all the same.
  static void not_kept(const Error& error, Judgement& out) {
    Finding finding;
    finding.verdict = Verdict::error;
    finding.because = "evidence not kept (the run itself: " +
                      std::string(verdict_name(out.verdict)) +
                      "): " + error.what;
    out.findings.push_back(finding);
    out.verdict = worse(out.verdict, Verdict::error);
  }

  Session& session_;
  const std::vector<Entry>& entries_;
  const Keeping& keeping_;
};

// The first word of an answer about a golden run.
constexpr std::int64_t kRan = 0;
constexpr std::int64_t kRefused = 1;

Golden golden_from(std::int64_t number) {
  return number == 1 ? Golden::good : number == 2 ? Golden::bad : Golden::none;
}

}  // namespace

Judgement judgement_without_run(const Plan& plan, const Error& why,
                                int repeat) {
  Judgement out;
  out.scenario = plan.scenario.name;
  out.file = plan.scenario.file.string();
  out.repeat = repeat;
  bool cannot = why.kind == ErrorKind::unsupported;
  out.verdict = cannot ? Verdict::skipped : Verdict::error;
  Finding finding;
  finding.verdict = out.verdict;
  finding.because = why.what;
  out.findings.push_back(finding);
  return out;
}

ScenarioAnswer answer_without_run(const Plan& plan, const Error& why,
                                  int repeat) {
  return {
      {Golden::bad, why.what}, {}, judgement_without_run(plan, why, repeat)};
}

ScenarioFile shown_of(const Entry& entry,
                      const std::vector<std::string>& environment) {
  Mask mask = mask_of(entry, environment);
  const Scenario& scenario = entry.plan.scenario;
  return {mask.text(scenario.name), mask.text(scenario.file.string())};
}

std::string order_text(const ScenarioTask& task) {
  return frame_text(
      {{task.golden ? 1 : 0, static_cast<std::int64_t>(task.entry), task.repeat,
        static_cast<int>(task.result.golden)},
       task.result.trouble});
}

Result<ScenarioTask> parse_order(const std::string& text) {
  TRY_ASSIGN(FramedText frame, parse_frame(text, 4));
  return ScenarioTask{frame.words[0] == 1,
                      static_cast<std::size_t>(frame.words[1]),
                      static_cast<int>(frame.words[2]),
                      {golden_from(frame.words[3]), frame.rest}};
}

std::string answer_text(const ScenarioTask& task,
                        const ScenarioAnswer& answer) {
  if (!task.golden) {
    return judgement_line(answer.judgement);
  }
  if (answer.refused) {
    return frame_text({{kRefused, static_cast<int>(answer.refused->kind)},
                       answer.refused->what});
  }
  return frame_text(
      {{kRan, static_cast<int>(answer.golden.golden)}, answer.golden.trouble});
}

Result<ScenarioAnswer> parse_answer(const ScenarioTask& task,
                                    const std::string& text) {
  ScenarioAnswer out;
  if (!task.golden) {
    TRY_ASSIGN(out.judgement, parse_judgement_line(text));
    return out;
  }
  TRY_ASSIGN(FramedText frame, parse_frame(text, 2));
  if (frame.words[0] == kRefused) {
    bool cannot = frame.words[1] == static_cast<int>(ErrorKind::unsupported);
    out.refused = cannot ? unsupported_error(frame.rest)
                         : Error{ErrorKind::system, frame.rest, 0};
  } else {
    out.golden = {golden_from(frame.words[1]), frame.rest};
  }
  return out;
}

Deed scenario_deed(const std::vector<Entry>& entries, Keeping keeping) {
  return [&entries, keeping = std::move(keeping)](
             Result<Session>& session,
             const std::string& order) -> Result<std::string> {
    TRY_ASSIGN(ScenarioTask task, parse_order(order));
    if (task.entry >= entries.size()) {
      return internal_error("no such scenario");
    }
    ScenarioAnswer answer =
        session ? Workshop(*session, entries, keeping).work(task)
                : answer_without_run(entries[task.entry].plan, session.error(),
                                     task.repeat);
    return answer_text(task, answer);
  };
}

}  // namespace faultrig
