#include "harness/campaign/shutdown_scenario.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/base/yaml_word.h"
#include "harness/campaign/base_scenario.h"
#include "harness/campaign/yaml_edit.h"
#include "harness/campaign/yaml_text.h"

namespace faultrig {

namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds kAskFor = std::chrono::seconds(5);
// Beyond what a run may take: our own part of it, on a busy machine.
constexpr nanoseconds kReserve = std::chrono::seconds(20);
// Many enough that some are under way at any moment, few enough that two
// processors have time for the service. Each on a connection of its own: one
// that was kept may be closed as idle while it is used again, in any server,
// and clients try again.
constexpr std::string_view kLoad =
    "    rate: 100/s\n    connections: 16\n    keep_alive: false\n";

struct ReadyForm {
  std::string_view word;
  bool takes_text;
};
constexpr std::array<ReadyForm, 5> kReadyForms{{{"http", true},
                                                {"tcp", true},
                                                {"output", true},
                                                {"file", true},
                                                {"listening", false}}};

// `http:/healthz` as its two parts; `listening` has no second one.
std::pair<std::string, std::string> parts_of(const std::string& ready) {
  std::size_t colon = ready.find(':');
  return {ready.substr(0, colon),
          colon == std::string::npos ? "" : ready.substr(colon + 1)};
}

std::string ready_line(const std::string& ready) {
  if (ready.empty()) {
    return "";
  }
  auto [word, text] = parts_of(ready);
  bool number = word == "tcp" || word == "listening";
  std::string value = text.empty() ? "true" : number ? text : yaml_word(text);
  return "    ready: {" + word + ": " + value + "}\n";
}

bool has_load(const Instant& instant) {
  return instant.phase == Phase::loaded || instant.phase == Phase::draining;
}

std::string workload_yaml(const ShutdownAsk& ask, bool load,
                          nanoseconds beyond) {
  std::vector<std::string> words;
  for (const std::string& word : ask.asked.command) {
    words.push_back(yaml_word(word));
  }
  nanoseconds deadline = ask.ready_within + beyond + ask.grace + kReserve;
  std::string out = "workload:\n  deadline: " + format_duration(deadline) +
                    "\n  service:\n    command: [" + join(words, ", ") +
                    "]\n    cwd: " + yaml_word(ask.cwd.string()) + "\n" +
                    (!ask.in_place.empty() ? "" : "    keep: [.]\n") +
                    ready_line(ask.ready) +
                    "    ready_within: " + format_duration(ask.ready_within) +
                    "\n    grace: " + format_duration(ask.grace) + "\n";
  out += ask.own_network ? "" : "    network: shared\n";
  if (load) {
    out += "  load:\n  - http: {get: " +
           yaml_word(ask.url.empty() ? "/" : ask.url) + "}\n" +
           std::string(kLoad);
  }
  return out;
}

std::string when_yaml(const Instant& instant) {
  std::string after = instant.after.count() == 0
                          ? ""
                          : ", after: " + format_duration(instant.after);
  switch (instant.tie) {
    case Instant::Tie::start:
      return instant.after.count() == 0
                 ? "start"
                 : "{after: " + format_duration(instant.after) + "}";
    case Instant::Tie::call:
      return fmt::format("{{call: '{}', nth: {}}}", instant.counted,
                         instant.nth);
    case Instant::Tie::listening:
      return "{listening: true" + after + "}";
    case Instant::Tie::ready:
      break;
  }
  return "{ready: true" + after + "}";
}

// What tells it to stop, with `more` keys. A signal that ends nothing by the
// book (SIGHUP) does so where a platform means it so.
std::string stop_yaml(const ShutdownAsk& ask, const std::string& more) {
  const std::string& signal = ask.asked.signal;
  return is_stop_signal(signal_number(signal).value_or(0))
             ? fmt::format("- signal: {{send: {}, {}}}\n", signal, more)
             : fmt::format("- stop: {{signal: {}, grace: {}, {}}}\n", signal,
                           format_duration(ask.grace), more);
}

std::string faults_yaml(const ShutdownAsk& ask, const Instant& instant) {
  const std::string& signal = ask.asked.signal;
  std::string when = "when: " + when_yaml(instant);
  if (instant.phase != Phase::draining) {
    return "faults:\n" + stop_yaml(ask, when);
  }
  std::string after = instant.again.count() == 0
                          ? ""
                          : ", after: " + format_duration(instant.again);
  return "faults:\n" + stop_yaml(ask, "name: first, " + when) +
         fmt::format(
             "- signal: {{send: {}, name: second, optional: true, when: "
             "{{fault: first{}}}}}\n",
             signal, after);
}

// Those that stand in every run. Not at each moment can they have taken effect.
std::string standing_yaml(const ShutdownAsk& ask) {
  std::string out;
  for (const std::string& fault : ask.faults) {
    auto tree = tree_of(fault);
    bool may = tree && tree->children.size() == 1 &&
               tree->children[0].is(YamlNode::Kind::map);
    if (may) {
      YamlNode& optional = made_below(tree->children[0], "optional");
      optional.kind = YamlNode::Kind::scalar;
      optional.scalar = "true";
      YamlNode list;
      list.kind = YamlNode::Kind::list;
      list.children.push_back(std::move(*tree));
      out += yaml_text(list);
    } else {
      out += "- " + fault + "\n";
    }
  }
  return out;
}

// The moments before calls are told by those calls: what is recorded.
std::string watch_yaml(const ShutdownAsk& ask) {
  return ask.over.calls.empty()
             ? ""
             : "expect:\n- calls: {call: [" + join(ask.over.calls, ", ") +
                   "], count: {at_least: 0}}\n";
}

// The whole of a run of a scenario's sweep.
Result<std::string> run_of_base(const ShutdownAsk& ask,
                                const std::string& faults,
                                const std::string& expect) {
  return with_parts(ask.base, {"", ask.deadline, faults, expect});
}

Result<> check_words(const ShutdownAsk& ask) {
  for (const std::string& word : ask.asked.command) {
    if (!is_valid_utf8(word)) {
      return usage_error("an argument of the command is no UTF-8");
    }
  }
  for (const std::string& fault : ask.faults) {
    bool one = is_valid_utf8(fault) && fault.find('\n') == fault.npos;
    if (!one) {
      return usage_error("--fault: expected a fault in one line of YAML");
    }
  }
  return is_valid_utf8(ask.cwd.string())
             ? Result<>(Ok{})
             : usage_error("the name of this folder is no UTF-8");
}

// As a glob: what is not a name, but a number of this run, is any.
std::string glob_of(std::string_view file) {
  constexpr std::size_t kFewestDigits = 3;
  std::string out;
  for (std::size_t at = 0; at < file.size();) {
    std::size_t digits =
        std::min(file.find_first_not_of("0123456789", at), file.size()) - at;
    if (digits >= kFewestDigits) {
      out += '*';
      at += digits;
      continue;
    }
    bool special = std::string_view("*?[\\").find(file[at]) != file.npos;
    out += special ? "\\" : "";
    out += file[at++];
  }
  return out;
}

// Of `socket run/x.sock`, or `pid file x.pid`.
std::string_view name_of(std::string_view left) {
  left.remove_prefix(left.starts_with("socket ") ? 7 : 9);
  return left;
}

std::string files_yaml(const ShutdownMap& map, const MapFinding& finding) {
  std::set<std::string> globs;
  for (const StopOutcome& one : map.points[finding.point].tries) {
    for (const std::string& left : one.left_files) {
      globs.insert(yaml_word(glob_of(name_of(left))));
    }
  }
  return "expect:\n- files: {gone: [" +
         join({globs.begin(), globs.end()}, ", ") + "]}\n";
}

// What a service has to do that the finding says it does not.
std::string expect_yaml(const ShutdownMap& map, const MapFinding& finding) {
  std::string graceful = std::string("expect:\n- service: {graceful: ") +
                         std::string(graceful_name(map.asked.graceful)) + "}\n";
  using What = MapFinding::What;
  if (finding.what == What::other_code) {
    const StopOutcome* idle = idle_stop(map);
    bool exits = idle != nullptr && idle->end == StopOutcome::End::exited;
    return exits ? fmt::format("expect:\n- service: {{exited: {}}}\n",
                               idle->number)
                 : "expect:\n- service: {graceful: signal}\n";
  }
  return finding.what == What::left        ? "expect:\n- leftovers: 0\n"
         : finding.what == What::left_file ? files_yaml(map, finding)
         : finding.what == What::misanswered
             ? "expect:\n- requests: {in_flight: answered}\n"
             : graceful;
}

std::string slug_of(const MapFinding& finding) {
  using What = MapFinding::What;
  switch (finding.what) {
    case What::idle_stop:
      return "idle-stop";
    case What::other_code:
      return "other-code";
    case What::unhandled:
      return "unhandled";
    case What::killed:
      return "killed";
    case What::hung:
      return "hung";
    case What::idle_varies:
      return "idle-stop-varies";
    case What::lost:
      return "requests-lost";
    case What::misanswered:
      return "requests-answered-otherwise";
    case What::left_file:
      return "file-left";
    case What::left:
      break;
  }
  return "left-behind";
}

}  // namespace

std::string wrong_with_ready(const std::string& ready) {
  auto [word, text] = parts_of(ready);
  for (const ReadyForm& form : kReadyForms) {
    bool fits = form.takes_text ? !text.empty() : ready == word;
    if (word == form.word && fits && is_valid_utf8(text)) {
      return "";
    }
  }
  return "expected http:PATH, tcp:PORT, output:RE2, file:GLOB or listening";
}

Result<std::string> recording_yaml(const ShutdownAsk& ask) {
  TRY(check_words(ask));
  if (!ask.base.empty()) {
    return run_of_base(ask, "", watch_yaml(ask));
  }
  std::string standing = standing_yaml(ask);
  return workload_yaml(ask, false, nanoseconds(0)) +
         (standing.empty() ? "" : "faults:\n" + standing) +
         "expect:\n- service: {graceful: any}\n";
}

// Ends with the first answer, or when none has come for long.
Result<std::string> asking_yaml(const ShutdownAsk& ask,
                                const std::string& url) {
  TRY(check_words(ask));
  ShutdownAsk that = ask;
  that.url = url;
  std::string late = "{ready: true, after: " + format_duration(kAskFor) + "}";
  std::string out = workload_yaml(that, true, kAskFor) + "faults:\n";
  for (const std::string& when : {std::string("{answered: 1}"), late}) {
    out += stop_yaml(ask, "optional: true, when: " + when);
  }
  return out + standing_yaml(ask);
}

Result<std::string> instant_yaml(const ShutdownAsk& ask,
                                 const Instant& instant) {
  TRY(check_words(ask));
  if (!ask.base.empty()) {
    return run_of_base(ask, faults_yaml(ask, instant), "");
  }
  return workload_yaml(ask, has_load(instant), instant.after + instant.again) +
         faults_yaml(ask, instant) + standing_yaml(ask);
}

std::size_t times_told(const Instant& instant) {
  return instant.phase == Phase::draining ? 2 : 1;
}

Result<std::string> finding_yaml(const ShutdownAsk& ask, const ShutdownMap& map,
                                 const MapFinding& finding) {
  const Instant& instant = map.points[finding.point].instant;
  TRY_ASSIGN(std::string yaml, instant_yaml(ask, instant));
  std::string about = fmt::format(
      "{}: {}, told {}. It came in {} of {} tries; faultrig run --repeat tries "
      "again.",
      phase_name(instant.phase), finding_text(finding, map), instant.moment(),
      finding.share.k, finding.share.n);
  std::string head =
      "about: " + yaml_word(for_one_line(about)) + "\n" + std::string(kMapTags);
  return ask.base.empty() ? head + yaml + expect_yaml(map, finding)
                          : with_parts(yaml, {head, ask.deadline, "",
                                              expect_yaml(map, finding)});
}

bool may_leave(const ShutdownAsk& ask, std::string_view left) {
  return std::any_of(
      ask.leaves.begin(), ask.leaves.end(),
      [&](const auto& glob) { return glob_match(glob, name_of(left)); });
}

std::string finding_name(const ShutdownMap& map, std::size_t index) {
  const MapFinding& finding = map.findings[index];
  std::string phase(phase_name(map.points[finding.point].instant.phase));
  for (char& letter : phase) {
    letter = letter == ' ' ? '-' : letter;
  }
  return fmt::format("{}-{}-{}", index + 1, phase, slug_of(finding));
}

}  // namespace faultrig
