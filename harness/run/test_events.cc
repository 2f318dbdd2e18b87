#include "harness/run/test_events.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <optional>

#include <nlohmann/json.hpp>

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
    if (told.action == "output") {
      std::string_view line = told.output;
      line = line.substr(0, line.find_first_of("\r\n"));
      story.take_line(line);
    } else if (!told.test.empty()) {
      story.take(told.action, told.test);
    }
  }
  std::string contradiction() {
    for (auto& [package, story] : stories_) {
      story.finish();
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

std::vector<Observation> parse_test_events(const std::string& json_lines) {
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
  std::string contradiction = stories.contradiction();
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
    return parse_test_events(output.text);
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
  return parse_test_events(outcome.out);
}

std::string without_marks(std::string output) {
  std::erase(output, '\x16');
  return output;
}

}  // namespace faultrig
