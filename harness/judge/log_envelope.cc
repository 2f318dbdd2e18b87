// Docker's json-file driver writes {"log":"...\n","stream":"stdout","time":...}
// and cuts a line over 16 KiB into several, of which the last ends in \n.
// journalctl -o json has MESSAGE, an array of bytes where they are no text
// (systemd.journal-fields(7)). The CRI writes `TIME stdout F TEXT`, with P for
// a part. Fluentd, Loki, Vector and Cloud Logging have names of their own.
// logfmt (brandur.org/logfmt, pkg.go.dev/github.com/go-logfmt/logfmt) has pairs
// `key=value` on a line. What CircleCI gives at the output_url of a step (its
// API v1.1) is one array of objects with the pieces of what the step wrote.
// What Ansible does is in ansible_result.cc.
#include "harness/judge/log_envelope.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>
#include <re2/re2.h>

#include "harness/judge/ansible_result.h"

namespace faultrig {

namespace {

using Json = nlohmann::json;

constexpr const char* kTexts[] = {"log",         "MESSAGE", "line", "message",
                                  "textPayload", "msg",     "text", "body"};
constexpr const char* kWriters[] = {"container_name", "pod_name", "pod",
                                    "container", "SYSLOG_IDENTIFIER"};
// Where a collector puts what it knows of the writer.
constexpr const char* kInner[] = {"kubernetes", "labels", "resource"};

std::optional<std::string> text_at(const Json& object, const char* key) {
  auto found = object.find(key);
  if (found == object.end()) {
    return std::nullopt;
  }
  if (found->is_string()) {
    return found->get<std::string>();
  }
  bool bytes = found->is_array() &&
               std::all_of(found->begin(), found->end(), [](const Json& one) {
                 return one.is_number_integer();
               });
  if (!bytes || found->empty()) {
    return std::nullopt;
  }
  std::string text;
  for (const Json& one : *found) {
    text += static_cast<char>(one.get<int>());
  }
  return text;
}

std::string writer_in(const Json& object) {
  for (const char* key : kWriters) {
    auto found = object.find(key);
    if (found != object.end() && found->is_string()) {
      return found->get<std::string>();
    }
  }
  return "";
}

std::string writer_of(const Json& object) {
  std::string writer = writer_in(object);
  for (const char* key : kInner) {
    auto inner = object.find(key);
    if (writer.empty() && inner != object.end() && inner->is_object()) {
      writer = writer_in(*inner);
    }
  }
  return writer;
}

std::optional<LogEnvelope> of_the_cri(std::string_view line) {
  static const RE2 kCri(R"(^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d) )"
                        R"((?:stdout|stderr) ([FP]) )");
  re2::StringPiece rest(line.data(), line.size());
  std::string tag;
  if (!RE2::Consume(&rest, kCri, &tag)) {
    return std::nullopt;
  }
  return LogEnvelope{"cri", std::string(rest.data(), rest.size()), "",
                     tag == "F"};
}

// The text between the quotes, as Go's strconv and JSON quote it.
std::string unquoted(const std::string& quoted) {
  Json text = Json::parse(quoted, nullptr, false);
  return text.is_string() ? text.get<std::string>()
                          : quoted.substr(1, quoted.size() - 2);
}

// All of the line are pairs, of which one is the message.
std::optional<LogEnvelope> of_logfmt(std::string_view line) {
  static const RE2 kPair(
      R"re(([A-Za-z_][\w./-]*)=("(?:[^"\\]|\\.)*"|[^\s"]*)(?: +|$))re");
  static constexpr std::string_view kMessages[] = {"msg", "message", "line",
                                                   "log"};
  re2::StringPiece rest(line.data(), line.size());
  std::optional<LogEnvelope> out;
  std::string writer;
  std::size_t pairs = 0;
  std::string key;
  std::string value;
  while (RE2::Consume(&rest, kPair, &key, &value)) {
    ++pairs;
    value = value.starts_with('"') ? unquoted(value) : value;
    bool message = std::find(std::begin(kMessages), std::end(kMessages), key) !=
                   std::end(kMessages);
    if (message && !out) {
      out = LogEnvelope{"logfmt", value, "", true};
    } else if (std::find(std::begin(kWriters), std::end(kWriters), key) !=
               std::end(kWriters)) {
      writer = value;
    }
  }
  if (!out || !rest.empty() || pairs < 2) {
    return std::nullopt;
  }
  out->writer = std::move(writer);
  out->text.erase(out->text.size() - (out->text.ends_with('\n') ? 1 : 0));
  return out;
}

// `[{"message":"...\r\n","time":"...","type":"out"}, ...]`
std::optional<LogEnvelope> of_circleci(std::string_view line) {
  Json pieces = Json::parse(line, nullptr, false);
  if (!pieces.is_array() || pieces.empty()) {
    return std::nullopt;
  }
  LogEnvelope out{"circleci", "", "", true, true};
  for (const Json& piece : pieces) {
    bool its = piece.is_object() && piece.contains("type") &&
               piece.contains("message") && piece["message"].is_string();
    if (!its) {
      return std::nullopt;
    }
    out.text += piece["message"].get<std::string>();
  }
  return out;
}

// Of no object.
std::optional<LogEnvelope> of_other(std::string_view line) {
  if (line.starts_with("[{")) {
    return of_circleci(line);
  }
  if (auto result = ansible_result(line)) {
    return LogEnvelope{result->shown ? "ansible shows" : "ansible",
                       std::move(result->text), "", true, true};
  }
  auto cri = of_the_cri(line);
  return cri ? cri : of_logfmt(line);
}

}  // namespace

std::optional<LogEnvelope> log_envelope(std::string_view line) {
  // Fluentd's files have `TIME TAB TAG TAB` before the object.
  static const RE2 kTagged(
      "^(?:\xEF\xBB\xBF)?(?:\\d{4}-\\d\\d-\\d\\d[T ]\\S+\\t\\S+\\t)?",
      RE2::Latin1);
  re2::StringPiece rest(line.data(), line.size());
  RE2::Consume(&rest, kTagged);
  if (rest.empty() || rest[0] != '{') {
    return of_other(line);
  }
  Json object = Json::parse(rest.begin(), rest.end(), nullptr, false);
  if (!object.is_object() || object.contains("Action")) {
    return std::nullopt;
  }
  for (const char* key : kTexts) {
    auto text = text_at(object, key);
    if (!text) {
      continue;
    }
    LogEnvelope out{key, std::move(*text), writer_of(object), true};
    bool docker = out.key == "log" && object.contains("stream");
    bool ended = out.text.ends_with('\n');
    out.whole = ended || !docker;
    out.text.erase(out.text.size() - (ended ? 1 : 0));
    return out;
  }
  return std::nullopt;
}

}  // namespace faultrig
