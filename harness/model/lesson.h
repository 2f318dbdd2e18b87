#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/scenario.h"

namespace faultrig {

// A file of a lesson: a fenced block of its Markdown.
struct LessonFile {
  std::string name;  // below the folder: `exit_test.go`, `cmd/main.go`
  std::string text;
  Place place;  // of its first fence
};

// One of the answers that a question offers.
struct LessonAnswer {
  std::string text;    // `255`, `SIGKILL`, `never started`, or words
  Expectation expect;  // met by a run whose right answer this is
};

// What a lesson asks before a run.
struct LessonQuestion {
  std::string text;
  std::string of;  // test, go, command, service or shell; empty: of no link
  std::vector<LessonAnswer> answers;
  std::size_t right = 0;  // index of the answer that the lesson holds right
  // With Go 1.N up to this N (20 for 1.20) it is another one.
  int older_minor = 0;  // 0: the same with every Go
  std::size_t older_right = 0;
  Place place;

  // What the lesson holds right where go is `go1.19.8`; "" for no go.
  std::size_t right_with(std::string_view go) const;
};

// One run of a lesson: predicted, done, compared.
struct LessonRun {
  Scenario scenario;                // its workload and its faults
  std::vector<std::string> faults;  // as the author wrote them, one line each
  std::vector<LessonQuestion> ask;
  // The link at which the truth is lost: test, go, command, service or shell;
  // empty: at none.
  std::string lost_at;

  // What people would type: `go test ./hoard`, or the line given to `sh -c`.
  std::string command_line() const;
};

// A scenario that the learner writes. It is run twice: in the exercise's
// folder, and in a copy with the files of Exercise::other laid over it.
struct WrittenScenario {
  // What a run must come to.
  enum class Wanted { pass, fail, no_pass };
  std::string file;
  Wanted here = Wanted::pass;
  Wanted there = Wanted::no_pass;
};

// A program of the exercise that is to stop well at every instant of a small
// shutdown map.
struct LessonMap {
  std::string package;  // as go takes it in the exercise's folder
  std::string url;      // asked for under load
};

struct LessonExercise {
  std::string task;               // Markdown
  std::vector<LessonFile> files;  // laid over those of the lesson
  std::vector<std::string> keep;  // to stay as they were handed over
  std::vector<Scenario> checks;   // each must pass
  std::optional<LessonMap> map;   // then this must have no finding
  std::optional<WrittenScenario> written;
  std::vector<LessonFile> other;
  std::vector<LessonFile> solution;  // laid over `files`
};

// A lesson, as its file has it.
struct Lesson {
  std::string name;   // of its file: `01-exit-255`
  int number = 0;     // 1
  std::string title;  // one line
  std::string intro;  // Markdown, the named blocks of code left out
  std::string why;    // the explanation: Markdown
  std::vector<LessonFile> files;
  std::vector<LessonRun> runs;
  std::optional<LessonExercise> exercise;
  bool own_code = false;  // it looks at the learner's own module
  std::string file;       // for complaints
  std::string text;       // the whole file

  // All that a session runs of it: of the runs, then the exercise's checks.
  // They live as long as the lesson does.
  std::vector<const Scenario*> scenarios() const;
};

// The link of evidence that `of` or `lost_at` means in a run: `shell` is the
// command, or the test binary where that is run by itself.
std::string lesson_link(std::string_view word, const Scenario& scenario);

}  // namespace faultrig
