// The wait status and the kernel's counters decide; the words of the program
// only say more. Exit code 0 alone is no pass: a test binary that ran its tests
// says PASS.
#include "harness/judge/witnessed.h"

#include <algorithm>
#include <csignal>

#include <fmt/format.h>

#include "harness/base/names.h"
#include "harness/base/text.h"

namespace faultrig {

namespace {

constexpr std::size_t kLongestLine = 160;
constexpr std::size_t kMostNames = 3;
constexpr double kMebi = 1024.0 * 1024.0;

using Kind = Conclusion::Kind;

const Observation* find(const Evidence& evidence, Fact fact) {
  auto index = evidence.first(fact);
  return index ? &evidence.trace()[*index] : nullptr;
}

std::int64_t number_of(const Evidence& evidence, Fact fact) {
  const Observation* seen = find(evidence, fact);
  return seen == nullptr ? 0 : seen->number;
}

std::string plural(std::int64_t count, const std::string& noun) {
  return fmt::format("{} {}{}", count, noun,
                     count == 1                  ? ""
                     : noun.ends_with("process") ? "es"
                                                 : "s");
}

// `memory cap 128MiB of its cgroup, peak 128.0MiB, 1 of 3 processes`.
std::string oom_details(const Evidence& evidence) {
  const Observation* limit = find(evidence, Fact::limit_hit);
  std::string out =
      limit == nullptr ? "no memory cap of a cgroup is known" : limit->text;
  if (const Observation* peak = find(evidence, Fact::peak_memory)) {
    out += fmt::format(", peak {:.1f}MiB",
                       static_cast<double>(peak->number) / kMebi);
  }
  std::int64_t kills = number_of(evidence, Fact::oom_kill);
  std::int64_t most =
      std::max(number_of(evidence, Fact::most_processes), kills);
  return out + fmt::format(", {} of {}", kills, plural(most, "process"));
}

// From whom, where that is known.
std::string sender(const Observation& from) {
  if (from.pid <= 0) {
    return from.text;
  }
  std::string who = from.text.substr(0, 40);
  return fmt::format("from {}(pid {})", who.empty() ? "" : "'" + who + "' ",
                     from.pid);
}

std::string killed(const Evidence& evidence, WaitStatus status) {
  bool oom = number_of(evidence, Fact::oom_kill) > 0;
  if (oom && status.signal() == SIGKILL) {
    return "was OOM-killed: " + oom_details(evidence);
  }
  std::string out = "was killed by " + signal_name(status.signal());
  const Observation* from = find(evidence, Fact::signal_from);
  bool known = from != nullptr && from->text != "unknown";
  out += known ? ", " + sender(*from) : ", by whom is unknown";
  if (!known && status.signal() == SIGKILL) {
    bool counted = find(evidence, Fact::peak_memory) != nullptr;
    out += counted ? "; not for memory: its cgroup counted no OOM kill"
                   : "; whether for memory is unknown too";
  }
  return out + (status.dumped_core() ? " (core dumped)" : "");
}

std::string crashed(const Evidence& evidence, const Observation& crash,
                    WaitStatus status) {
  std::string out = status.text();
  const Observation* passed = find(evidence, Fact::signal_passed);
  if (crash.action == "signal" && passed != nullptr &&
      crash.text.starts_with(signal_name(static_cast<int>(passed->number)) +
                             ":")) {
    out += fmt::format(": {} {}", signal_name(static_cast<int>(passed->number)),
                       passed->pid > 0 ? sender(*passed) : "from a terminal");
    return out;
  }
  out += ": " + crash.text;
  return crash.call.empty() ? out : out + " in " + crash.call;
}

std::string failed(const Evidence& evidence, const Observation& word) {
  std::vector<std::string> names;
  std::int64_t count = 0;
  for (const Observation& seen : evidence.trace()) {
    if (seen.fact == Fact::test_event && seen.action == "fail") {
      ++count;
      if (names.size() < kMostNames) {
        names.push_back(seen.text);
      }
    }
  }
  if (count == 0) {
    return "exited 1 and said FAIL";
  }
  std::string out =
      word.number >= count
          ? fmt::format("{} of {}", count, plural(word.number, "test"))
          : plural(count, "test");
  out += " failed (" + join(names, ", ");
  return "exited 1: " + out +
         (count > static_cast<std::int64_t>(names.size()) ? ", ...)" : ")");
}

std::string last_line(const Evidence& evidence) {
  for (const std::string* text : {&evidence.err(), &evidence.out()}) {
    auto lines = lines_of(*text);
    for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
      if (!line->empty() && *line != "PASS" && *line != "FAIL") {
        return std::string(line->substr(0, 200));
      }
    }
  }
  return "";
}

// Shells, sudo and env -S give 128 and the number of the signal that ended what
// they ran; a test binary that exits so has chosen it.
std::string of_a_shell(const LinkEnd& end) {
  constexpr int kOfAShell = 128;
  int signal = end.status->exit_code() - kOfAShell;
  bool is_test = end.program.ends_with(".test");
  return is_test || signal < SIGHUP || signal > SIGSYS
             ? ""
             : " (128 + " + signal_name(signal) + ")";
}

std::string other_code(const Evidence& evidence, const LinkEnd& end,
                       const Observation* word) {
  std::string out = end.status->text() + of_a_shell(end);
  if (word != nullptr && !word->text.empty()) {
    out += " after it said " + word->text;
  }
  std::string line = last_line(evidence);
  return line.empty() ? out : out + ", last line '" + line + "'";
}

// What the log cannot show: `ok` although no test, or not every test, passed.
std::string false_green(const Observation& word) {
  return word.text == "FAIL"
             ? "exited 0 although it said FAIL: its TestMain drops the code of "
               "m.Run"
             : "exited 0 but never said PASS: a test or TestMain ended the "
               "process (os.Exit?), or took its stdout away";
}

std::string left_behind(const Evidence& evidence) {
  auto count = static_cast<std::int64_t>(evidence.count(Fact::leftover));
  if (count == 0) {
    return "";
  }
  const Observation& first = *find(evidence, Fact::leftover);
  return fmt::format("left {} behind: {} (pid {}){}", plural(count, "process"),
                     first.text.substr(0, 60), first.pid,
                     count > 1 ? ", ..." : "");
}

void add_note(std::string& notes, const std::string& note) {
  notes += (notes.empty() || note.empty() ? "" : "; ") + note;
}

// What there is to know beside the end itself.
std::string notes_of(const Evidence& evidence, bool told_oom) {
  std::string notes = left_behind(evidence);
  if (!told_oom && number_of(evidence, Fact::oom_kill) > 0) {
    add_note(notes, "the kernel killed processes of it for memory: " +
                        oom_details(evidence));
  }
  for (const Observation& seen : evidence.trace()) {
    bool forks = seen.fact == Fact::limit_hit && seen.number > 0;
    add_note(notes, forks ? "met the " + seen.text : "");
  }
  return notes;
}

Conclusion how_it_ended(const Evidence& evidence, const LinkEnd& end) {
  if (!end.status) {
    return {Kind::broken, "never started: " + end.why_not_started};
  }
  const Observation* word = find(evidence, Fact::last_word);
  WaitStatus status = *end.status;
  if (status.killed()) {
    return {Kind::broken, killed(evidence, status)};
  }
  if (status.clean()) {
    bool green = word == nullptr || word->text == "PASS";
    return green ? Conclusion{} : Conclusion{Kind::broken, false_green(*word)};
  }
  if (const Observation* crash = find(evidence, Fact::go_crash)) {
    return {Kind::broken, crashed(evidence, *crash, status)};
  }
  bool said_fail = word != nullptr && word->text == "FAIL";
  if (said_fail && status.exit_code() == 1) {
    return {Kind::failed, failed(evidence, *word)};
  }
  return {Kind::broken, other_code(evidence, end, word)};
}

}  // namespace

Conclusion conclude(const Evidence& evidence) {
  if (evidence.exits().empty()) {
    return {Kind::broken, "has no end in this evidence"};
  }
  Conclusion conclusion = how_it_ended(evidence, evidence.exits().front());
  bool told_oom = conclusion.text.starts_with("was OOM-killed");
  std::string more = notes_of(evidence, told_oom);
  if (!more.empty() && conclusion.kind == Kind::clean) {
    bool is_test = find(evidence, Fact::last_word) != nullptr;
    conclusion = {Kind::noted, is_test ? "passed" : "exited 0"};
  }
  add_note(conclusion.text, more);
  return conclusion;
}

std::string conclusion_line(const std::string& name,
                            const Conclusion& conclusion) {
  std::string line = for_one_line("faultrig: " + name + " " + conclusion.text);
  if (line.size() > kLongestLine) {
    line = valid_utf8(line.substr(0, kLongestLine - 3));
    while (line.ends_with("\xEF\xBF\xBD")) {
      line.resize(line.size() - 3);
    }
    line += "...";
  }
  return line;
}

}  // namespace faultrig
