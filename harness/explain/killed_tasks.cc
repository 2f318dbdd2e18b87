// mm/oom_kill.c prints `oom-kill:constraint=...,task=NAME,pid=N` and `Killed
// process N (NAME)`. NAME is the task's comm: 15 bytes at most. dmesg puts the
// seconds since the boot before each line, or a date (-T).
#include "harness/explain/killed_tasks.h"

#include <algorithm>

#include <re2/re2.h>

namespace faultrig {

namespace {

constexpr std::size_t kMostTasks = 200;
constexpr std::size_t kMostKept = 200;
constexpr std::size_t kKeptLines = 60;
constexpr std::size_t kLongestComm = 15;
constexpr double kSameRun = 600;  // seconds

// `[  812.123456] ...`.
std::optional<double> uptime_of(const std::string& line) {
  static const RE2 kUptime(R"(^(?:<\d+>)?\[ *(\d+\.\d+)\] )");
  double seconds = 0;
  bool stamped = (line.starts_with('[') || line.starts_with('<')) &&
                 RE2::PartialMatch(line, kUptime, &seconds);
  return stamped ? std::optional(seconds) : std::nullopt;
}

}  // namespace

void KilledTasks::note(const Seen& seen) {
  static const RE2 kTask(R"(oom-kill:.*\btask=([^,]+),)");
  static const RE2 kProcess(R"(Kill(?:ed)? process \d+ \(([^)]+)\))");
  for (const LogLine& line : seen.printed) {
    last_uptime_ = std::max(last_uptime_, uptime_of(line.text).value_or(0));
  }
  for (const LogLine& line : seen.around) {
    std::string name;
    if (line.speaker == Speaker::kernel && tasks_.size() < kMostTasks &&
        (RE2::PartialMatch(line.text, kTask, &name) ||
         RE2::PartialMatch(line.text, kProcess, &name))) {
      tasks_.push_back({name, line, uptime_of(line.text)});
    }
  }
}

bool KilledTasks::may_settle(const Seen& seen) const {
  return seen.test == "SIGKILL" && !seen.oom && !seen.package.empty() &&
         kept_.size() < kMostKept;
}

void KilledTasks::keep(const Seen& seen, std::size_t at) {
  Seen kept = seen;
  if (kept.printed.size() > kKeptLines) {
    kept.printed.resize(kKeptLines);
  }
  kept_.emplace_back(std::move(kept), at);
}

// What dmesg showed before the package ended, what came long before the
// kernel's last line, or on another day, is no proof of this end.
bool KilledTasks::may_be_old(const Task& task, const Seen& seen,
                             const LogDays& days) const {
  LogDays all = days;
  for (const LogLine& line : seen.printed) {
    all.note(line.text);
  }
  auto day = day_of(task.line.text);
  bool before = task.line.number < seen.result.number;
  return (task.uptime && (before || last_uptime_ - *task.uptime > kSameRun)) ||
         (day && !all.may_hold(*day));
}

std::vector<std::pair<Seen, std::size_t>> KilledTasks::settled(
    const LogDays& days) const {
  std::vector<std::pair<Seen, std::size_t>> out;
  for (const auto& [seen, at] : kept_) {
    std::string comm = binary_of(seen.package).substr(0, kLongestComm);
    // The newest is the likeliest one.
    auto task = std::find_if(tasks_.rbegin(), tasks_.rend(),
                             [&](const Task& one) { return one.name == comm; });
    if (task != tasks_.rend()) {
      out.emplace_back(seen, at);
      out.back().first.oom = true;
      out.back().first.around.push_back(task->line);
      out.back().first.place.trust =
          may_be_old(*task, seen, days) ? Trust::none : seen.place.trust;
    }
  }
  return out;
}

}  // namespace faultrig
