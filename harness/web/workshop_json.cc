#include "harness/web/workshop_json.h"

#include <algorithm>
#include <array>
#include <optional>

#include <nlohmann/json.hpp>

#include "harness/base/names.h"
#include "harness/base/text.h"

namespace faultrig {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kOfAStream = 16 << 10;
constexpr std::size_t kLongestText = 300;

// What people are to see happen; numbers that are read at the end are left out.
constexpr std::array<Fact, 30> kShown{
    Fact::process_started, Fact::process_ended,    Fact::never_started,
    Fact::fault_installed, Fact::fault_activated,  Fact::trigger_fired,
    Fact::signal_sent,     Fact::limit_hit,        Fact::oom_kill,
    Fact::output_line,     Fact::deadline_passed,  Fact::leftover,
    Fact::trouble,         Fact::signal_passed,    Fact::signal_from,
    Fact::go_crash,        Fact::our_signal,       Fact::trigger_lost,
    Fact::fault_released,  Fact::release_lost,     Fact::service_ready,
    Fact::service_unready, Fact::service_stopped,  Fact::grace_passed,
    Fact::stop_begun,      Fact::supervision_lost, Fact::call_intercepted,
    Fact::last_word,       Fact::not_known,        Fact::request};

std::string line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// Which picture is drawn of it.
std::string_view kind_of(const Workload& workload) {
  if (workload.service) {
    return "service";
  }
  if (!workload.go_test) {
    return "command";
  }
  return workload.go_test->mode == GoTest::Mode::chain ? "go_test" : "binary";
}

// What a command is; empty where it is none.
std::string program_of(const Workload& workload) {
  std::string path = workload.command.empty() ? "" : workload.command.front();
  return path.substr(path.rfind('/') + 1);
}

Json question_json(const LessonQuestion& question) {
  Json json{{"text", valid_utf8(question.text)}, {"answers", Json::array()}};
  for (const LessonAnswer& answer : question.answers) {
    json["answers"].push_back(valid_utf8(answer.text));
  }
  return json;
}

Json run_json(const LessonRun& run, std::size_t id) {
  Json json{{"id", id},
            {"kind", kind_of(run.scenario.workload)},
            {"command", valid_utf8(run.command_line())},
            {"program", valid_utf8(program_of(run.scenario.workload))},
            {"faults", Json::array()},
            {"ask", Json::array()}};
  for (const std::string& fault : run.faults) {
    json["faults"].push_back(valid_utf8(fault));
  }
  for (const LessonQuestion& question : run.ask) {
    json["ask"].push_back(question_json(question));
  }
  return json;
}

Json lesson_json(const Lesson& lesson, std::size_t& runs) {
  Json json{{"number", lesson.number},
            {"title", valid_utf8(lesson.title)},
            {"intro", valid_utf8(lesson.intro)},
            {"why", valid_utf8(lesson.why)},
            {"files", Json::array()},
            {"runs", Json::array()}};
  for (const LessonFile& file : lesson.files) {
    json["files"].push_back(
        {{"name", valid_utf8(file.name)}, {"text", valid_utf8(file.text)}});
  }
  for (const LessonRun& run : lesson.runs) {
    json["runs"].push_back(run_json(run, ++runs));
  }
  json["task"] = lesson.exercise ? valid_utf8(lesson.exercise->task) : "";
  return json;
}

void add_status(WaitStatus status, Json& json) {
  json["status"] = status.text();
  json["clean"] = status.clean();
  json["code"] = status.shell_code();
}

Json ends_json(const ExitChain& chain) {
  Json json = Json::array();
  for (const LinkEnd& end : chain) {
    Json one{{"link", valid_utf8(end.name)}};
    if (end.status) {
      add_status(*end.status, one);
    } else {
      one["how"] = "never started";
    }
    json.push_back(std::move(one));
  }
  return json;
}

Json stream_json(std::string_view stream) {
  std::size_t left_out = stream.size() - std::min(stream.size(), kOfAStream);
  return {{"text", valid_utf8(stream.substr(left_out))},
          {"left_out", left_out}};
}

std::string answer_text(const LessonQuestion& question,
                        std::optional<std::size_t> answer) {
  bool known = answer && *answer < question.answers.size();
  return known ? "'" + question.answers[*answer].text + "'" : "none of these";
}

// Where the machine says otherwise than the lesson, or nobody could watch it.
std::vector<std::string> surprises(const LessonRun& run,
                                   const LessonOutcome& outcome) {
  std::vector<std::string> out;
  const std::string& go = outcome.evidence.provenance().go;
  for (std::size_t i = 0; i < run.ask.size(); ++i) {
    std::size_t held = run.ask[i].right_with(go);
    auto truth = i < outcome.truths.size() ? outcome.truths[i] : std::nullopt;
    if (truth != held) {
      out.push_back("The lesson expected " + answer_text(run.ask[i], held) +
                    ", and here the machine says " +
                    answer_text(run.ask[i], truth) + ".");
    }
  }
  for (const Finding& finding : outcome.judgement.findings) {
    if (finding.verdict != Verdict::pass) {
      out.push_back("This run proves nothing: " + finding.because);
    }
  }
  return out;
}

}  // namespace

std::string lessons_json(std::span<const Lesson> lessons,
                         std::span<const std::string> cannot) {
  Json json = Json::array();
  std::size_t runs = 0;
  for (std::size_t i = 0; i < lessons.size(); ++i) {
    json.push_back(lesson_json(lessons[i], runs));
    json.back()["cannot"] = i < cannot.size() ? valid_utf8(cannot[i]) : "";
  }
  return line_of(json);
}

std::string begun_json(std::size_t run) {
  return line_of({{"kind", "begun"}, {"id", run}});
}

std::string seen_json(const Observation& seen, const LessonRun& run) {
  if (std::find(kShown.begin(), kShown.end(), seen.fact) == kShown.end()) {
    return "";
  }
  const auto& faults = run.scenario.faults;
  auto fault = static_cast<std::size_t>(std::max(seen.fault, 0));
  bool named = seen.fault >= 0 && fault < faults.size();
  std::string text = describe(seen, named ? faults[fault].name : "");
  if (text.size() > kLongestText) {
    text.resize(kLongestText);
    text += "...";
  }
  Json json{{"kind", "seen"},
            {"at", seen.at.count()},
            {"source", source_name(seen.source)},
            {"fact", fact_name(seen.fact)},
            {"link", valid_utf8(seen.link)},
            {"text", valid_utf8(text)}};
  if (seen.fact == Fact::process_started || seen.fact == Fact::process_ended) {
    json["program"] = valid_utf8(seen.text);
  }
  if (seen.fact == Fact::process_ended) {
    add_status(WaitStatus(static_cast<int>(seen.number)), json);
  }
  if (seen.fact == Fact::request) {
    json["fate"] = valid_utf8(seen.action);
  }
  if (seen.fact == Fact::signal_sent) {
    json["sent"] = signal_name(static_cast<int>(seen.number));
  }
  return line_of(json);
}

std::string looks_json(std::span<const SeenProcess> processes) {
  Json json{{"kind", "looks"}, {"alive", Json::array()}};
  for (const SeenProcess& one : processes) {
    json["alive"].push_back(
        {{"role", role_name(one.role)}, {"name", valid_utf8(one.name)}});
  }
  return line_of(json);
}

std::string ended_json(const LessonRun& run, const LessonOutcome& outcome,
                       std::chrono::nanoseconds took) {
  Json json{{"kind", "ended"},
            {"took_ns", took.count()},
            {"go", valid_utf8(outcome.evidence.provenance().go)},
            {"ends", ends_json(outcome.evidence.exits())},
            {"answers", Json::array()},
            {"surprises", Json::array()}};
  for (std::size_t i = 0; i < run.ask.size(); ++i) {
    auto truth = i < outcome.truths.size() ? outcome.truths[i] : std::nullopt;
    json["answers"].push_back(truth ? Json(*truth) : Json(nullptr));
  }
  for (const std::string& text : surprises(run, outcome)) {
    json["surprises"].push_back(valid_utf8(text));
  }
  bool as_held = json["surprises"].empty();
  json["lost_at"] = as_held ? run.lost_at : "";
  json["stdout"] = stream_json(outcome.evidence.out());
  json["stderr"] = stream_json(outcome.evidence.err());
  return line_of(json);
}

std::string failed_json(const std::string& why) {
  return line_of({{"kind", "failed"}, {"why", valid_utf8(why)}});
}

std::string timed_json(std::chrono::milliseconds at, const std::string& event) {
  return "{\"t\":" + std::to_string(at.count()) + ",\"event\":" + event + "}";
}

std::string recording_json(const std::string& day, const std::string& lessons,
                           std::span<const std::vector<std::string>> events) {
  std::string out = line_of({{"recorded", valid_utf8(day)}});
  out.back() = ',';
  out += "\"lessons\":" + lessons + ",\"runs\":{";
  for (std::size_t i = 0; i < events.size(); ++i) {
    out += (i == 0 ? "\n\"" : ",\n\"") + std::to_string(i + 1) + "\":[" +
           join(events[i], ",\n") + "]";
  }
  return out + "}}";
}

}  // namespace faultrig
