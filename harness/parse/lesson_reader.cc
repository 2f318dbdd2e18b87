// The front matter is read with the lines before it left blank, so that every
// place is one of the whole file.
#include "harness/parse/lesson_reader.h"

#include <algorithm>
#include <array>
#include <utility>

#include "harness/base/text.h"
#include "harness/model/lesson_prose.h"
#include "harness/parse/lesson_body.h"
#include "harness/parse/lesson_parts.h"
#include "harness/parse/scenario_parts.h"
#include "harness/parse/section_reader.h"
#include "harness/parse/yaml_source.h"

namespace faultrig {

namespace {

using NodeKind = YamlNode::Kind;

constexpr std::string_view kFence = "---";
constexpr std::size_t kMostWhy = 6;  // lines of a terminal

const Field& lost_field() {
  static const Field kField{
      .key = "lost_at",
      .kind = Kind::choice,
      .summary = "the link at which the truth is lost",
      .fallback = "none",
      .choices = {"none", "test", "go", "command", "service", "shell"}};
  return kField;
}

const Section& lesson_section() {
  static const Section kSection{
      .name = "lesson",
      .summary = "what is shown, asked, run and exercised",
      .fields = {{.key = "title",
                  .kind = Kind::text,
                  .summary = "one line",
                  .required = true,
                  .filled = true},
                 {.key = "own_code",
                  .kind = Kind::boolean,
                  .summary = "whether it looks at the learner's own module",
                  .fallback = "false"},
                 lost_field()}};
  return kSection;
}

const Section& run_section() {
  static const Section kSection{.name = "run", .fields = {lost_field()}};
  return kSection;
}

// Where the Markdown begins: behind the second `---`. Nothing: there is none.
struct Cut {
  std::string front;  // with as many lines before it as in the file
  std::string_view body;
  int line = 0;
};

std::optional<Cut> cut(std::string_view text) {
  Cut out;
  std::size_t at = 0;
  for (std::string_view line : lines_of(text)) {
    ++out.line;
    at = std::min(text.find('\n', at), text.size() - 1) + 1;
    if (out.line == 1 && line != kFence) {
      return std::nullopt;
    }
    if (out.line > 1 && line == kFence) {
      out.body = text.substr(at);
      ++out.line;
      return out;
    }
    out.front += (out.line == 1 ? "" : std::string(line)) + "\n";
  }
  return std::nullopt;
}

// 1 and `01-exit-255` of `docs/lessons/01-exit-255.md`.
void set_name(const LessonSource& source, Lesson& lesson,
              Complaints& complaints) {
  lesson.file = source.file;
  lesson.name = std::filesystem::path(source.file).stem().string();
  bool numbered = lesson.name.size() > 3 && lesson.name[2] == '-' &&
                  lesson.name.find_first_not_of("0123456789") == 2;
  lesson.number = numbered ? std::stoi(lesson.name) : 0;
  if (lesson.number == 0) {
    complaints.add({{1, 1}}, "the file of a lesson is called NN-name.md, not " +
                                 quote_of(lesson.name));
  }
}

class LessonReader {
 public:
  LessonReader(const LessonContext& here, Lesson& lesson)
      : here_(here), lesson_(lesson) {}

  void read_front(const YamlNode& root) {
    if (!root.is(NodeKind::map)) {
      Spot nothing{{1, 1}};
      complain(root.is(NodeKind::null) ? nothing : root.spot,
               "the front matter of a lesson is a map: title, workload, ask, "
               "exercise");
      return;
    }
    Params params =
        read_section(lesson_section(), root, here_.complaints,
                     {"workload", "faults", "ask", "then", "exercise"});
    lesson_.title = params.get_or<std::string>("title", "");
    lesson_.own_code = params.get_or("own_code", false);
    if (!lesson_.own_code || child(root, "workload") != nullptr) {
      lesson_.runs.push_back(read_run(root, params));
    }
    if (const YamlNode* then = child(root, "then")) {
      read_more(*then);
    }
    if (const YamlNode* exercise = child(root, "exercise")) {
      lesson_.exercise = read_exercise(*exercise, here_);
    }
  }

  void read_body(const Cut& cut) {
    std::vector<LessonPart> parts =
        read_lesson_body(cut.body, cut.line, here_.complaints);
    for (LessonPart& part : parts) {
      take_part(part);
    }
    if (lesson_.why.empty()) {
      complain({{cut.line, 1}}, "the part '## Why' is missing");
    }
    bool whole = !lesson_.exercise || !lesson_.exercise->task.empty();
    bool solved = !lesson_.exercise || !lesson_.exercise->solution.empty();
    if (!whole || !solved) {
      complain({{cut.line, 1}},
               "an exercise needs the parts '## Exercise' and '## Solution', "
               "with files in the last one");
    }
  }

 private:
  void complain(Spot spot, std::string what) {
    here_.complaints.add(spot, std::move(what));
  }

  LessonRun read_run(const YamlNode& node, const Params& params) {
    LessonRun out;
    if (child(node, "workload") == nullptr) {
      complain(name_spot(node), "the key 'workload' is missing");
    }
    out.scenario = read_lesson_scenario(node, here_);
    out.scenario.golden = false;
    if (const YamlNode* faults = child(node, "faults")) {
      for (const YamlNode& fault : faults->children) {
        std::string text = flow_text(fault);
        bool braced = text.size() > 2 && text.front() == '{';
        out.faults.push_back(braced ? text.substr(1, text.size() - 2) : text);
      }
    }
    if (const YamlNode* ask = child(node, "ask")) {
      out.ask = read_questions(*ask, node, here_);
    }
    std::string lost = params.get_or<std::string>("lost_at", "none");
    out.lost_at = lost == "none" ? "" : lost;
    return out;
  }

  void read_more(const YamlNode& then) {
    if (!then.is(NodeKind::list)) {
      complain(name_spot(then), "'then' takes a list of runs");
    }
    for (const YamlNode& node : then.children) {
      Params params = read_section(run_section(), node, here_.complaints,
                                   {"workload", "faults", "ask"});
      lesson_.runs.push_back(read_run(node, params));
    }
  }

  void take_part(LessonPart& part) {
    std::optional<LessonExercise>& exercise = lesson_.exercise;
    if (part.heading.empty()) {
      lesson_.intro = std::move(part.prose);
      lesson_.files = std::move(part.files);
    } else if (part.heading == "Why") {
      lesson_.why = std::move(part.prose);
      check_why(part.place);
    } else if (part.heading == "Exercise" && exercise) {
      exercise->task = std::move(part.prose);
      exercise->files = std::move(part.files);
    } else if (part.heading == "Other" && exercise) {
      exercise->other = std::move(part.files);
    } else if (part.heading == "Solution" && exercise) {
      exercise->solution = std::move(part.files);
    } else {
      complain({part.place, 2},
               "unknown part " + quote_of(part.heading) +
                   " (there are Why and, with an exercise, Exercise, Other "
                   "and Solution)");
    }
  }

  void check_why(Place place) {
    std::size_t lines = prose_lines(lesson_.why).size();
    if (lines > kMostWhy) {
      complain({place, 2},
               "an explanation has at most 6 lines of 80 columns, "
               "and this one has " +
                   std::to_string(lines));
    }
  }

  const LessonContext& here_;
  Lesson& lesson_;
};

}  // namespace

ReadLesson read_lesson(std::string_view text, const LessonSource& source,
                       const Language& language) {
  Complaints complaints;
  LessonContext here{language, source.folder, complaints};
  Lesson lesson;
  lesson.text = text;
  set_name(source, lesson, complaints);
  std::optional<Cut> parts;
  if (YamlSource(text).check(complaints)) {
    parts = cut(text);
    if (!parts) {
      complaints.add({{1, 1}},
                     "a lesson begins with its front matter, between "
                     "two lines '---'");
    }
  }
  std::optional<YamlNode> root =
      parts ? read_yaml(parts->front, complaints) : std::nullopt;
  if (root) {
    LessonReader reader(here, lesson);
    reader.read_front(*root);
    reader.read_body(*parts);
  }
  if (!complaints.empty()) {
    return {std::nullopt, complaints.take()};
  }
  return {std::move(lesson), {}};
}

}  // namespace faultrig
