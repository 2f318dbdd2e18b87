// An answer to a question about a link is short for an expectation: `255` of
// `test` is `test: {exited: 255}`. It is read as if that were written there, so
// that the same words are taken and the same complaints are made.
#include <algorithm>
#include <utility>

#include "harness/base/names.h"
#include "harness/base/whole_number.h"
#include "harness/parse/lesson_parts.h"
#include "harness/parse/scenario_parts.h"
#include "harness/parse/section_reader.h"

namespace faultrig {

namespace {

using NodeKind = YamlNode::Kind;

const Section& question_section() {
  static const Section kSection{
      .name = "question",
      .summary = "what is asked before a run",
      .fields = {{.key = "question",
                  .kind = Kind::text,
                  .summary = "the question, one sentence",
                  .required = true,
                  .filled = true},
                 {.key = "of",
                  .kind = Kind::choice,
                  .summary = "the link whose end the answers name",
                  .choices = {"test", "go", "command", "service", "shell"}}}};
  return kSection;
}

YamlNode made(NodeKind kind, const YamlNode& at, std::string key) {
  YamlNode out;
  out.kind = kind;
  out.spot = at.spot;
  out.key = std::move(key);
  out.key_spot = at.spot;
  return out;
}

bool is_number(const std::string& text) {
  return !text.empty() &&
         text.find_first_not_of("0123456789") == std::string::npos;
}

// `{exited: 255}` for `255`, `{killed_by: SIGKILL}` for `SIGKILL`,
// `{ended: never_started}` for `never started`.
YamlNode end_of_link(const YamlNode& answer, const std::string& code) {
  std::string word = answer.scalar;
  std::string key = is_number(word)       ? code
                    : signal_number(word) ? "killed_by"
                                          : "ended";
  std::replace(word.begin(), word.end(), ' ', '_');
  YamlNode value = made(NodeKind::scalar, answer, key);
  value.scalar = word;
  YamlNode out = made(NodeKind::map, answer, "");
  out.children.push_back(std::move(value));
  return out;
}

class QuestionReader {
 public:
  QuestionReader(const YamlNode& run, const LessonContext& here)
      : form_(form_of(child(run, "workload"))),
        citable_(citable_names(child(run, "faults"))),
        here_(here) {}

  LessonQuestion read(const YamlNode& node) {
    Params params = read_section(question_section(), node, here_.complaints,
                                 {"answers", "right", "up_to"});
    LessonQuestion out;
    out.place = node.spot.place;
    out.text = params.get_or<std::string>("question", "");
    out.of = params.get_or<std::string>("of", "");
    const YamlNode* answers = child(node, "answers");
    bool list = answers != nullptr && answers->is(NodeKind::list);
    if (!list || answers->children.size() < 2) {
      complain(answers != nullptr ? *answers : node,
               "a question needs 'answers', a list of two or more");
      return out;
    }
    for (const YamlNode& answer : answers->children) {
      out.answers.push_back(read_answer(answer, out.of));
    }
    out.right = index_of(child(node, "right"), node, out.answers);
    if (const YamlNode* older = child(node, "up_to")) {
      read_older(*older, out);
    }
    return out;
  }

 private:
  void complain(const YamlNode& node, std::string what) {
    here_.complaints.add(name_spot(node), std::move(what));
  }

  LessonAnswer read_answer(const YamlNode& node, const std::string& of) {
    LessonAnswer out;
    if (node.is(NodeKind::map)) {
      return read_said(node);
    }
    if (!node.is(NodeKind::scalar) || of.empty()) {
      complain(node,
               "an answer is the end of the link that 'of' names, or a map "
               "with 'say' and 'expect'");
      return out;
    }
    bool shell = of == "shell";
    bool binary = shell && form_ == WorkloadForm::go_test;
    YamlNode end = end_of_link(node, binary ? "shell" : "exited");
    end.key = binary ? "test" : shell ? "command" : of;
    YamlNode element = made(NodeKind::map, node, "");
    element.children.push_back(std::move(end));
    YamlNode list = made(NodeKind::list, node, "");
    list.children.push_back(std::move(element));
    out.text = node.scalar;
    return with(std::move(out), list);
  }

  LessonAnswer read_said(const YamlNode& node) {
    LessonAnswer out;
    const YamlNode* say = child(node, "say");
    const YamlNode* expect = child(node, "expect");
    bool whole = say != nullptr && say->is(NodeKind::scalar) &&
                 !say->scalar.empty() && expect != nullptr &&
                 node.children.size() == 2;
    if (!whole) {
      complain(node, "such an answer has 'say', a text, and 'expect'");
      return out;
    }
    out.text = say->scalar;
    YamlNode list = made(NodeKind::list, *expect, "expect");
    list.children.push_back(*expect);
    return with(std::move(out), list);
  }

  LessonAnswer with(LessonAnswer out, const YamlNode& list) {
    auto read = read_expectations(list, citable_,
                                  {here_.language, form_, here_.complaints});
    if (!read.empty()) {
      out.expect = std::move(read.front());
    }
    return out;
  }

  std::size_t index_of(const YamlNode* right, const YamlNode& parent,
                       const std::vector<LessonAnswer>& answers) {
    std::vector<std::string> texts;
    texts.reserve(answers.size());
    for (const LessonAnswer& answer : answers) {
      texts.push_back(answer.text);
    }
    if (right == nullptr) {
      complain(parent, "the key 'right' is missing");
      return 0;
    }
    auto found = std::find(texts.begin(), texts.end(), right->scalar);
    if (found == texts.end()) {
      here_.complaints.add(right->spot, "no answer is " +
                                            quote_of(right->scalar) +
                                            suggestion(right->scalar, texts));
      return 0;
    }
    return static_cast<std::size_t>(found - texts.begin());
  }

  // `up_to: {go: 1.20, right: 2}`.
  void read_older(const YamlNode& node, LessonQuestion& into) {
    constexpr std::string_view kOne = "1.";
    const YamlNode* go = child(node, "go");
    std::string version = go == nullptr ? "" : go->scalar;
    if (version.starts_with(kOne)) {
      into.older_minor =
          whole_number<int>(std::string_view(version).substr(kOne.size()))
              .value_or(0);
    }
    if (into.older_minor <= 0) {
      complain(node, "'up_to' takes {go: 1.20, right: ANSWER}");
    }
    into.older_right = index_of(child(node, "right"), node, into.answers);
  }

  WorkloadForm form_;
  std::vector<std::string> citable_;
  const LessonContext& here_;
};

}  // namespace

std::vector<LessonQuestion> read_questions(const YamlNode& ask,
                                           const YamlNode& run,
                                           const LessonContext& here) {
  std::vector<LessonQuestion> out;
  if (!ask.is(NodeKind::list)) {
    here.complaints.add(name_spot(ask), "'ask' takes a list of questions");
    return out;
  }
  QuestionReader reader(run, here);
  for (const YamlNode& node : ask.children) {
    out.push_back(reader.read(node));
  }
  return out;
}

}  // namespace faultrig
