#include "harness/run/test_events.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <optional>

#include <nlohmann/json.hpp>

#include "harness/base/last_word.h"
#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/run/command.h"
#include "harness/run/test_story.h"

namespace faultrig {

namespace {

constexpr std::array<std::string_view, 4> kTold{"run", "pass", "fail", "skip"};

std::string text_at(const nlohmann::json& object, const char* key) {
  auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>()
                                                     : "";
}

struct Told {
  std::string action;
  std::string package;
  std::string test;
  std::string output;
};

std::optional<Told> told_in(std::string_view line) {
  auto object = nlohmann::json::parse(line, nullptr, false);
  if (!object.is_object()) {
    return std::nullopt;
  }
  return Told{text_at(object, "Action"), text_at(object, "Package"),
              text_at(object, "Test"), text_at(object, "Output")};
}

// The events of packages that are tested at once are mixed: one story each.
class Stories {
 public:
  void take(const Told& told) {
    TestStory& story = stories_[told.package];
    // What belongs to a test is no word of testing's about all of them.
    if (told.action == "output" && told.test.empty()) {
      std::string_view line = told.output;
      line = line.substr(0, line.find_first_of("\r\n"));
      story.take_line(line);
    } else if (told.action != "output" && !told.test.empty()) {
      story.take(told.action, told.test);
    }
  }
  std::string contradiction(bool alone) {
    for (auto& [package, story] : stories_) {
      story.finish(alone);
      if (!story.contradiction().empty()) {
        return story.contradiction();
      }
    }
    return "";
  }

 private:
  std::map<std::string, TestStory> stories_;
};

// From 1.20 on testing marks its lines; test2json asks for the mark once it has
// seen one. This one has no event, and lets nothing before it pass.
std::string with_first_mark(const GoCommand& go, const std::string& output) {
  return (go.minor >= 20 ? "\x16=== NAME  \n" : "") + output;
}

}  // namespace

std::vector<Observation> parse_test_events(const std::string& json_lines,
                                           bool alone) {
  std::vector<Observation> events;
  Stories stories;
  for (std::string_view line : lines_of(json_lines)) {
    auto told = told_in(line);
    if (!told) {
      continue;
    }
    stories.take(*told);
    bool wanted =
        std::find(kTold.begin(), kTold.end(), told->action) != kTold.end();
    if (wanted && !told->test.empty()) {
      Observation event;
      event.source = Source::go;
      event.fact = Fact::test_event;
      event.action = told->action;
      event.text = told->test;
      events.push_back(std::move(event));
    }
  }
  std::string contradiction = stories.contradiction(alone);
  if (!contradiction.empty()) {
    Observation unknown;
    unknown.source = Source::go;
    unknown.fact = Fact::not_known;
    unknown.action = "tests";
    unknown.text =
        "which tests ended how: something printed what only testing says: " +
        contradiction;
    events.push_back(std::move(unknown));
  }
  return events;
}

Result<std::vector<Observation>> read_test_events(
    Session& session, const GoCommand& go, const std::vector<std::string>& env,
    const std::filesystem::path& folder, const TestOutput& output) {
  if (output.json) {
    return parse_test_events(output.text, output.alone);
  }
  std::filesystem::path file = folder / "test-output";
  std::ofstream(file, std::ios::binary) << with_first_mark(go, output.text);
  ToolCommand command{{go.path, "tool", "test2json"},
                      env,
                      folder,
                      file,
                      std::chrono::minutes(2)};
  TRY_ASSIGN(CommandOutcome outcome, run_tool(session, command));
  // test2json exits 1 when the tests it read of had failed.
  if (outcome.out.empty() && !output.text.empty()) {
    return Error{
        ErrorKind::system,
        "go tool test2json: " + for_one_line(outcome.err.substr(0, 200)), 0};
  }
  return parse_test_events(outcome.out, output.alone);
}

std::optional<std::string> started_test(std::string_view line,
                                        TestLines lines) {
  constexpr std::string_view kStart = "=== RUN   ";
  if (lines == TestLines::json) {
    auto told = told_in(line);
    return told && told->action == "run" && !told->test.empty()
               ? std::optional(told->test)
               : std::nullopt;
  }
  // A test may have left its line open: the mark begins another one.
  std::size_t mark = line.rfind('\x16');
  if (mark != std::string_view::npos) {
    line.remove_prefix(mark + 1);
  } else if (lines == TestLines::marked) {
    return std::nullopt;
  }
  line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
  return line.starts_with(kStart)
             ? std::optional(std::string(line.substr(kStart.size())))
             : std::nullopt;
}

bool tells_start(std::string_view line, TestLines lines,
                 std::string_view test) {
  return started_test(line, lines) == test;
}

void tell_last_word(bool marked, Evidence::Parts& parts) {
  LastWord heard(marked);
  heard.take(parts.out);
  for (const Observation& seen : std::vector(parts.trace)) {
    if (seen.fact == Fact::process_ended &&
        seen.link == link_name(Link::test)) {
      Observation word = seen;
      word.source = Source::output;
      word.fact = Fact::last_word;
      word.number = 0;
      word.text = heard.word();
      parts.trace.push_back(word);
    }
  }
}

std::string without_marks(std::string output) {
  std::erase(output, '\x16');
  return output;
}

}  // namespace faultrig
