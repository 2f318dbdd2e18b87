// The kernel tells of an execve(2) before it runs (seccomp_unotify(2)), and of
// its success nobody: the process is asked until it is another program. What
// shows that is the file behind /proc/PID/exe, and where on its stack the
// kernel put the name of the program (AT_EXECFN in getauxval(3)), which moves
// even where the file is the same one. The pidfd is opened before the last
// question, so that it means the process that was asked.
#include "harness/run/children.h"

#include <elf.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "harness/base/text.h"
#include "harness/os/notify.h"
#include "harness/os/pidfd_end.h"
#include "harness/os/shim_processes.h"

namespace faultrig {

namespace {

constexpr std::chrono::nanoseconds kFirst = std::chrono::microseconds(100);
constexpr std::chrono::nanoseconds kSlowest = std::chrono::milliseconds(20);
// Each holds a descriptor.
constexpr std::size_t kMost = 256;

std::string name_of(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

void add_name(const std::string& path, std::vector<std::string>& names) {
  std::string name = name_of(path);
  bool known = std::find(names.begin(), names.end(), name) != names.end();
  if (!name.empty() && !known) {
    names.push_back(std::move(name));
  }
}

}  // namespace

Children::Children(const std::vector<Fault>& faults, Loop& loop,
                   Recorder& recorder, std::function<void()> came)
    : loop_(loop), recorder_(recorder), came_(std::move(came)) {
  for (const Fault& fault : faults) {
    if (!fault.child.empty()) {
      globs_.push_back(fault.child);
    }
  }
}

Result<Children::Image> Children::image_of(int pid) {
  TRY_ASSIGN(ProgramFile file, program_file_of(pid));
  TRY_ASSIGN(std::uint64_t name_at, auxiliary_value(pid, AT_EXECFN));
  return Image{file, name_at};
}

void Children::begins(Link link, int pid, const FileNames& names) {
  // One that went before may have succeeded, and nobody has looked yet.
  auto before = awaited_.find(pid);
  if (before != awaited_.end()) {
    look(pid, before->second.turn, kSlowest);
  }
  auto now = image_of(pid);
  if (!now) {
    return;
  }
  Awaited one{link, *now, {}, ++turns_};
  if (!names.names.empty()) {
    add_name(names.names.front(), one.names);
  }
  awaited_[pid] = std::move(one);
  loop_.after(kFirst, [this, pid, turn = turns_] { look(pid, turn, kFirst); });
}

// What fails leaves the process what it was, often not for long.
void Children::look(int pid, std::uint64_t turn,
                    std::chrono::nanoseconds pause) {
  auto found = awaited_.find(pid);
  if (found == awaited_.end() || found->second.turn != turn) {
    return;
  }
  auto now = image_of(pid);
  if (!now) {
    awaited_.erase(found);
    return;
  }
  if (*now != found->second.before) {
    Awaited one = std::move(found->second);
    awaited_.erase(found);
    became(pid, one);
    return;
  }
  auto next = std::min(pause * 2, kSlowest);
  loop_.after(next, [this, pid, turn, next] { look(pid, turn, next); });
}

void Children::became(int pid, const Awaited& one) {
  children_.erase(pid);  // it was another program
  auto pidfd = open_pidfd(pid);
  auto now = image_of(pid);
  if (!pidfd || !now || *now == one.before || has_ended(pidfd->get())) {
    return;
  }
  Child child{one.link, std::move(*pidfd), one.names, false};
  add_name(program_of(pid), child.names);
  bool wanted = std::any_of(
      globs_.begin(), globs_.end(),
      [&child](const std::string& glob) { return runs(child, glob); });
  make_room();
  if (!wanted || children_.size() >= kMost) {
    overflowed_ = overflowed_ || wanted;
    return;
  }
  Observation seen;
  seen.source = Source::seccomp;
  seen.fact = Fact::child_seen;
  seen.link = link_name(one.link);
  seen.pid = pid;
  seen.text = child.names.front();
  recorder_.add(std::move(seen));
  children_[pid] = std::move(child);
  came_();
}

void Children::make_room() {
  if (children_.size() >= kMost) {
    std::erase_if(children_, [](const auto& one) {
      return !one.second.signalled && has_ended(one.second.pidfd.get());
    });
  }
}

bool Children::runs(const Child& child, std::string_view program) {
  return std::any_of(
      child.names.begin(), child.names.end(),
      [program](const std::string& name) { return glob_match(program, name); });
}

bool Children::has(std::string_view program) const {
  return std::any_of(children_.begin(), children_.end(), [&](const auto& one) {
    return runs(one.second, program) && !has_ended(one.second.pidfd.get());
  });
}

Result<int> Children::send_signal(std::string_view program, int signal) {
  int reached = 0;
  for (auto& [pid, child] : children_) {
    if (runs(child, program) && !has_ended(child.pidfd.get())) {
      TRY_ASSIGN(bool sent, signal_pidfd(child.pidfd.get(), signal));
      child.signalled = child.signalled || sent;
      reached += sent ? 1 : 0;
    }
  }
  return reached;
}

void Children::tell_ends() {
  for (const auto& [pid, child] : children_) {
    if (!child.signalled || !has_ended(child.pidfd.get())) {
      continue;
    }
    Observation seen;
    seen.source = Source::kernel;
    seen.link = link_name(child.link);
    seen.pid = pid;
    if (auto status = end_behind(child.pidfd.get())) {
      seen.fact = Fact::child_ended;
      seen.text = child.names.front();
      seen.number = *status;
    } else {
      seen.fact = Fact::not_known;
      seen.text = "how child " + child.names.front() + " (process " +
                  std::to_string(pid) +
                  ") ended: only its parent is told (others since Linux "
                  "6.15, once the parent has waited)";
    }
    recorder_.add(std::move(seen));
  }
  if (overflowed_) {
    Observation more;
    more.fact = Fact::not_known;
    more.text = "more than " + std::to_string(kMost) +
                " such children lived at once: no fault reaches the others";
    recorder_.add(std::move(more));
  }
}

}  // namespace faultrig
