// evidence.jsonl: a header, then one observation a line (see "Evidence" in
// the language). Written for tools that read lines of JSON; read as a
// stranger's file.
#include <array>
#include <limits>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/store/evidence_file.h"
#include "harness/store/stack_text.h"

namespace faultrig {

namespace {

using Json = nlohmann::ordered_json;
using std::chrono::nanoseconds;

constexpr int kFormat = 1;
constexpr std::size_t kLongestLine = 1 << 20;
constexpr std::array<std::string_view, 3> kGolden{"none", "good", "bad"};
// No run lasts a year; far enough from the ends to add and subtract.
constexpr std::int64_t kLongestRun = 366LL * 24 * 3600 * 1'000'000'000;

struct TextKey {
  const char* key;
  std::string Observation::*member;
};

constexpr std::array<TextKey, 9> kTexts{{{"link", &Observation::link},
                                         {"call", &Observation::call},
                                         {"path", &Observation::path},
                                         {"fd", &Observation::fd},
                                         {"action", &Observation::action},
                                         {"stream", &Observation::stream},
                                         {"text", &Observation::text},
                                         {"unread", &Observation::unread},
                                         {"site", &Observation::site}}};
// More names than any call has.
constexpr std::size_t kMostNames = 64;

std::string line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json error_json(int error) {
  std::string name = errno_name(error);
  return errno_number(name) == error ? Json(name) : Json(error);
}

Json observation_json(const Observation& seen, StackWriter& stacks) {
  Json json;
  json["at_ns"] = seen.at.count();
  json["from"] = source_name(seen.source);
  json["fact"] = fact_name(seen.fact);
  if (seen.fault >= 0) {
    json["fault"] = seen.fault;
  }
  if (seen.pid != 0) {
    json["pid"] = seen.pid;
  }
  if (seen.number != 0) {
    json["number"] = seen.number;
  }
  if (seen.error != 0) {
    json["error"] = error_json(seen.error);
  }
  for (const TextKey& text : kTexts) {
    if (!(seen.*text.member).empty()) {
      json[text.key] = seen.*text.member;
    }
  }
  if (!seen.names.empty()) {
    json["names"] = seen.names;
  }
  if (seen.peers) {
    json["peers"] = *seen.peers;
  }
  stacks.add(seen.stack, json);
  return json;
}

Json header_json(const Evidence& evidence, const Scenario& scenario) {
  const Evidence::Parts& parts = evidence.parts();
  Json json;
  json["format"] = kFormat;
  json["scenario"] = valid_utf8(scenario.name);
  json["file"] = valid_utf8(scenario.file.string());
  json["kernel"] = valid_utf8(parts.provenance.kernel);
  json["go"] = valid_utf8(parts.provenance.go);
  json["faultrig"] = valid_utf8(parts.provenance.faultrig);
  json["seed"] = parts.provenance.seed;
  json["faults"] = Json::array();
  for (std::size_t i = 0; i < parts.injectors.size(); ++i) {
    Json fault;
    fault["name"] =
        valid_utf8(i < parts.fault_names.size() ? parts.fault_names[i]
                                                : parts.injectors[i]);
    fault["injector"] = valid_utf8(parts.injectors[i]);
    json["faults"].push_back(std::move(fault));
  }
  json["golden"] = kGolden.at(static_cast<std::size_t>(parts.golden));
  if (!parts.golden_trouble.empty()) {
    json["golden_trouble"] = parts.golden_trouble;
  }
  return json;
}

// One JSON object, asked key by key; remembers the first key that is wrong.
class Record {
 public:
  explicit Record(std::string_view line)
      : json_(Json::parse(line, nullptr, false)) {}

  bool is_object() const { return json_.is_object(); }
  const Json& json() const { return json_; }
  const std::string& wrong() const { return wrong_; }

  std::string text(const char* key) {
    const Json* value = find(key);
    if (value == nullptr || !value->is_string()) {
      note(key, value);
      return {};
    }
    return value->get<std::string>();
  }

  std::int64_t number(const char* key, std::int64_t least, std::int64_t most,
                      std::int64_t fallback) {
    const Json* value = find(key);
    bool big = value != nullptr && value->is_number_unsigned() &&
               value->get<std::uint64_t>() >
                   static_cast<std::uint64_t>(
                       std::numeric_limits<std::int64_t>::max());
    if (value == nullptr || !value->is_number_integer() || big ||
        value->get<std::int64_t>() < least ||
        value->get<std::int64_t>() > most) {
      note(key, value);
      return fallback;
    }
    return value->get<std::int64_t>();
  }

  // The name of an errno, or its number.
  int error() {
    const Json* value = find("error");
    if (value != nullptr && value->is_string()) {
      auto named = errno_number(value->get_ref<const std::string&>());
      note("error", named ? nullptr : value);
      return named.value_or(0);
    }
    return static_cast<int>(number("error", 0, 4095, 0));
  }

  std::uint64_t seed() {
    const Json* value = find("seed");
    if (value == nullptr || !value->is_number_unsigned()) {
      note("seed", value);
      return 1;
    }
    return value->get<std::uint64_t>();
  }

  std::vector<std::string> texts(const char* key) {
    std::vector<std::string> out;
    const Json* list = find(key);
    bool sound =
        list != nullptr && list->is_array() && list->size() <= kMostNames;
    for (std::size_t i = 0; sound && i < list->size(); ++i) {
      sound = (*list)[i].is_string();
      out.push_back(sound ? (*list)[i].get<std::string>() : "");
    }
    note(key, sound ? nullptr : list);
    return out;
  }

  const Json* find(const char* key) const {
    auto found = json_.find(key);
    return found == json_.end() ? nullptr : &*found;
  }

  void note(const char* key, const Json* value) {
    if (value != nullptr && wrong_.empty()) {
      wrong_ = key;
    }
  }

 private:
  Json json_;
  std::string wrong_;
};

Error wrong_line(const std::string& name, std::size_t line,
                 const std::string& what) {
  return usage_error(name + ":" + std::to_string(line) + ": " + what);
}

Result<> read_faults(const Json& list, Evidence::Parts& parts) {
  bool sound = list.is_array() && list.size() <= 100'000;
  for (std::size_t i = 0; sound && i < list.size(); ++i) {
    const Json& fault = list[i];
    sound = fault.is_object() && fault.contains("name") &&
            fault.contains("injector") && fault["name"].is_string() &&
            fault["injector"].is_string();
    if (sound) {
      parts.fault_names.push_back(fault["name"].get<std::string>());
      parts.injectors.push_back(fault["injector"].get<std::string>());
    }
  }
  if (!sound) {
    return usage_error("wrong value of 'faults'");
  }
  return Ok{};
}

Result<Golden> read_golden(Record& record) {
  std::string name = record.text("golden");
  for (std::size_t i = 0; i < kGolden.size(); ++i) {
    if (name == kGolden.at(i) || name.empty()) {
      return static_cast<Golden>(i);
    }
  }
  return usage_error("wrong value of 'golden'");
}

Result<> check_length(std::string_view line) {
  if (line.size() > kLongestLine) {
    return usage_error("a line of over 1 MiB");
  }
  return Ok{};
}

Result<> read_header(std::string_view line, KeptEvidence& kept) {
  TRY(check_length(line));
  Record record(line);
  if (!record.is_object()) {
    return usage_error("not an object of JSON");
  }
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  std::int64_t format = record.number("format", 0, kMost, 0);
  if (format != kFormat) {
    return usage_error("evidence of format " + std::to_string(format) +
                       "; this faultrig reads format " +
                       std::to_string(kFormat));
  }
  Evidence::Parts& parts = kept.parts;
  kept.scenario = record.text("scenario");
  kept.file = record.text("file");
  parts.provenance.kernel = record.text("kernel");
  parts.provenance.go = record.text("go");
  parts.provenance.faultrig = record.text("faultrig");
  parts.provenance.seed = record.seed();
  parts.golden_trouble = record.text("golden_trouble");
  TRY_ASSIGN(parts.golden, read_golden(record));
  if (const Json* faults = record.find("faults")) {
    TRY(read_faults(*faults, parts));
  }
  if (!record.wrong().empty()) {
    return usage_error("wrong value of '" + record.wrong() + "'");
  }
  return Ok{};
}

// Nothing for a fact of a newer faultrig.
Result<std::optional<Observation>> read_observation(std::string_view line,
                                                    std::size_t faults,
                                                    StackReader& stacks) {
  Record record(line);
  if (!record.is_object()) {
    return usage_error("not an object of JSON");
  }
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
  Observation seen;
  seen.at = nanoseconds(record.number("at_ns", 0, kLongestRun, 0));
  seen.source = source_named(record.text("from")).value_or(Source::harness);
  auto fact = fact_named(record.text("fact"));
  seen.fault = static_cast<int>(record.number(
      "fault", -1, static_cast<std::int64_t>(faults) - 1, kNoFault));
  seen.pid = record.number("pid", 0, std::numeric_limits<int>::max(), 0);
  seen.number = record.number("number", kLeast, kMost, 0);
  seen.error = record.error();
  for (const TextKey& text : kTexts) {
    seen.*text.member = record.text(text.key);
  }
  seen.names = record.texts("names");
  if (record.find("peers") != nullptr) {
    seen.peers = record.texts("peers");
  }
  TRY_ASSIGN(seen.stack, stacks.read(record.json()));
  for (const char* key : {"at_ns", "fact"}) {
    if (record.find(key) == nullptr) {
      return usage_error(std::string("no '") + key + "'");
    }
  }
  if (!record.wrong().empty()) {
    return usage_error("wrong value of '" + record.wrong() + "'");
  }
  if (!fact) {
    return std::optional<Observation>();
  }
  seen.fact = *fact;
  return std::optional(std::move(seen));
}

Result<> read_line(std::string_view line, Evidence::Parts& parts,
                   StackReader& stacks) {
  TRY(check_length(line));
  TRY_ASSIGN(auto seen, read_observation(line, parts.injectors.size(), stacks));
  if (seen) {
    parts.trace.push_back(*std::move(seen));
  }
  return Ok{};
}

}  // namespace

std::string evidence_text(const Evidence& evidence, const Scenario& scenario) {
  std::string text = line_of(header_json(evidence, scenario));
  StackWriter stacks;
  for (const Observation& observation : evidence.trace()) {
    text += line_of(observation_json(observation, stacks));
  }
  return text;
}

Result<KeptEvidence> parse_evidence(std::string_view text,
                                    const std::string& name) {
  KeptEvidence kept;
  StackReader stacks;
  std::size_t number = 0;
  while (!text.empty()) {
    std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    ++number;
    Result<> read = number == 1 ? read_header(line, kept)
                                : read_line(line, kept.parts, stacks);
    if (!read) {
      return wrong_line(name, number, read.error().what);
    }
  }
  if (number == 0) {
    return wrong_line(name, 1, "empty");
  }
  return kept;
}

}  // namespace faultrig
