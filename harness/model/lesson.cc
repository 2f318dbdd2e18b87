#include "harness/model/lesson.h"

#include <charconv>

#include "harness/base/text.h"

namespace faultrig {

namespace {

using Words = std::vector<std::string>;

void add(Words& words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
}

Words go_words(const GoTest& test) {
  Words words{test.go, "test"};
  add(words, test.flags);
  if (!test.exec.empty()) {
    add(words, {"-exec", join(test.exec, " ")});
  }
  if (!test.run.empty()) {
    add(words, {"-run", test.run});
  }
  if (!test.timeout.empty()) {
    add(words, {"-timeout", test.timeout});
  }
  add(words, test.packages);
  if (!test.args.empty()) {
    words.emplace_back("-args");
    add(words, test.args);
  }
  return words;
}

// As people build a test binary and start it themselves.
std::string binary_line(const GoTest& test) {
  Words build{test.go, "test", "-c", "-o", "a.test"};
  add(build, test.flags);
  add(build, test.packages);
  Words run{"./a.test"};
  add(run, test.args);
  return shell_line(build) + " && " + shell_line(run);
}

bool is_shell_line(const Words& command) {
  return command.size() == 3 && command[1] == "-c" &&
         (command[0] == "sh" || command[0] == "bash");
}

// 19 of `go1.19.8`; 0: none.
int minor_of(std::string_view go) {
  constexpr std::string_view kOne = "go1.";
  int minor = 0;
  if (go.starts_with(kOne)) {
    std::from_chars(go.data() + kOne.size(), go.data() + go.size(), minor);
  }
  return minor;
}

}  // namespace

std::size_t LessonQuestion::right_with(std::string_view go) const {
  int minor = minor_of(go);
  return minor > 0 && minor <= older_minor ? older_right : right;
}

std::string LessonRun::command_line() const {
  const Workload& workload = scenario.workload;
  if (workload.go_test) {
    return workload.go_test->mode == GoTest::Mode::chain
               ? shell_line(go_words(*workload.go_test))
               : binary_line(*workload.go_test);
  }
  if (is_shell_line(workload.command)) {
    return workload.command.back();
  }
  if (workload.service && workload.service->build) {
    Words run{"./server"};
    bool bare = workload.command.empty();
    add(run,
        {workload.command.begin() + (bare ? 0 : 1), workload.command.end()});
    return "go build -o server " + workload.service->build->package + " && " +
           shell_line(run);
  }
  return shell_line(workload.command);
}

std::vector<const Scenario*> Lesson::scenarios() const {
  std::vector<const Scenario*> out;
  for (const LessonRun& run : runs) {
    out.push_back(&run.scenario);
  }
  if (exercise) {
    for (const Scenario& check : exercise->checks) {
      out.push_back(&check);
    }
  }
  return out;
}

std::string lesson_link(std::string_view word, const Scenario& scenario) {
  bool binary = scenario.workload.go_test.has_value();
  return std::string(word != "shell" ? word : binary ? "test" : "command");
}

}  // namespace faultrig
