#include "harness/lesson/lesson_text.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "harness/base/columns.h"
#include "harness/base/text.h"
#include "harness/judge/link_text.h"
#include "harness/lesson/lesson_plan.h"
#include "harness/model/lesson_prose.h"

namespace faultrig {

namespace {

constexpr const char* kBold = "1";
constexpr const char* kGreen = "32";
constexpr const char* kRed = "31";
constexpr std::size_t kMostPrinted = 12;     // lines of a stream
constexpr std::ptrdiff_t kFirstPrinted = 4;  // `panic: ...` is among them
constexpr std::ptrdiff_t kLastPrinted = kMostPrinted - kFirstPrinted;
constexpr std::size_t kLinkColumn = 9;
constexpr std::size_t kVerdictColumn = 8;
constexpr std::size_t kMostSeen = 3;
constexpr std::string_view kMark = "right";
constexpr std::size_t kMarkColumn = 7;

std::string indented(std::string_view text, std::string_view with) {
  std::string out;
  for (std::string_view line : lines_of(text)) {
    out += std::string(with) + for_one_line(line) + "\n";
  }
  return out;
}

// On one line, each tab as four blanks.
std::string line_of_code(std::string_view line) {
  std::string shown;
  for (char letter : line) {
    shown += letter == '\t' ? "    " : std::string(1, letter);
  }
  return for_one_line(shown);
}

std::string file_text(const LessonFile& file) {
  std::string out = "  " + file.name + "\n";
  for (std::string_view line : lines_of(file.text)) {
    out += (line.empty() ? "    |" : "    | " + line_of_code(line)) + "\n";
  }
  return out;
}

std::string prose(std::string_view markdown) {
  std::string out;
  for (const std::string& line : prose_lines(markdown)) {
    out += for_one_line(line) + "\n";
  }
  return out;
}

// The word for a link that people use: a shell is no mere command.
std::string word_of(const LinkEnd& end, const LessonRun& run) {
  const std::vector<std::string>& command = run.scenario.workload.command;
  bool shell = !command.empty() && (command[0] == "sh" || command[0] == "bash");
  return end.name == "command" && shell ? "shell" : end.name;
}

// Of a go test that came to no test, nothing is told of one.
bool lacks_a_test(const LessonRun& run, const LessonOutcome& outcome) {
  const ExitChain& ends = outcome.evidence.exits();
  return run.scenario.workload.go_test &&
         std::none_of(ends.begin(), ends.end(), [](const LinkEnd& end) {
           return end.link == Link::test;
         });
}

std::string answer_named(const LessonQuestion& question,
                         const std::optional<std::size_t>& index) {
  return index && *index < question.answers.size()
             ? for_one_line(question.answers[*index].text)
             : "something else";
}

std::set<std::string> needs_of(const Lesson& lesson) {
  std::set<std::string> out;
  for (const Scenario* scenario : lesson.scenarios()) {
    if (auto plan = lesson_plan(*scenario)) {
      out.insert(plan->launch.needs.begin(), plan->launch.needs.end());
    }
  }
  return out;
}

// Of a long stream its beginning and its end.
std::string printed(const char* stream, const std::string& text) {
  std::vector<std::string_view> lines = lines_of(text);
  if (lines.size() > kMostPrinted) {
    lines.erase(lines.begin() + kFirstPrinted, lines.end() - kLastPrinted);
    lines.insert(lines.begin() + kFirstPrinted, "...");
  }
  std::string out;
  for (std::string_view line : lines) {
    out += fmt::format("    {:<7}| {}\n", out.empty() ? stream : "",
                       line_of_code(line));
  }
  return out;
}

// What the kernel or we saw of the fault, in a few lines.
std::string seen_of(const Evidence& evidence) {
  std::string out;
  std::set<std::string> told;
  const std::vector<std::string>& names = evidence.parts().fault_names;
  for (const Observation& seen : evidence.trace()) {
    bool shown = seen.fact == Fact::oom_kill ||
                 seen.fact == Fact::signal_sent ||
                 seen.fact == Fact::fault_activated;
    if (!shown || told.size() >= kMostSeen) {
      continue;
    }
    auto fault = static_cast<std::size_t>(seen.fault);
    std::string line = describe(seen, fault < names.size() ? names[fault] : "");
    if (told.insert(line).second) {
      out += wrapped("    seen", line, kLinkColumn + 4);
    }
  }
  return out;
}

// q is taken: it stops. Nobody asks for more answers than letters before it.
std::string letter_of(std::size_t answer) {
  constexpr std::string_view kLetters = "abcdefghijklmnop";
  return answer < kLetters.size() ? std::string(1, kLetters[answer])
                                  : std::to_string(answer + 1);
}

}  // namespace

std::string LessonText::painted(const char* how,
                                const std::string& text) const {
  return color_ ? fmt::format("\x1b[{}m{}\x1b[0m", how, text) : text;
}

std::string LessonText::opening(const Lesson& lesson, std::size_t of) const {
  std::string out =
      painted(kBold, fmt::format("Lesson {} of {}: {}", lesson.number, of,
                                 for_one_line(lesson.title))) +
      "\n\n" + prose(lesson.intro);
  for (const LessonFile& file : lesson.files) {
    out += "\n" + file_text(file);
  }
  return out;
}

std::string LessonText::run(const LessonRun& run) const {
  std::string out = "\n";
  std::string before = "  $ ";
  std::string command = run.command_line();
  for (std::string_view line : lines_of(command)) {
    out += before + painted(kBold, for_one_line(line)) + "\n";
    before = "    ";
  }
  for (const std::string& fault : run.faults) {
    out += "    under the fault " + for_one_line(fault) + "\n";
  }
  return out;
}

std::optional<std::size_t> answer_meant(const LessonQuestion& question,
                                        std::string_view typed) {
  for (std::size_t i = 0; i < question.answers.size(); ++i) {
    if (typed == question.answers[i].text || typed == letter_of(i)) {
      return i;
    }
  }
  return std::nullopt;
}

std::string letters_of(const LessonQuestion& question) {
  return "a to " + letter_of(question.answers.size() - 1);
}

std::string LessonText::question(const LessonQuestion& question) const {
  std::string out = "\n" + wrapped("", for_one_line(question.text), 0);
  for (std::size_t i = 0; i < question.answers.size(); ++i) {
    out += fmt::format("  {}) {}\n", letter_of(i),
                       for_one_line(question.answers[i].text));
  }
  return out;
}

std::string LessonText::came(const LessonRun& run,
                             const LessonOutcome& outcome) const {
  std::string out;
  std::string lost = lesson_link(run.lost_at, run.scenario);
  if (lacks_a_test(run, outcome)) {
    out += "    " + padded("test", kLinkColumn) + "never started\n";
  }
  for (const LinkEnd& end : outcome.evidence.exits()) {
    std::string line =
        "    " + padded(word_of(end, run), kLinkColumn) + end_words(end);
    if (!end.why_not_started.empty()) {
      line += ": " + for_one_line(end.why_not_started);
    }
    bool here = !run.lost_at.empty() && end.name == lost;
    out += line + (here ? painted(kRed, "   <-- here the truth is lost") : "") +
           "\n";
  }
  for (const Finding& finding : outcome.judgement.findings) {
    if (finding.verdict != Verdict::pass) {
      out += indented(finding.because, "    careful: ");
    }
  }
  out += seen_of(outcome.evidence);
  return out + printed("stdout", outcome.evidence.out()) +
         printed("stderr", outcome.evidence.err());
}

std::string LessonText::compared(
    const LessonRun& run, const LessonOutcome& outcome,
    const std::vector<std::size_t>& predicted) const {
  std::string out = "\n";
  for (std::size_t i = 0; i < run.ask.size() && i < predicted.size(); ++i) {
    const LessonQuestion& question = run.ask[i];
    const std::optional<std::size_t>& truth = outcome.truths[i];
    bool right = truth && *truth == predicted[i];
    out += right ? painted(kGreen, "right") : painted(kRed, "no   ");
    out += wrapped("", for_one_line(question.text), kMarkColumn)
               .substr(kMark.size());
    std::string said =
        "the machine says " + answer_named(question, truth) +
        (right ? "" : ", you said " + answer_named(question, predicted[i]));
    out += wrapped("", said, kMarkColumn);
  }
  return out;
}

std::string LessonText::why(const Lesson& lesson) const {
  return "\n" + painted(kBold, "Why") + "\n" + prose(lesson.why);
}

std::string LessonText::exercise(const Lesson& lesson,
                                 const std::string& folder) const {
  std::string out = "\n" + painted(kBold, "Exercise") + ", in " +
                    for_one_line(folder) + "\n" + prose(lesson.exercise->task);
  if (!lesson.exercise->keep.empty()) {
    out += "Leave as it is: " + join(lesson.exercise->keep, ", ") + "\n";
  }
  return out +
         fmt::format("\nThen: faultrig learn --check {}\n", lesson.number);
}

std::string LessonText::checked(const Lesson& lesson,
                                const ExerciseOutcome& outcome) const {
  if (outcome.solved) {
    return painted(kGreen, "solved") + "   " + for_one_line(lesson.title) +
           "\n";
  }
  std::string out =
      painted(kRed, "not yet") + "  " + for_one_line(lesson.title) + "\n";
  for (const std::string& missing : outcome.missing) {
    out += indented(missing, "  ");
  }
  out += fmt::format("the task again: faultrig learn --lesson {}\n",
                     lesson.number);
  return out;
}

std::string LessonText::tried(const Lesson& lesson, const std::string& verdict,
                              const std::string& why) const {
  bool red = verdict == "WRONG";
  std::string shown = padded(verdict, kVerdictColumn);
  return (red ? painted(kRed, shown) : shown) + for_one_line(lesson.name) +
         "\n" + indented(why, "        ");
}

std::string LessonText::list(const std::vector<Lesson>& lessons,
                             const LessonProgress& progress) const {
  std::string out;
  for (const Lesson& lesson : lessons) {
    LessonStage stage = stage_of(progress, lesson.name);
    std::string state = stage == LessonStage::solved ? "solved"
                        : stage == LessonStage::seen ? "seen"
                                                     : "";
    out += fmt::format("{:>2}  {:<7} {}\n", lesson.number, state,
                       for_one_line(lesson.title));
    std::set<std::string> needs = needs_of(lesson);
    if (!needs.empty()) {
      out += std::string(12, ' ') + "needs " +
             join({needs.begin(), needs.end()}, ", ") + "\n";
    }
  }
  return out;
}

}  // namespace faultrig
