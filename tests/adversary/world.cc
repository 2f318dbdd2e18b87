// From the performer's printout to what the kernel saw: which file each path
// and each descriptor meant at that moment. A call that was made to return a
// number of ours did not run, so it changed nothing.
#include "tests/adversary/world.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>

namespace faultrig::adversary {

namespace {

// What acts.c knows to do: `f` takes a descriptor, `m` makes one, `p` takes a
// path, `n` is of strace's %network, `s` may move less.
struct Known {
  std::string_view name;
  std::string_view traits;
};

constexpr Known kCalls[] = {
    {"open", "mp"},         {"openat", "mp"},      {"openat2", "mp"},
    {"creat", "mp"},        {"dup", "fm"},         {"pipe", "m"},
    {"pipe2", "m"},         {"socketpair", "mn"},  {"socket", "mn"},
    {"accept", "fmn"},      {"accept4", "fmn"},    {"eventfd2", "m"},
    {"epoll_create1", "m"}, {"memfd_create", "m"}, {"timerfd_create", "m"},
    {"inotify_init1", "m"}, {"read", "fs"},        {"write", "fs"},
    {"pread64", "fs"},      {"pwrite64", "fs"},    {"readv", "f"},
    {"writev", "f"},        {"fsync", "f"},        {"fdatasync", "f"},
    {"ftruncate", "f"},     {"lseek", "f"},        {"close", "f"},
    {"sendto", "fns"},      {"recvfrom", "fns"},   {"sendmsg", "fn"},
    {"recvmsg", "fn"},      {"shutdown", "fn"},    {"bind", "fn"},
    {"listen", "fn"},       {"connect", "fn"},     {"rename", "p"},
    {"renameat", "p"},      {"renameat2", "p"},    {"link", "p"},
    {"linkat", "p"},        {"unlink", "p"},       {"unlinkat", "p"},
    {"mkdir", "p"},         {"mkdirat", "p"},      {"rmdir", "p"},
    {"access", "p"},        {"faccessat", "p"},    {"stat", "p"},
    {"newfstatat", "p"},    {"truncate", "p"},     {"chmod", "p"},
    {"chdir", "p"}};

bool has_trait(std::string_view name, char trait) {
  auto known =
      std::find_if(std::begin(kCalls), std::end(kCalls),
                   [&](const Known& call) { return call.name == name; });
  return known != std::end(kCalls) &&
         known->traits.find(trait) != std::string_view::npos;
}

struct Open {
  std::string kind;
  std::string path;
  bool gone = false;
};

struct Process {
  std::string folder;
  std::map<int, Open> open;
};

std::string normal(const std::string& path) {
  return std::filesystem::path(path).lexically_normal().string();
}

class Follower {
 public:
  Follower(int run, int main_pid, const std::string& home)
      : run_(run), home_(home), first_(main_pid) {
    processes_[first_].folder = home_;
  }

  Call call_of(const act_record& record) {
    Process& process = process_of(record.pid);
    Call call;
    call.name = static_cast<const char*>(record.call);
    call.pid = record.pid;
    call.asked = record.asked;
    call.peeks = record.peeks != 0;
    call.times = record.times;
    call.done = record.done != 0;
    call.result = record.result;
    call.nanoseconds = record.ended - record.begun;
    for (const act_tally& tally : record.tallies) {
      if (tally.count > 0) {
        call.results[tally.result] += tally.count;
      }
    }
    add_paths(record, process, call);
    add_descriptor(record, process, call);
    return call;
  }

  // What it changed, if it ran.
  void follow(const act_record& record, const Call& call) {
    bool ran = call.done && record.result >= 0 && record.result < act_strange;
    if (!ran || call.times > 1) {
      return;
    }
    Process& process = process_of(record.pid);
    if (call.name == "chdir") {
      process.folder = call.paths.front();
    } else if (call.name.starts_with("rename")) {
      renamed(call.paths.at(0), call.paths.at(1));
    } else if (call.name.starts_with("link")) {
      files_[call.paths.at(1)] = file_at(call.paths.at(0));
    } else if (call.name.starts_with("unlink")) {
      unlinked(call.paths.front());
    } else if (call.name == "close") {
      process.open.erase(record.fd);
    } else if (makes_descriptor(call.name)) {
      opened(record, call, process);
    }
  }

 private:
  Process& process_of(int pid) {
    auto known = processes_.find(pid);
    return known != processes_.end()
               ? known->second
               : processes_.emplace(pid, processes_[first_]).first->second;
  }

  std::string absolute(const std::string& path, int folder,
                       const Process& process) const {
    std::string own = "r" + std::to_string(run_) + "/";
    if (path.starts_with('$')) {
      return normal(home_ + "/" + own + path.substr(1));
    }
    std::string relative = path.starts_with('@') ? own + path.substr(1) : path;
    auto open = process.open.find(folder);
    const std::string& base =
        open != process.open.end() ? open->second.path : process.folder;
    return normal(base + "/" + relative);
  }

  void add_paths(const act_record& record, const Process& process,
                 Call& call) const {
    if (!has_trait(call.name, 'p')) {
      return;
    }
    call.paths.push_back(
        absolute(static_cast<const char*>(record.path), record.dirfd, process));
    std::string second = static_cast<const char*>(record.path2);
    if (!second.empty()) {
      call.paths.push_back(absolute(second, -100, process));
    }
  }

  static void add_descriptor(const act_record& record, const Process& process,
                             Call& call) {
    if (record.fd < 0) {
      return;
    }
    auto open = process.open.find(record.fd);
    call.kind = record.fd <= 2               ? "stdio"
                : open == process.open.end() ? "other"
                                             : open->second.kind;
    if (open != process.open.end()) {
      call.paths.push_back(open->second.path);
      call.file_gone = open->second.gone;
    }
  }

  // Two names of one file: then rename(2) does nothing.
  int file_at(const std::string& path) {
    auto known = files_.find(path);
    return known != files_.end() ? known->second
                                 : files_.emplace(path, ++next_).first->second;
  }

  void gone(const std::string& path) {
    for (auto& [pid, process] : processes_) {
      for (auto& [number, open] : process.open) {
        open.gone = open.gone || (open.kind == "file" && open.path == path);
      }
    }
  }

  void renamed(const std::string& from, const std::string& to) {
    int file = file_at(from);
    if (file == file_at(to)) {
      return;
    }
    gone(to);
    for (auto& [pid, process] : processes_) {
      for (auto& [number, open] : process.open) {
        if (open.path == from && !open.gone) {
          open.path = to;
        }
      }
    }
    files_[to] = file;
    files_.erase(from);
  }

  void unlinked(const std::string& path) {
    gone(path);
    files_.erase(path);
  }

  static std::string kind_made(const std::string& name) {
    if (name.starts_with("open") || name == "creat" || name == "memfd_create") {
      return "file";
    }
    if (name.starts_with("sock") || name.starts_with("accept")) {
      return "socket";
    }
    return name.starts_with("pipe") ? "pipe" : "other";
  }

  static void opened(const act_record& record, const Call& call,
                     Process& process) {
    for (int number : record.made) {
      if (number < 0) {
        continue;
      }
      if (call.name == "dup") {
        auto from = process.open.find(record.fd);
        process.open[number] =
            from == process.open.end() ? Open{"other", ""} : from->second;
        continue;
      }
      bool named = has_trait(call.name, 'p');
      process.open[number] = {kind_made(call.name),
                              named ? call.paths.front() : "?"};
    }
  }

  int run_;
  std::string home_;
  int first_;
  int next_ = 0;
  std::map<int, Process> processes_;
  std::map<std::string, int> files_;
};

void add_output(const act_record& record, const Call& call, World& world) {
  if (call.kind != "stdio" || call.name != "write") {
    return;
  }
  std::string text = std::string(static_cast<const char*>(record.path2)) + "\n";
  bool ran = record.result >= 0 && record.result < act_strange;
  if (!call.done) {
    world.output_sure = false;
  } else if (ran) {
    std::string& stream = record.fd == 1 ? world.out : world.err;
    stream += text.substr(0, static_cast<std::size_t>(record.result));
  }
}

}  // namespace

long Call::came(long result_wanted) const {
  auto found = results.find(result_wanted);
  return found == results.end() ? 0 : found->second;
}

World world_of(const act_slot& slot, int run, const std::string& home) {
  World world;
  world.began = slot.runs > run;
  world.main_pid = slot.main_pid[run];
  Follower follower(run, world.main_pid, home);
  std::map<int, long> caught;
  int told = std::min<int>(slot.records, act_most_records);
  for (int i = 0; i < told; ++i) {
    const act_record& record = slot.record[i];
    if (record.run != run || record.kind == 0) {
      continue;
    }
    if (record.kind == act_exit && record.pid == world.main_pid) {
      world.code = static_cast<int>(record.result);
    } else if (record.kind == act_raise) {
      world.raised.push_back(static_cast<int>(record.result));
    } else if (record.kind == act_leave) {
      ++world.left;
    }
    if (record.kind != act_call) {
      continue;
    }
    Call call = follower.call_of(record);
    for (int signal = 0; call.done && signal < act_signals; ++signal) {
      long now = record.caught[signal];
      if (now > caught[signal]) {
        call.caught[signal] = now - caught[signal];
      }
      caught[signal] = now;
    }
    follower.follow(record, call);
    add_output(record, call, world);
    world.calls.push_back(std::move(call));
  }
  for (int signal = 0; run < 4 && signal < act_signals; ++signal) {
    if (slot.most_caught[run][signal] > 0) {
      world.caught[signal] = slot.most_caught[run][signal];
    }
  }
  return world;
}

bool glob_fits(std::string_view glob, std::string_view text) {
  if (glob.empty()) {
    return text.empty();
  }
  if (glob.front() == '*') {
    for (std::size_t skip = 0; skip <= text.size(); ++skip) {
      if (glob_fits(glob.substr(1), text.substr(skip))) {
        return true;
      }
    }
    return false;
  }
  return !text.empty() && glob.front() == text.front() &&
         glob_fits(glob.substr(1), text.substr(1));
}

std::vector<std::string> calls_named(const std::string& name) {
  std::vector<std::string> out;
  for (const Known& call : kCalls) {
    bool in = name == call.name ||
              (name == "%file" && has_trait(call.name, 'p')) ||
              (name == "%network" && has_trait(call.name, 'n'));
    if (in) {
      out.emplace_back(call.name);
    }
  }
  return out;
}

bool takes_path(const std::string& call) { return has_trait(call, 'p'); }
bool takes_descriptor(const std::string& call) { return has_trait(call, 'f'); }
bool makes_descriptor(const std::string& call) { return has_trait(call, 'm'); }
bool may_be_short(const std::string& call) { return has_trait(call, 's'); }

}  // namespace faultrig::adversary
