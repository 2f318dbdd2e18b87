// From the performer's printout to what the kernel saw: which file each path
// and each descriptor meant at that moment. A call that was made to return a
// number of ours did not run, so it changed nothing.
#include "tests/adversary/world.h"

#include <algorithm>

#include "tests/adversary/tree.h"

namespace faultrig::adversary {

namespace {

struct Open {
  std::string kind;
  int name = Tree::kNone;
  std::string label;  // of what is in no folder
  int port = 0;
};

struct Process {
  int folder = 0;
  int root = 0;  // 0: that of all
  std::map<int, Open> open;
};

bool is_ours(long result) { return result >= 0 && result < act_strange; }

class Follower {
 public:
  Follower(int run, int main_pid, const std::string& home,
           const std::string& program)
      : run_(run),
        home_(home),
        first_(main_pid),
        tree_(home, act_most_runs, program) {
    processes_[first_].folder = tree_.home();
  }

  Call call_of(const act_record& record) {
    Process& process = process_of(record.pid);
    Call call;
    call.name = static_cast<const char*>(record.call);
    call.pid = record.pid;
    call.asked = record.asked;
    call.peeks = record.peeks != 0;
    call.times = record.times;
    call.killed = record.killed;
    call.done = record.done != 0;
    call.result = record.result;
    call.nanoseconds = record.ended - record.begun;
    for (const act_tally& tally : record.tallies) {
      if (tally.count > 0) {
        call.results[tally.result] += tally.count;
      }
    }
    add_paths(record, process, call);
    add_descriptor(record.fd, process, call);
    call.first_paths =
        takes_path(call.name) ? call.first_paths : call.paths.size();
    add_descriptor(record.fd2, process, call);
    return call;
  }

  // What it changed, if it ran: of several that are alike, once.
  void follow(const act_record& record, const Call& call) {
    bool ran = call.done &&
               std::any_of(call.results.begin(), call.results.end(),
                           [](const auto& one) { return is_ours(one.first); });
    if (!ran) {
      return;
    }
    Process& process = process_of(record.pid);
    if (call.name == "chdir") {
      process.folder = places_.front().name;
    } else if (call.name == "chroot") {
      process.root = places_.front().name;
    } else if (call.name == "fchdir") {
      process.folder = process.open[record.fd].name;
    } else if (call.name == "close") {
      process.open.erase(record.fd);
    } else if (call.name == "bind") {
      bound(record, process.open[record.fd]);
    } else if (makes_descriptor(call.name) || record.made[0] >= 0) {
      opened(record, call, process);
    } else if (takes_path(call.name)) {
      follow_names(record, call.name);
    }
  }

 private:
  void follow_names(const act_record& record, const std::string& name) {
    if (name.starts_with("renameat2") && record.asked == 2) {
      tree_.exchanged(places_.at(0), places_.at(1));
    } else if (name.starts_with("rename")) {
      tree_.renamed(places_.at(0), places_.at(1));
    } else if (name.starts_with("link")) {
      tree_.linked(places_.at(0).name, places_.at(1));
    } else if (name.starts_with("symlink")) {
      tree_.made_link(places_.front(), expanded(record.path2));
    } else if (name.starts_with("unlink") || name == "rmdir") {
      tree_.removed(places_.front());
    } else if (name == "mknod") {
      tree_.made_pipe(places_.front());
    } else if (name.starts_with("mkdir")) {
      tree_.made_folder(places_.front());
    }
  }

  Process& process_of(int pid) {
    auto known = processes_.find(pid);
    return known != processes_.end()
               ? known->second
               : processes_.emplace(pid, processes_[first_]).first->second;
  }

  // As the kernel got it.
  std::string expanded(const char* text) const {
    std::string path = text;
    std::string own = "r" + std::to_string(run_) + "/";
    if (path.starts_with('$')) {
      return home_ + "/" + own + path.substr(1);
    }
    return path.starts_with('@') ? own + path.substr(1) : path;
  }

  // Where a path begins; none: a descriptor of nothing.
  static int base_of(int folder, const Process& process) {
    auto open = process.open.find(folder);
    return folder == -100               ? process.folder
           : open == process.open.end() ? Tree::kNone
                                        : open->second.name;
  }

  // What a process has open, by its link in procfs.
  static Tree::Found find_open(const std::string& path, const Process& process,
                               const Tree& tree, bool follows) {
    Tree::Found place;
    place.names.push_back(path);
    auto open = process.open.find(std::stoi(path.substr(path.rfind('/') + 1)));
    bool there = follows && process.root == 0 && open != process.open.end() &&
                 open->second.name != Tree::kNone;
    if (there) {
      place.name = open->second.name;
      place.names.push_back(tree.path_of(place.name));
    }
    return place;
  }

  void add_path(const std::string& path, const Process& process,
                const Tree::Way& way, Call& call) {
    Tree::Found place;
    if (path.starts_with("/proc/")) {
      place = find_open(path, process, tree_, way.follows);
    } else if (way.folder != Tree::kNone ||
               (path.starts_with('/') && !way.below)) {
      Tree::Way known = way;
      known.folder = std::max(way.folder, 0);
      place = tree_.find(path, known);
    }
    for (const std::string& name : place.names) {
      call.linked = call.linked || name != place.names.front();
      call.paths.push_back(name);
    }
    call.first_paths = places_.empty() ? call.paths.size() : call.first_paths;
    places_.push_back(std::move(place));
  }

  void add_paths(const act_record& record, const Process& process, Call& call) {
    places_.clear();
    if (!takes_path(call.name)) {
      return;
    }
    bool follows =
        record.follows == 0 ? follows_links(call.name) : record.follows == 2;
    std::string first = expanded(record.path);
    call.in_folder = record.dirfd != -100 || record.dirfd2 != -100;
    if (first.empty()) {
      add_descriptor(record.dirfd, process, call);  // AT_EMPTY_PATH
      call.kinds.clear();
      call.first_paths = call.paths.size();
      return;
    }
    add_path(first, process,
             {base_of(record.dirfd, process), process.root, follows,
              record.in_root != 0},
             call);
    std::string second = expanded(record.path2);
    if (call.name.starts_with("symlink")) {
      // The text is relative to where the link is.
      int base = places_.front().folder;
      add_path(second, process, {base, process.root, false, false}, call);
    } else if (!second.empty()) {
      add_path(second, process,
               {base_of(record.dirfd2, process), process.root, false, false},
               call);
    }
  }

  void add_descriptor(int number, const Process& process, Call& call) {
    if (number < 0) {
      return;
    }
    auto open = process.open.find(number);
    bool known = open != process.open.end();
    call.speaks = number >= 1 && number <= 2 && !known && call.name == "write";
    call.kinds.push_back(number <= 2 ? "stdio"
                         : known     ? open->second.kind
                                     : "other");
    if (!known || takes_path_of_its_own(call)) {
      return;
    }
    const Open& file = open->second;
    call.port = call.name == "listen" ? file.port : 0;
    if (file.name == Tree::kNone) {
      call.paths.push_back(file.label);
    } else {
      call.paths.push_back(tree_.path_of(file.name));
      call.file_gone = call.file_gone || tree_.is_gone(file.name);
    }
  }

  static bool takes_path_of_its_own(const Call& call) {
    return takes_path(call.name) && takes_descriptor(call.name);
  }

  static void bound(const act_record& record, Open& socket) {
    socket.label = static_cast<const char*>(record.path2);
    std::size_t colon = socket.label.rfind(':');
    socket.port = colon == std::string::npos
                      ? 0
                      : std::stoi(socket.label.substr(colon + 1));
  }

  static Open made_by(const std::string& name) {
    if (name == "memfd_create") {
      return {"file", Tree::kNone, "/memfd:acts", 0};
    }
    if (name.starts_with("sock") || name.starts_with("accept")) {
      return {"socket", Tree::kNone, "socket", 0};
    }
    return {name.starts_with("pipe") ? "pipe" : "other", Tree::kNone, "other",
            0};
  }

  void opened(const act_record& record, const Call& call, Process& process) {
    for (int number : record.made) {
      if (number < 0) {
        continue;
      }
      if (call.name.starts_with("dup") || call.name == "fcntl") {
        auto from = process.open.find(record.fd);
        process.open[number] = from == process.open.end()
                                   ? Open{"other", Tree::kNone, "", 0}
                                   : Open(from->second);
      } else if (takes_path(call.name)) {
        int file = tree_.made_file(places_.front());
        bool pipe = file != Tree::kNone && tree_.is_pipe(file);
        process.open[number] = {pipe ? "pipe" : "file", file, "", 0};
      } else {
        process.open[number] = made_by(call.name);
      }
    }
  }

  int run_;
  std::string home_;
  int first_;
  Tree tree_;
  std::map<int, Process> processes_;
  std::vector<Tree::Found> places_;  // of the call that was looked at last
};

void add_output(const act_record& record, const Call& call, World& world) {
  if (!call.speaks) {
    return;
  }
  std::string text = std::string(static_cast<const char*>(record.path2)) + "\n";
  if (!call.done) {
    world.output_sure = false;
  } else if (is_ours(record.result)) {
    std::string& stream = record.fd == 1 ? world.out : world.err;
    stream += text.substr(0, static_cast<std::size_t>(record.result));
  }
}

// Signals that came until this call was back.
void take_caught(const act_record& record, std::map<int, long>& caught,
                 Call& call) {
  for (int signal = 0; call.done && signal < act_signals; ++signal) {
    long now = record.caught[signal];
    if (now > caught[signal]) {
      call.caught[signal] = now - caught[signal];
    }
    caught[signal] = now;
  }
}

}  // namespace

long Call::came(long result_wanted) const {
  auto found = results.find(result_wanted);
  return found == results.end() ? 0 : found->second;
}

bool Call::on(std::string_view kind) const {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

World world_of(const act_slot& slot, int run, const std::string& home,
               const std::string& program) {
  World world;
  world.began = slot.runs > run;
  world.main_pid = slot.main_pid[run];
  Follower follower(run, world.main_pid, home, program);
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
    take_caught(record, caught, call);
    follower.follow(record, call);
    add_output(record, call, world);
    world.calls.push_back(std::move(call));
  }
  for (int signal = 0; signal < act_signals; ++signal) {
    if (slot.most_caught[run][signal] > 0) {
      world.caught[signal] = slot.most_caught[run][signal];
    }
  }
  return world;
}

}  // namespace faultrig::adversary
