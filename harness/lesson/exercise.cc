// A learner's scenario is asked twice: it has to see the fault where there is
// one, and to keep quiet where there is none. One that always says the same
// passes neither.
#include <fcntl.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "harness/base/fd.h"
#include "harness/base/text.h"
#include "harness/campaign/frame.h"
#include "harness/campaign/try_plan.h"
#include "harness/lesson/engine.h"
#include "harness/lesson/laid_out.h"
#include "harness/lesson/lesson_plan.h"
#include "harness/lesson/shelf.h"
#include "harness/parse/scenario_reader.h"
#include "harness/plan/planner.h"
#include "harness/report/json.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;
using WantedVerdict = WrittenScenario::Wanted;

constexpr std::size_t kMostRead = (1 << 20) + 1;

// `expected test exited 255; test exited 0, go exited 0`, and why.
std::string missing_of(const Judgement& judgement) {
  std::string out;
  for (const Finding& finding : judgement.findings) {
    if (finding.verdict == Verdict::pass || !out.empty()) {
      continue;
    }
    out = finding.expected.empty() ? "" : "expected " + finding.expected + "; ";
    out += judgement.observed.empty() ? finding.because : judgement.observed;
    if (finding.expected.empty() && !judgement.observed.empty()) {
      out = finding.because + "; " + judgement.observed;
    }
  }
  return out;
}

bool came_to(WantedVerdict wanted, Verdict verdict) {
  return wanted == WantedVerdict::pass ? verdict == Verdict::pass
         : wanted == WantedVerdict::fail
             ? verdict == Verdict::fail
             : verdict == Verdict::fail || verdict == Verdict::inconclusive;
}

std::string_view words_of(WantedVerdict wanted) {
  return wanted == WantedVerdict::pass   ? "pass"
         : wanted == WantedVerdict::fail ? "fail"
                                         : "not pass";
}

class Checking {
 public:
  Checking(Session& session, const Lesson& lesson, fs::path folder)
      : session_(session), lesson_(lesson), folder_(std::move(folder)) {}

  Result<ExerciseOutcome> check() {
    look_at_kept();
    if (!lesson_.exercise->checks.empty()) {
      TRY_ASSIGN(Lesson here, lesson_at(lesson_, folder_));
      for (const Scenario& scenario : here.exercise->checks) {
        TRY_ASSIGN(Judgement judgement, try_it(scenario));
        if (judgement.verdict != Verdict::pass) {
          out_.missing.push_back(missing_of(judgement));
        }
      }
    }
    if (lesson_.exercise->written) {
      TRY(check_written(*lesson_.exercise->written));
    }
    out_.solved = out_.missing.empty();
    return std::move(out_);
  }

 private:
  Result<Judgement> try_it(const Scenario& scenario) {
    TRY_ASSIGN(Plan plan, lesson_plan(scenario));
    TRY(session_.can_run(plan));
    TRY_ASSIGN(Judgement judgement, try_plan(session_, plan, golden_));
    out_.judgements.push_back(judgement);
    return judgement;
  }

  void look_at_kept() {
    const std::vector<std::string>& keep = lesson_.exercise->keep;
    for (const LessonFile& file : exercise_files(lesson_)) {
      bool kept = std::find(keep.begin(), keep.end(), file.name) != keep.end();
      auto text =
          read_file(AT_FDCWD, (folder_ / file.name).string(), kMostRead);
      if (kept && (!text || *text != file.text)) {
        out_.missing.push_back(file.name + " is to stay as it was handed over");
      }
    }
  }

  // As the learner wrote it, in that folder. Nothing: what is wrong was told.
  std::optional<Scenario> read_written(const WrittenScenario& written,
                                       const fs::path& folder) {
    fs::path file = folder / written.file;
    auto text = read_file(AT_FDCWD, file.string(), kMostRead);
    if (!text) {
      out_.missing.push_back("there is no " + written.file + " yet");
      return std::nullopt;
    }
    ReadScenario read =
        read_scenario(*text, {written.file, file}, full_language());
    for (const Complaint& complaint : read.complaints) {
      out_.missing.push_back(format_complaint(written.file, *text, complaint));
    }
    if (read.scenario && read.scenario->expect.empty()) {
      out_.missing.push_back(written.file + " expects nothing");
      return std::nullopt;
    }
    return std::move(read.scenario);
  }

  Result<> check_one(const WrittenScenario& written, const fs::path& folder,
                     WantedVerdict wanted, const std::string& where) {
    auto scenario = read_written(written, folder);
    if (!scenario) {
      return Ok{};
    }
    if (auto plan = lesson_plan(*scenario); !plan) {
      out_.missing.push_back(written.file + ": " + plan.error().what);
      return Ok{};
    }
    TRY_ASSIGN(Judgement judgement, try_it(*scenario));
    if (!came_to(wanted, judgement.verdict)) {
      out_.missing.push_back(written.file + " is to " +
                             std::string(words_of(wanted)) + " " + where +
                             "; it came to " +
                             std::string(verdict_name(judgement.verdict)) +
                             ": " + judgement.observed);
    }
    return Ok{};
  }

  Result<> check_written(const WrittenScenario& written) {
    TRY(check_one(written, folder_, written.here, "here"));
    if (!out_.missing.empty()) {
      return Ok{};
    }
    TRY_ASSIGN(TempDir other, lesson_folder(session_));
    std::error_code failed;
    fs::copy(folder_, other.path(),
             fs::copy_options::recursive | fs::copy_options::copy_symlinks |
                 fs::copy_options::overwrite_existing,
             failed);
    if (failed) {
      return system_error("copy " + folder_.string(), failed.value());
    }
    TRY_ASSIGN(
        std::vector<std::string> laid,
        lay_out(lesson_.exercise->other, other.path(), Existing::replaced));
    return check_one(written, other.path(), written.there,
                     "where " + join(laid, ", ") + " is another one");
  }

  Session& session_;
  const Lesson& lesson_;
  fs::path folder_;
  GoldenRuns golden_;
  ExerciseOutcome out_;
};

}  // namespace

Result<std::vector<std::string>> hand_over(const Lesson& lesson,
                                           const fs::path& folder) {
  if (!lesson.exercise) {
    return usage_error("this lesson has no exercise");
  }
  return lay_out(exercise_files(lesson), folder, Existing::kept);
}

Result<ExerciseOutcome> check_exercise(Session& session, const Lesson& lesson,
                                       const fs::path& folder) {
  if (!lesson.exercise) {
    return usage_error("this lesson has no exercise");
  }
  std::error_code failed;
  fs::path whole = fs::canonical(folder, failed);
  if (failed) {
    return usage_error("no such folder: " + for_one_line(folder.string()));
  }
  return Checking(session, lesson, whole).check();
}

std::string exercise_text(const ExerciseOutcome& outcome) {
  FramedTexts judgements;
  for (const Judgement& judgement : outcome.judgements) {
    judgements.texts.push_back(judgement_line(judgement));
  }
  return texts_text(
      {outcome.solved ? 1 : 0,
       {texts_text({0, outcome.missing}), texts_text(judgements)}});
}

Result<ExerciseOutcome> parse_exercise(const std::string& text) {
  TRY_ASSIGN(FramedTexts both, parse_texts(text, 2));
  TRY_ASSIGN(FramedTexts missing, parse_texts(both.texts[0], 0));
  TRY_ASSIGN(FramedTexts lines, parse_texts(both.texts[1], 0));
  ExerciseOutcome out{both.word == 1, std::move(missing.texts), {}};
  for (const std::string& line : lines.texts) {
    TRY_ASSIGN(Judgement judgement, parse_judgement_line(line));
    out.judgements.push_back(std::move(judgement));
  }
  return out;
}

}  // namespace faultrig
