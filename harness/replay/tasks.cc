// Without -f, and for the one process that is left with it, strace(1) puts no
// id before a line of a terminal. The first id that nobody made is that of the
// process that such lines were about.
#include "harness/replay/tasks.h"

#include <algorithm>
#include <array>

#include "harness/base/whole_number.h"
#include "harness/replay/call_words.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostTasks = 65536;
constexpr std::size_t kMostFds = 65536;
constexpr std::size_t kMostExpected = 64;

bool is_one_of(std::string_view call,
               std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), call) != names.end();
}

// What a call that makes a descriptor makes it of.
TracedFd made_by(const TracedProcess& process, const FdCall& call,
                 const ShownFd& shown) {
  TracedFd fd;
  if (is_one_of(call.call, {"open", "openat", "creat", "openat2"})) {
    for (std::string_view argument : call.arguments) {
      if (auto path = quoted_text(argument); path && fd.path.empty()) {
        fd.path = *path;
      }
    }
  } else if (is_one_of(call.call, {"dup", "dup2", "dup3", "fcntl"})) {
    auto from = shown_fd(call.arguments[0]).number;
    auto known = process.fds->find(from.value_or(-1));
    fd = known == process.fds->end() ? TracedFd() : known->second;
  } else {
    fd.socket = is_one_of(call.call, {"socket", "accept", "accept4"});
  }
  if (shown.shown.starts_with("/")) {
    fd.path = shown.shown;
  }
  return fd;
}

void set_fd(TracedProcess& process, int number, TracedFd fd) {
  process.highest = std::max(process.highest, number);
  if (process.fds->size() < kMostFds || process.fds->contains(number)) {
    process.own_fds()[number] = std::move(fd);
  }
}

}  // namespace

TracedProcess::Fds& TracedProcess::own_fds() {
  if (fds.use_count() > 1) {
    fds = std::make_shared<Fds>(*fds);
  }
  return *fds;
}

std::shared_ptr<TracedProcess> TracedTasks::of(std::int64_t pid) {
  auto known = tasks_.find(pid);
  if (known != tasks_.end()) {
    return known->second;
  }
  std::shared_ptr<TracedProcess> process = fresh(pid);
  process->pid = process->pid == 0 ? pid : process->pid;
  if (tasks_.size() < kMostTasks) {
    tasks_[pid] = process;
  }
  return process;
}

std::shared_ptr<TracedProcess> TracedTasks::fresh(std::int64_t pid) {
  auto nameless = tasks_.find(0);
  bool is_nameless = nameless != tasks_.end() && nameless->second->pid == 0;
  bool told = announced_.erase(pid) > 0;
  if (is_nameless && !told && (expected_.empty() || tells_)) {
    return nameless->second;
  }
  for (auto expected = expected_.begin(); expected != expected_.end();
       ++expected) {
    auto parent = tasks_.find(expected->parent);
    if (parent != tasks_.end()) {
      bool thread = expected->thread;
      expected_.erase(expected);
      return thread ? parent->second : child_of(parent->second, pid);
    }
  }
  if (pid == 0 && !tasks_.empty()) {
    return tasks_.begin()->second;  // the one that is left
  }
  ++processes_;
  return std::make_shared<TracedProcess>();
}

std::shared_ptr<TracedProcess> TracedTasks::child_of(
    const std::shared_ptr<TracedProcess>& parent, std::int64_t child) {
  auto process = std::make_shared<TracedProcess>(*parent);
  process->pid = child;
  process->is_exec = false;
  ++processes_;
  return process;
}

void TracedTasks::announced(std::int64_t child) {
  tells_ = true;
  if (announced_.size() < kMostTasks) {
    announced_.insert(child);
  }
}

void TracedTasks::expect(std::int64_t parent, bool thread) {
  if (expected_.size() < kMostExpected) {
    expected_.push_back({parent, thread});
  }
}

void TracedTasks::made(const std::shared_ptr<TracedProcess>& parent,
                       std::int64_t child, bool thread) {
  auto expected = std::find_if(
      expected_.begin(), expected_.end(), [&](const Expected& one) {
        return one.parent == parent->pid && one.thread == thread;
      });
  if (expected != expected_.end() && !tasks_.contains(child)) {
    expected_.erase(expected);
  }
  if (child > 0 && tasks_.size() < kMostTasks && !tasks_.contains(child)) {
    tasks_[child] = thread ? parent : child_of(parent, child);
  }
}

void TracedTasks::ended(std::int64_t pid) { tasks_.erase(pid); }

void note_fds(TracedProcess& process, const FdCall& call) {
  if (call.arguments.empty()) {
    return;
  }
  ShownFd first = shown_fd(call.arguments[0]);
  if (call.call == "close" && first.number) {
    process.own_fds().erase(*first.number);
    return;
  }
  if (call.call == "connect" && first.number && call.arguments.size() > 1) {
    process.own_fds()[*first.number] = {"", shown_peer(call.arguments[1]),
                                        true};
    return;
  }
  bool makes = is_one_of(
      call.call, {"open", "openat", "creat", "openat2", "socket", "accept",
                  "accept4", "dup", "dup2", "dup3", "epoll_create1", "eventfd2",
                  "memfd_create", "inotify_init1"});
  makes = makes || (call.call == "fcntl" && call.arguments.size() > 1 &&
                    call.arguments[1].starts_with("F_DUPFD"));
  ShownFd made = shown_fd(call.result);
  if (makes && made.number) {
    set_fd(process, *made.number, made_by(process, call, made));
  }
}

}  // namespace faultrig
