#include "harness/campaign/site_scenario.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/base/yaml_word.h"
#include "harness/campaign/base_scenario.h"
#include "harness/model/call_errors.h"

namespace faultrig {

namespace {

using std::chrono::nanoseconds;

// What is ten times as slow as without a fault does not end any more; below
// this a busy machine decides.
constexpr int kSlower = 10;
constexpr nanoseconds kLeastDeadline = std::chrono::seconds(5);

Result<> check_words(const SweepTarget& target, const SweepAsked& asked) {
  std::vector<std::string> words = target.command;
  words.insert(words.end(), target.flags.begin(), target.flags.end());
  words.insert(words.end(), {target.dir.string(), target.run, asked.in});
  for (const std::string& word : words) {
    if (!is_valid_utf8(word)) {
      return usage_error("a word of the command or a folder is no UTF-8");
    }
  }
  return Ok{};
}

std::string workload_yaml(const SweepTarget& target, nanoseconds deadline) {
  std::string out =
      "workload:\n  deadline: " + format_duration(deadline) + "\n";
  if (!target.command.empty()) {
    return out + "  command: " + yaml_list(target.command) +
           "\n  cwd: " + yaml_word(target.dir.string()) + "\n";
  }
  out += "  go_test:\n    dir: " + yaml_word(target.dir.string()) +
         "\n    mode: binary\n";
  out += target.run.empty() ? "" : "    run: " + yaml_word(target.run) + "\n";
  return out + (target.flags.empty()
                    ? ""
                    : "    flags: " + yaml_list(target.flags) + "\n");
}

std::vector<std::string> calls_of(const SweepAsked& asked) {
  std::vector<std::string> calls = asked.calls;
  if (calls.empty()) {
    for (const CallErrors& row : swept_calls()) {
      calls.emplace_back(row.call);
    }
  }
  return calls;
}

// What is asked of each call beside its name and its site.
std::string only_yaml(const SweepAsked& asked) {
  std::string out;
  for (const auto& [key, text] : asked.only) {
    out += key == "site" ? "" : ", " + key + ": " + yaml_word(text);
  }
  return out;
}

std::string watch_yaml(const SweepAsked& asked) {
  if (asked.peers) {
    return "- calls: {call: [connect, listen], count: {at_least: 0}}\n";
  }
  auto site = asked.only.find("site");
  std::string out =
      "- calls: {call: [" + join(calls_of(asked), ", ") + "]" +
      (asked.in.empty() ? "" : ", in: " + yaml_word(asked.in)) +
      (site == asked.only.end() ? "" : ", site: " + yaml_word(site->second));
  return out + only_yaml(asked) + ", count: {at_least: 0}}\n";
}

std::string site_key(const CallSite& site) {
  return site.id.empty() ? "" : ", site: '" + site.id + "'";
}

std::string harm_yaml(const FaultPoint& point) {
  switch (point.harm) {
    case Harm::error:
      return "error: " + std::string(errno_name(point.error));
    case Harm::kill:
      return "signal: SIGKILL";
    case Harm::shorten:
      return "short: " + std::to_string(point.amount);
    case Harm::peer:
      return point.deed.yaml();
    case Harm::delay:
      break;
  }
  return "delay: " + format_duration(nanoseconds(point.amount));
}

std::string peer_yaml(const CallSite& peer, const FaultPoint& point) {
  return fmt::format("faults:\n- dependency: {{to: {}, {}{}{}}}\n",
                     yaml_word(peer.id), harm_yaml(point),
                     point.each == Each::once ? ", first: 1" : "",
                     point.when == "start" ? "" : ", when: " + point.when);
}

// In each test of its own the first call there: a fault for each test.
std::string fault_yaml(const SweepAsked& asked, const CallSite& site,
                       const FaultPoint& point,
                       const std::vector<std::string>& tests) {
  if (site.is_peer) {
    return peer_yaml(site, point);
  }
  bool on = point.each == Each::from_then_on;
  std::vector<std::string> which{
      on && point.nth == 1
          ? ""
          : fmt::format(", nth: {}{}", point.nth, on ? "+" : "")};
  if (point.each == Each::per_test && !tests.empty()) {
    which.clear();
    for (const std::string& test : tests) {
      which.push_back(", in: " + yaml_word(test) + ", nth: 1");
    }
  }
  std::string out = "faults:\n";
  for (const std::string& one : which) {
    out += fmt::format("- syscall: {{call: {}, {}{}{}{}}}\n", site.call,
                       harm_yaml(point), site_key(site), only_yaml(asked), one);
  }
  return out;
}

// What we make late may take so much longer.
nanoseconds deadline_of(const CallSite& site, const FaultPoint& point,
                        nanoseconds deadline) {
  return point.harm == Harm::delay
             ? deadline + nanoseconds(point.amount) *
                              std::max<std::int64_t>(site.calls, 1)
             : deadline;
}

// The same of a service: of whom it answers.
std::string service_yaml(SiteOutcome outcome) {
  switch (outcome) {
    case SiteOutcome::swallowed:
      return "- requests: {wrong: {at_least: 1}}\n";
    case SiteOutcome::failed:
      return "- requests: {wrong: 0, cut: 0, refused: 0}\n";
    case SiteOutcome::crashed:
      return "- output: {lacks: 'goroutine '}\n";
    case SiteOutcome::leaked:
      return "- leftovers: 0\n";
    default:
      return "- requests: {timed_out: 0, cut: 0}\n";
  }
}

// What a program has to do that the finding says it does not.
std::string expect_yaml(const SweepTarget& target, SiteOutcome outcome,
                        const FaultPoint& point) {
  std::string link = target.command.empty() ? target.link : "command";
  if (link == "service") {
    return service_yaml(outcome);
  }
  if (point.harm != Harm::error && outcome == SiteOutcome::failed) {
    return "- " + link + ": {exited: 0}\n";
  }
  switch (outcome) {
    case SiteOutcome::failed:
      return "- output: {matches: " +
             yaml_word("(?i)" + join(error_words(point.error), "|") + "|" +
                       errno_name(point.error)) +
             "}\n";
    case SiteOutcome::crashed:
      return "- output: {lacks: 'goroutine '}\n";
    case SiteOutcome::exited:
      return "- output: {matches: '(?m)^(PASS|FAIL|--- FAIL)'}\n";
    case SiteOutcome::hung:
      return "- " + link + ": {exited: {at_least: 0}}\n";
    case SiteOutcome::leaked:
      return "- leftovers: 0\n";
    default:
      return "- " + link + ": {exited: {not: 0}}\n";
  }
}

}  // namespace

Result<std::string> run_yaml(const SweepTarget& target, const RunParts& parts) {
  TRY(check_words(target, SweepAsked()));
  if (!target.base.empty()) {
    return with_parts(target.base, parts);
  }
  return parts.head + workload_yaml(target, parts.deadline) + parts.faults +
         parts.expect;
}

nanoseconds deadline_after(const std::vector<SiteRun>& plain,
                           nanoseconds most) {
  nanoseconds least = most;
  for (const SiteRun& run : plain) {
    least = std::min(least, run.took);
  }
  return std::min(std::max(least * kSlower, kLeastDeadline), most);
}

Result<std::string> site_recording_yaml(const SweepTarget& target,
                                        const SweepAsked& asked,
                                        nanoseconds deadline) {
  TRY(check_words(target, asked));
  return run_yaml(target, {"", deadline, "", "expect:\n" + watch_yaml(asked)});
}

Result<std::string> site_point_yaml(const SweepTarget& target,
                                    const SweepAsked& asked,
                                    const CallSite& site, const Trial& trial) {
  TRY(check_words(target, asked));
  std::string narrow = "- calls: {call: " + site.call + site_key(site) +
                       only_yaml(asked) + ", count: {at_least: 0}}\n";
  bool wide = trial.wide || site.is_peer;
  return run_yaml(target, {"", deadline_of(site, trial.point, trial.deadline),
                           fault_yaml(asked, site, trial.point, site.tests),
                           "expect:\n" + (wide ? watch_yaml(asked) : narrow)});
}

Result<std::string> site_recover_yaml(const std::string& command,
                                      nanoseconds deadline) {
  if (!is_valid_utf8(command)) {
    return usage_error("the recover command is no UTF-8");
  }
  return "workload:\n  deadline: " + format_duration(deadline) +
         "\n  command: " + yaml_list({"sh", "-c", command}) +
         "\nexpect:\n- command: {exited: 0}\n";
}

Result<std::string> site_finding_yaml(const SweepTarget& target,
                                      const SiteSweep& sweep, std::size_t point,
                                      nanoseconds deadline) {
  const SitePoint& found = sweep.points[point];
  const CallSite& site = sweep.sites[found.point.site];
  TRY(check_words(target, sweep.asked));
  std::string what =
      site.is_peer
          ? deed_at(site, found.point) + ", " + found.point.which()
          : fmt::format("{}{} {} {} in {}", site.call,
                        found.point.harm == Harm::error ? " fails with" : ",",
                        found.point.fault(), found.point.which(), site.place());
  std::string about = fmt::format("{}: {}: {}", outcome_name(found.outcome),
                                  what, found.because);
  return run_yaml(
      target, {"about: " + yaml_word(for_one_line(about)) + "\n" +
                   std::string(kSweepTags),
               deadline_of(site, found.point, deadline),
               fault_yaml(sweep.asked, site, found.point, found.tests),
               "expect:\n" + expect_yaml(target, found.outcome, found.point)});
}

bool is_repeatable(SiteOutcome outcome) {
  return is_finding(outcome) && outcome != SiteOutcome::lost;
}

std::string site_finding_name(const SiteSweep& sweep, std::size_t point,
                              std::size_t number) {
  const SitePoint& found = sweep.points[point];
  bool peer = found.point.harm == Harm::peer;
  std::string what =
      peer ? found.point.deed.text() : sweep.sites[found.point.site].call;
  std::replace(what.begin(), what.end(), ' ', '-');
  return fmt::format("{}-{}-{}", number, outcome_name(found.outcome), what);
}

}  // namespace faultrig
