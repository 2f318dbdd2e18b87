// What counts for a call, and how much, is by what found the decisive one in
// traces of programs whose trouble was known (docs/replay.md).
#include "harness/replay/trace_faults.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>

#include <fmt/format.h>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/base/yaml_word.h"
#include "harness/model/syscalls.h"
#include "harness/replay/call_book.h"
#include "harness/replay/call_faults.h"
#include "harness/replay/failure_text.h"
#include "harness/replay/go_command.h"
#include "harness/replay/noise.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostCandidates = 20;
constexpr std::int64_t kNearEnd = 60;  // lines
constexpr std::size_t kLeastName = 3;

std::string base_of(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

// What a trace says of the process that failed.
struct Story {
  const Traced& traced;
  const TracedEvent* end = nullptr;     // of it; null: the trace has none
  std::vector<std::string_view> lines;  // that were printed
  // Of them, those that tell of an error, by its name; filled as it is asked.
  mutable std::map<std::string, std::vector<const PrintedLine*>> saying = {};
};

// A test binary that did not pass, or else the first process.
const TracedEvent* end_of(const Traced& traced) {
  const TracedEvent* found = nullptr;
  for (const TracedEvent& end : traced.ends) {
    bool failed = !end.signal.empty() || end.status != 0;
    bool test = failed && end.program.ends_with(".test");
    bool better =
        test || (end.is_first &&
                 (found == nullptr || !found->program.ends_with(".test")));
    found = better ? &end : found;
  }
  return found;
}

// Adds to what speaks for a candidate.
void count(ReplayCandidate& candidate, int points, std::string why) {
  candidate.score += points;
  candidate.because.push_back(fmt::format("{:+}: {}", points, why));
}

const std::vector<const PrintedLine*>& saying(const Story& story,
                                              const std::string& error) {
  auto [known, fresh] = story.saying.try_emplace(error);
  for (const PrintedLine& line : story.traced.printed) {
    if (fresh && says_error(line.text, error)) {
      known->second.push_back(&line);
    }
  }
  return known->second;
}

const PrintedLine* said_after(const Story& story, std::int64_t at,
                              const std::string& error) {
  for (const PrintedLine* line : saying(story, error)) {
    if (line->at >= at) {
      return line;
    }
  }
  return nullptr;
}

const PrintedLine* names_after(const Story& story, std::int64_t at,
                               const std::string& name) {
  for (const PrintedLine& line : story.traced.printed) {
    if (line.at >= at && line.text.find(name) != std::string::npos) {
      return &line;
    }
  }
  return nullptr;
}

void add_line(ReplayCandidate& candidate, const ReplayLine& line) {
  bool known =
      std::any_of(candidate.rests_on.begin(), candidate.rests_on.end(),
                  [&](const ReplayLine& one) {
                    return one.file == line.file && one.line == line.line;
                  });
  if (!known && line.line > 0) {
    candidate.rests_on.push_back(line);
  }
}

void weigh(const Story& story, const FailedCalls& failed,
           ReplayCandidate& out) {
  add_line(out, failed.first);
  add_line(out, failed.last);
  if (failed.injected) {
    count(out, 5, "strace itself made it fail");
  }
  if (const PrintedLine* line =
          said_after(story, failed.last_at, failed.error)) {
    count(out, 4, "its words were printed after it");
    add_line(out, line->where);
  }
  std::string name =
      failed.path.empty() ? failed.place.text : base_of(failed.path);
  if (name.size() >= kLeastName && names_after(story, failed.last_at, name)) {
    count(out, 3, "what it was on was named after it");
  }
  std::int64_t exit = story.traced.last_exit;
  if (exit >= failed.last_at && exit - failed.last_at <= kNearEnd) {
    count(out, 2, "it is the last but a few calls before the exit");
  }
  if (weight_of(failed.call, failed.error, failed.path) == CallWeight::little) {
    count(out, -2, "programs often ask so in passing");
  }
  bool other = story.end != nullptr && !failed.program.empty() &&
               failed.program != story.end->program;
  if (other) {
    count(out, -2, "another program made it: " + base_of(failed.program));
  }
}

void add_failed(const Story& story, const FailedCalls& failed,
                std::vector<ReplayCandidate>& out) {
  bool number = errno_number(failed.error).has_value();
  if (find_syscall(failed.call) == nullptr || !number) {
    return;
  }
  ReplayCandidate one;
  weigh(story, failed, one);
  if (one.score < 0) {
    return;
  }
  one.what = words_of(failed);
  one.fault = fault_of(failed);
  one.error = failed.error;
  one.name = failed.call + "-" + failed.error;
  Mechanism mechanism = failed.injected ? Mechanism() : mechanism_of(failed);
  out.push_back(one);
  if (!mechanism.fault.empty()) {
    ReplayCandidate other = one;
    other.what = mechanism.what;
    other.fault = mechanism.fault;
    other.name = injector_of(mechanism.fault);
    count(other, -1, "not seen, but what brings that error about");
    out.push_back(std::move(other));
  }
}

// `, when: {output: ...}`: when the signal came, as far as that was seen.
std::string moment_of(const Story& story, const TracedEvent& event) {
  const PrintedLine* last = nullptr;
  for (const PrintedLine& line : story.traced.printed) {
    bool whole = line.text.size() >= kLeastName && line.pid != -1;
    last = whole && line.at < event.at ? &line : last;
  }
  if (last != nullptr) {
    return ", when: {output: " + yaml_word(pattern_of(last->text)) + "}";
  }
  return event.after && *event.after >= 1000
             ? ", when: {after: " +
                   format_duration(
                       std::chrono::milliseconds(*event.after / 1000)) +
                   "}"
             : "";
}

ReplayCandidate signal_at(const Story& story, const TracedEvent& event) {
  ReplayCandidate out;
  out.what = event.signal + " from outside";
  out.fault = "signal: {send: " + event.signal + moment_of(story, event) + "}";
  out.name = "signal-" + event.signal;
  add_line(out, event.where);
  return out;
}

bool is_same_program(const Story& story, const TracedEvent& event) {
  return story.end != nullptr && event.pid == story.end->pid;
}

bool is_from_outside(const Story& story, const TracedEvent& event) {
  return event.details.find("SI_USER") != std::string::npos &&
         !event.by_traced && is_same_program(story, event);
}

// It ended by a signal that somebody sent: SIGKILL is never delivered.
void add_signals(const Story& story, std::vector<ReplayCandidate>& out) {
  for (const TracedEvent& event : story.traced.signals) {
    auto number = signal_number(event.signal);
    if (number && can_kill(*number) && is_from_outside(story, event)) {
      ReplayCandidate one = signal_at(story, event);
      count(one, 5, "no process of the trace sent it");
      out.push_back(std::move(one));
    }
  }
  if (story.end != nullptr && story.end->signal == "SIGKILL") {
    ReplayCandidate one = signal_at(story, *story.end);
    count(one, 6, "it ended by it; who sent it a trace does not tell");
    out.push_back(std::move(one));
  }
}

// The child as it starts, by the call that starts it: where it lives too
// shortly to be met later.
ReplayCandidate at_its_start(const ReplayCandidate& later,
                             const TracedEvent& event) {
  ReplayCandidate out = later;
  out.what += " as it starts";
  out.fault =
      "syscall: {call: execve, path: " + yaml_word(path_glob(event.program)) +
      ", signal: " + event.signal + "}";
  out.name = "exec-" + event.signal;
  count(out, -1, "not where it was killed: as it starts that program");
  return out;
}

// A process that it had started was killed.
void add_killed_children(const Story& story,
                         std::vector<ReplayCandidate>& out) {
  for (const TracedEvent& event : story.traced.ends) {
    if (!signal_number(event.signal) || event.program.empty() ||
        is_same_program(story, event)) {
      continue;
    }
    ReplayCandidate one;
    std::string name = base_of(event.program);
    one.what = "the child " + name + " is killed by " + event.signal;
    one.fault = "signal: {send: " + event.signal +
                ", at: {child: " + yaml_word(path_glob("/" + name).substr(1)) +
                "}" + moment_of(story, event) + "}";
    one.name = "child-" + event.signal;
    add_line(one, event.where);
    count(one, 3, "a process that it had started was killed");
    if (const PrintedLine* line = names_after(
            story, event.at,
            event.signal == "SIGKILL" ? "signal: killed" : "signal: ")) {
      count(one, 4, "that was printed after it");
      add_line(one, line->where);
    }
    out.push_back(at_its_start(one, event));
    out.push_back(std::move(one));
  }
}

// What it printed before that is no word about its end.
bool was_killed(const Story& story) {
  const std::vector<TracedEvent>& signals = story.traced.signals;
  return story.end != nullptr &&
         (story.end->signal == "SIGKILL" ||
          std::any_of(signals.begin(), signals.end(),
                      [&](const TracedEvent& one) {
                        return one.signal == story.end->signal &&
                               is_from_outside(story, one);
                      }));
}

ReplayFailure failure_of(const Story& story, const std::string& error) {
  ReplayFailure out;
  if (story.end != nullptr && story.end->signal.empty()) {
    out.exited = std::to_string(story.end->status);
  } else if (story.end != nullptr && signal_number(story.end->signal)) {
    out.killed_by = story.end->signal;
  }
  ErrorLine line = error_line_in(story.lines, error);
  out.unknown = story.end == nullptr;
  bool drops =
      (was_killed(story) && !line.panics) || (out.unknown && !line.tells);
  out.error_line = drops ? "" : line.text;
  out.panics = line.panics;
  out.top = line.top;
  return out;
}

void add_notes(const Traced& traced, const ReplayFailure& failure,
               std::vector<std::string>& notes) {
  if (traced.unread * 2 > traced.lines) {
    notes.push_back(fmt::format(
        "{} of {} lines are in no form that this version knows, the first is "
        "line {}: {}",
        traced.unread, traced.lines, traced.first_unread.line,
        traced.first_unread.text));
  }
  if (traced.cut) {
    notes.emplace_back(
        "texts are not whole: strace -s 4096 keeps paths and what is printed");
  }
  if (traced.open > 0) {
    notes.push_back(
        fmt::format("{} calls never came to an end: the output may be cut off",
                    traced.open));
  }
  if (traced.overflowed) {
    notes.emplace_back(
        "there are more files and errors than are counted: the number of a "
        "call (nth) may be missing");
  }
  if (failure.exited == "0") {
    notes.emplace_back(
        "it exited 0: nothing failed, so that no fault was looked for");
  }
}

}  // namespace

Replayed replayed_trace(const Traced& traced, const std::string& here) {
  Story story{traced, end_of(traced), {}};
  for (const PrintedLine& line : traced.printed) {
    story.lines.emplace_back(line.text);
  }
  Replayed out;
  out.kind = "strace output";
  out.lines = traced.lines;
  out.unread = traced.unread;
  out.processes = traced.processes;
  out.noise = traced.noise;
  out.workload = workload_of(traced.argv, here);
  for (const FailedCalls& failed : traced.failed) {
    add_failed(story, failed, out.candidates);
  }
  add_signals(story, out.candidates);
  add_killed_children(story, out.candidates);
  std::reverse(out.candidates.begin(), out.candidates.end());
  std::stable_sort(out.candidates.begin(), out.candidates.end(),
                   [](const ReplayCandidate& a, const ReplayCandidate& b) {
                     return a.score > b.score;
                   });
  if (out.candidates.size() > kMostCandidates) {
    out.notes.push_back(fmt::format("{} more faults are less likely",
                                    out.candidates.size() - kMostCandidates));
    out.candidates.resize(kMostCandidates);
  }
  out.failure = failure_of(
      story, out.candidates.empty() ? "" : out.candidates.front().error);
  if (out.failure.exited == "0") {
    out.candidates.clear();
  }
  add_notes(traced, out.failure, out.notes);
  return out;
}

}  // namespace faultrig
