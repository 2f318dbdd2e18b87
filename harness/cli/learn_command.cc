// `faultrig learn`: lessons in the terminal, one at a time. Everything that is
// run is run in a worker of its own, so that Ctrl-C at any moment leaves
// nothing: this process holds nothing but a terminal.
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <optional>
#include <utility>

#include "harness/base/text.h"
#include "harness/campaign/aside.h"
#include "harness/cli/arguments.h"
#include "harness/cli/command.h"
#include "harness/cli/output.h"
#include "harness/cli/own_code.h"
#include "harness/cli/printing.h"
#include "harness/cli/quiz.h"
#include "harness/lesson/engine.h"
#include "harness/lesson/lesson_text.h"
#include "harness/lesson/map_check.h"
#include "harness/lesson/progress.h"
#include "harness/lesson/shelf.h"
#include "harness/lesson/trial.h"
#include "harness/os/signals.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

constexpr const char* kPlace = "faultrig-learn";
constexpr std::size_t kKeepOutput = 1 << 20;
constexpr int kFailed = 1;

class LearnCommand : public Command {
 public:
  void declare(Arguments& arguments) override;
  std::string wrong() const override {
    bool lesson = list_ || check_ || reset_ || try_ || !folder_.empty();
    return list_ && (check_ || reset_ || try_) ? "--list stands alone"
           : quiz_ && lesson                   ? "--quiz stands alone"
           : seed_ && !quiz_                   ? "--seed is for --quiz"
                                               : "";
  }
  int run(const Surroundings& surroundings) override;

 private:
  Result<> load(const Surroundings& surroundings);
  bool is_meant(const Lesson& lesson) const;
  int forget();
  int go_on();
  int do_lesson(const Lesson& lesson);
  int try_all();
  int teach(const Lesson& lesson);
  int teach_run(const Lesson& lesson, std::size_t number);
  int hand_out(const Lesson& lesson);
  int look_at_module(const Lesson& lesson);
  int check(const Lesson& lesson);
  int add_map(const Lesson& lesson, ExerciseOutcome& outcome);
  int keep(const Lesson& lesson, LessonStage stage);

  std::string number_;
  std::string folder_;
  std::string module_;
  bool list_ = false;
  bool check_ = false;
  bool try_ = false;
  bool reset_ = false;
  bool quiz_ = false;
  std::optional<std::uint64_t> seed_;
  Session::Options session_;
  LessonText text_{false};
  std::vector<Lesson> lessons_;
  fs::path file_;
  LessonProgress progress_;
};

void LearnCommand::declare(Arguments& arguments) {
  arguments.word("N,--lesson", number_,
                 "this lesson (default: the first that is not solved)");
  arguments.flag("--check", check_, "run the exercise, say what is missing");
  arguments.flag("--try", try_,
                 "for teachers: is all true that the lessons say?");
  arguments.flag("--list", list_, "all lessons, and how far you are");
  arguments.flag("--reset", reset_, "forget how far you are");
  arguments.word("--lessons", folder_,
                 "lessons of your own: the files NN-name.md of DIR");
  arguments.flag("--quiz", quiz_,
                 "instead: N real logs (default: 10), what happened?");
  arguments.number("--seed", seed_, {0, 1'000'000'000},
                   "which logs, and in which order (default: another one)");
  arguments.word("--dir", module_,
                 "your own Go module, for the lesson that looks at it");
}

fs::path place_of(const Lesson& lesson) {
  return fs::path(kPlace) / lesson.name;
}

// Who went into an exercise is still at the same lessons: back to the folder
// that holds all of them. `given` are paths that were meant from where we are.
Result<> go_back(std::initializer_list<std::string*> given) {
  std::error_code failed;
  fs::path here = fs::current_path(failed);
  fs::path top;
  for (fs::path at = here; at.has_relative_path(); at = at.parent_path()) {
    top = at.filename() == kPlace ? at.parent_path() : top;
  }
  if (top.empty()) {
    return Ok{};
  }
  for (std::string* path : given) {
    *path = path->empty() ? "" : (here / *path).string();
  }
  fs::current_path(top, failed);
  if (failed) {
    return system_error("cannot go to " + for_one_line(top.string()),
                        failed.value());
  }
  print("in " + for_one_line(top.string()) + ":\n");
  return Ok{};
}

std::string as_typed(const fs::path& folder) { return "./" + folder.string(); }

// The answer to a question, from 0; nothing: whoever learns has left.
std::optional<std::size_t> prediction(const LessonQuestion& question) {
  std::string letters = letters_of(question);
  std::string line;
  print("your answer, " + letters + ": ");
  while (std::getline(std::cin, line) && line != "q") {
    if (auto answer = answer_meant(question, line)) {
      return answer;
    }
    print("type a letter, " + letters + ", or q to stop: ");
  }
  return std::nullopt;
}

int leave() {
  print("\nstopped; faultrig learn goes on here\n");
  return kTrouble;
}

Result<> LearnCommand::load(const Surroundings& surroundings) {
  session_ = {surroundings.environment, FAULTRIG_VERSION, kKeepOutput};
  text_ = LessonText(wants_color(surroundings));
  TRY_ASSIGN(lessons_,
             folder_.empty() ? built_in_lessons() : lessons_in(folder_));
  TRY_ASSIGN(file_, progress_file(surroundings.environment));
  TRY_ASSIGN(progress_, load_progress(file_));
  return Ok{};
}

// Is it meant by the command line? Where no number is given: is it open?
bool LearnCommand::is_meant(const Lesson& lesson) const {
  return number_.empty()
             ? stage_of(progress_, lesson.name) != LessonStage::solved
             : number_ == std::to_string(lesson.number);
}

int LearnCommand::run(const Surroundings& surroundings) {
  if (quiz_) {
    return take_quiz({number_, seed_});
  }
  if (auto back = go_back({&folder_, &module_}); !back) {
    return tell(back.error());
  }
  if (auto loaded = load(surroundings); !loaded) {
    return tell(loaded.error());
  }
  if (list_) {
    return print(text_.list(lessons_, progress_)) ? 0 : kTrouble;
  }
  return reset_ ? forget() : try_ ? try_all() : go_on();
}

// A line for each lesson, or for that of a number, and what is wrong below it.
int LearnCommand::try_all() {
  int code = 0;
  for (const Lesson& lesson : lessons_) {
    if (!number_.empty() && number_ != std::to_string(lesson.number)) {
      continue;
    }
    auto told =
        do_aside(session_, [&](Session& session) -> Result<std::string> {
          TRY_ASSIGN(std::vector<std::string> wrong,
                     try_lesson(session, lesson));
          return join(wrong, "\n");
        });
    bool cannot = !told && told.error().kind == ErrorKind::unsupported;
    bool right = told && told->empty();
    std::string below = !told ? told.error().what : *told;
    print_text(text_.tried(lesson,
                           right    ? "ok"
                           : cannot ? "skipped"
                                    : "WRONG",
                           below));
    code = right || cannot ? code : kFailed;
  }
  return code;
}

int LearnCommand::forget() {
  auto saved = save_progress(file_, {});
  if (!saved) {
    return tell(saved.error());
  }
  print("all lessons are new again; what lies in ./" + std::string(kPlace) +
        " stays\n");
  return 0;
}

// What this machine cannot do is passed over where nobody asked for it.
int LearnCommand::go_on() {
  std::optional<int> code;
  for (const Lesson& lesson : lessons_) {
    if (is_meant(lesson) && (!code || *code == kNothingRan)) {
      code = do_lesson(lesson);
    }
  }
  if (!code && !number_.empty()) {
    return tell(usage_error("there is no lesson " + for_one_line(number_) +
                            "; try: faultrig learn --list"));
  }
  if (!code) {
    print("all lessons are solved; once more: faultrig learn --reset\n");
  }
  return code.value_or(0);
}

int cannot(const Lesson& lesson, const Error& why) {
  complain("lesson " + std::to_string(lesson.number) + ", " +
           for_one_line(lesson.title) +
           ", cannot be done here: " + for_one_line(why.what) + "\n");
  return kNothingRan;
}

int LearnCommand::do_lesson(const Lesson& lesson) {
  std::error_code failed;
  bool begun = number_.empty() && lesson.exercise &&
               stage_of(progress_, lesson.name) == LessonStage::seen &&
               fs::exists(place_of(lesson), failed);
  auto can = do_aside(session_, [&](Session& session) -> Result<std::string> {
    TRY(can_do(session, lesson));
    return std::string();
  });
  if (!can && can.error().kind == ErrorKind::unsupported) {
    return cannot(lesson, can.error());
  }
  return !can              ? tell(can.error())
         : check_ || begun ? check(lesson)
                           : teach(lesson);
}

int LearnCommand::teach(const Lesson& lesson) {
  print(text_.opening(lesson, lessons_.size()));
  for (std::size_t i = 0; i < lesson.runs.size(); ++i) {
    if (int code = teach_run(lesson, i); code != 0) {
      return code;
    }
  }
  if (lesson.own_code) {
    return look_at_module(lesson);
  }
  print(text_.why(lesson));
  return lesson.exercise ? hand_out(lesson) : keep(lesson, LessonStage::solved);
}

int LearnCommand::teach_run(const Lesson& lesson, std::size_t number) {
  const LessonRun& run = lesson.runs[number];
  print(text_.run(run));
  std::vector<std::size_t> predicted;
  for (const LessonQuestion& question : run.ask) {
    print(text_.question(question));
    auto answer = prediction(question);
    if (!answer) {
      return leave();
    }
    predicted.push_back(*answer);
  }
  print("\nrunning it ...\n");
  auto told = do_aside(session_, [&](Session& session) -> Result<std::string> {
    TRY_ASSIGN(LessonOutcome outcome, run_lesson(session, lesson, number));
    return outcome_text(run, outcome);
  });
  auto outcome =
      told ? parse_outcome(run, *told) : Result<LessonOutcome>(told.error());
  if (!outcome) {
    return tell(outcome.error());
  }
  print_text(text_.came(run, *outcome));
  return print(text_.compared(run, *outcome, predicted)) ? 0 : kTrouble;
}

int LearnCommand::hand_out(const Lesson& lesson) {
  auto written = hand_over(lesson, place_of(lesson));
  if (!written) {
    return tell(written.error());
  }
  print(text_.exercise(lesson, as_typed(place_of(lesson))));
  LessonStage stage = stage_of(progress_, lesson.name);
  return keep(lesson, stage == LessonStage::solved ? stage : LessonStage::seen);
}

int LearnCommand::look_at_module(const Lesson& lesson) {
  if (module_.empty()) {
    print("\nThen: faultrig learn --lesson " + std::to_string(lesson.number) +
          " --dir PATH-OF-YOUR-MODULE\n");
    return 0;
  }
  std::error_code failed;
  fs::path place = fs::absolute(place_of(lesson), failed);
  if (int code = look_at_own_code(module_, place, session_); code != 0) {
    return code;
  }
  print(text_.why(lesson));
  return keep(lesson, LessonStage::solved);
}

int LearnCommand::check(const Lesson& lesson) {
  if (!lesson.exercise) {
    return tell(usage_error("lesson " + std::to_string(lesson.number) +
                            " has no exercise"));
  }
  std::error_code failed;
  std::string folder = for_one_line(as_typed(place_of(lesson)));
  if (!fs::exists(place_of(lesson), failed)) {
    return tell(usage_error("there is no " + folder +
                            " here: faultrig learn --lesson " +
                            std::to_string(lesson.number) + " makes it"));
  }
  print("checking " + folder + " ...\n");
  auto told = do_aside(session_, [&](Session& session) -> Result<std::string> {
    TRY_ASSIGN(ExerciseOutcome outcome,
               check_exercise(session, lesson, place_of(lesson)));
    return exercise_text(outcome);
  });
  auto outcome =
      told ? parse_exercise(*told) : Result<ExerciseOutcome>(told.error());
  if (!outcome) {
    return tell(outcome.error());
  }
  if (outcome->solved && lesson.exercise->map) {
    if (int code = add_map(lesson, *outcome); code != 0) {
      return code;
    }
  }
  print(text_.checked(lesson, *outcome));
  if (!outcome->solved) {
    return kFailed;
  }
  int code = keep(lesson, LessonStage::solved);
  print(code == 0 ? "next: faultrig learn\n" : "");
  return code;
}

// The exit code of what ended us; 0: the outcome has it.
int LearnCommand::add_map(const Lesson& lesson, ExerciseOutcome& outcome) {
  print("drawing a shutdown map: many instants more ...\n");
  auto signals = take_ending_signals();
  if (!signals) {
    return tell(signals.error());
  }
  auto map =
      check_map(*lesson.exercise->map, place_of(lesson), session_, *signals);
  if (!map && map.error().kind == ErrorKind::unsupported) {
    return cannot(lesson, map.error());
  }
  if (!map) {
    return tell(map.error());
  }
  if (map->signal != 0) {
    return tell_interrupted(map->signal, map->all_gone);
  }
  outcome.missing = map->findings;
  outcome.solved = map->findings.empty();
  return 0;
}

int LearnCommand::keep(const Lesson& lesson, LessonStage stage) {
  progress_[lesson.name] = stage;
  auto saved = save_progress(file_, progress_);
  return saved ? 0 : tell(saved.error());
}

}  // namespace

CommandType learn_command() {
  return command_type<LearnCommand>(
      "learn", "lessons on exit codes: predict, run, understand",
      "faultrig learn\n"
      "Exit codes: 0 the lesson or its exercise is done, 1 the exercise is "
      "not\nsolved yet, 3 you stopped, 77 this machine lacks something.");
}

}  // namespace faultrig
