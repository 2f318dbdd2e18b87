#include "harness/run/test_events.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <fstream>

#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "harness/run/command.h"

namespace faultrig {

namespace {

constexpr std::array<std::string_view, 4> kTold{"run", "pass", "fail", "skip"};

std::string text_at(const nlohmann::json& object, const char* key) {
  auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>()
                                                     : "";
}

}  // namespace

std::vector<Observation> parse_test_events(const std::string& json_lines) {
  std::vector<Observation> events;
  for (std::string_view line : lines_of(json_lines)) {
    auto object = nlohmann::json::parse(line, nullptr, false);
    if (!object.is_object()) {
      continue;
    }
    Observation event;
    event.source = Source::go;
    event.fact = Fact::test_event;
    event.action = text_at(object, "Action");
    event.text = text_at(object, "Test");
    bool told =
        std::find(kTold.begin(), kTold.end(), event.action) != kTold.end();
    if (told && !event.text.empty()) {
      events.push_back(std::move(event));
    }
  }
  return events;
}

Result<std::vector<Observation>> read_test_events(
    Session& session, const GoCommand& go, const std::vector<std::string>& env,
    const std::filesystem::path& folder, const std::string& output) {
  std::filesystem::path file = folder / "test-output";
  std::ofstream(file, std::ios::binary) << output;
  ToolCommand command{{go.path, "tool", "test2json"},
                      env,
                      folder,
                      file,
                      std::chrono::minutes(2)};
  TRY_ASSIGN(CommandOutcome outcome, run_tool(session, command));
  // test2json exits 1 when the tests it read of had failed.
  if (outcome.out.empty() && !output.empty()) {
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
