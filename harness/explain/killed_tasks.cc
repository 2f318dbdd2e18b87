// mm/oom_kill.c prints `oom-kill:constraint=...,task=NAME,pid=N` and `Killed
// process N (NAME)`. NAME is the task's comm: 15 bytes at most.
#include "harness/explain/killed_tasks.h"

#include <re2/re2.h>

namespace faultrig {

namespace {

constexpr std::size_t kMostTasks = 200;
constexpr std::size_t kMostKept = 200;
constexpr std::size_t kKeptLines = 60;
constexpr std::size_t kLongestComm = 15;

}  // namespace

void KilledTasks::note(const Seen& seen) {
  static const RE2 kTask(R"(oom-kill:.*\btask=([^,]+),)");
  static const RE2 kProcess(R"(Kill(?:ed)? process \d+ \(([^)]+)\))");
  for (const LogLine& line : seen.around) {
    std::string name;
    if (line.speaker == Speaker::kernel && tasks_.size() < kMostTasks &&
        (RE2::PartialMatch(line.text, kTask, &name) ||
         RE2::PartialMatch(line.text, kProcess, &name))) {
      tasks_.push_back({name, line});
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

std::vector<std::pair<Seen, std::size_t>> KilledTasks::settled() const {
  std::vector<std::pair<Seen, std::size_t>> out;
  for (const auto& [seen, at] : kept_) {
    std::string comm = binary_of(seen.package).substr(0, kLongestComm);
    for (const Task& task : tasks_) {
      if (task.name == comm) {
        out.emplace_back(seen, at);
        out.back().first.oom = true;
        out.back().first.around.push_back(task.line);
        break;
      }
    }
  }
  return out;
}

}  // namespace faultrig
