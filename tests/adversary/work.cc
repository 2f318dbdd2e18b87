// Acts of acts.c at random, each on descriptors and files that are there.
#include "tests/adversary/work.h"

#include <utility>

namespace faultrig::adversary {

namespace {

constexpr int kSlots = 14;  // the last two are left to who asks for them

}  // namespace

void Work::grow(long count) {
  open_file();
  for (long i = 0; i < count; ++i) {
    one_act();
  }
}

void Work::in_child() {
  acts.emplace_back("(");
  std::map<int, Slot> before = slots_;
  for (long i = dice_.between(1, 3); i > 0; --i) {
    one_act();
  }
  acts.emplace_back(")");
  slots_ = before;  // what a child opens is the child's
}

void Work::say(const std::string& where, const std::string& text) {
  said.push_back(text);
  add(where + "," + text, {"write", {}, "stdio"});
}

void Work::add(const std::string& act, Planned one) {
  acts.push_back(act);
  planned.push_back(std::move(one));
}

// Some are done several times, one after the other or at once. None of them
// fills a slot.
void Work::add_alike(const std::string& act, Planned one) {
  if (!dice_.percent(12)) {
    add(act, std::move(one));
    return;
  }
  one.times = dice_.between(2, 5);
  std::string mark = dice_.percent(50) ? "|" : "*";
  add(std::to_string(one.times) + mark + act, std::move(one));
}

std::string Work::name_of_file() {
  return dice_.of<std::string>({"a", "a", "b", "b", "x", "d/e"});
}

std::string Work::at(const std::string& name) {
  return (dice_.percent(80) ? "@" : "$") + name;
}

std::string Work::size() {
  return dice_.of<std::string>({"100", "500", "1000"});
}

int Work::new_slot(const Slot& slot) {
  int number = next_slot_;
  next_slot_ = (next_slot_ + 1) % kSlots;
  slots_[number] = slot;
  return number;
}

int Work::slot_with(const std::string& kinds) {
  std::vector<int> fitting;
  for (const auto& [number, slot] : slots_) {
    if (kinds.find(slot.kind) != std::string::npos) {
      fitting.push_back(number);
    }
  }
  return fitting.empty() ? -1 : dice_.of(fitting);
}

void Work::open_file() {
  std::string call =
      dice_.of<std::string>({"openat", "openat", "open", "openat2", "creat"});
  std::string name = name_of_file();
  std::string flags = dice_.of<std::string>({"r", "w", "c", "c"});
  std::string slot = std::to_string(new_slot({'f', name}));
  std::string rest = call == "creat" ? "" : "," + flags;
  std::string folder = call == "open" || call == "creat" ? "" : "-,";
  add(call + "," + slot + "," + folder + at(name) + rest, {call, {name}, ""});
}

void Work::open_in_folder() {
  std::string folder = std::to_string(new_slot({'d', "d"}));
  add("open," + folder + ",@d,d", {"open", {"d"}, ""});
  if (dice_.percent(50)) {
    add("chdir,@d", {"chdir", {"d"}, ""});
    folder = "-";
  }
  std::string slot = std::to_string(new_slot({'f', "d/e"}));
  add("openat," + slot + "," + folder + ",e,c", {"openat", {"d/e"}, ""});
  if (folder == "-") {
    acts.emplace_back("chdir,$../");
    planned.push_back({"chdir", {}, ""});
  }
}

void Work::on_file() {
  int slot = slot_with("f");
  if (slot < 0) {
    open_file();
    return;
  }
  std::string call = dice_.of<std::string>(
      {"read", "write", "write", "pread64", "pwrite64", "readv", "writev",
       "fsync", "fsync", "fdatasync", "ftruncate", "lseek", "close", "dup"});
  std::string where = std::to_string(slot);
  std::string path = slots_[slot].path;
  if (call == "close") {
    slots_.erase(slot);
    add("close," + where, {call, {path}, "file"});
  } else if (call == "dup") {
    std::string copy = std::to_string(new_slot({'f', path}));
    add("dup," + copy + "," + where, {call, {path}, "file"});
  } else {
    bool sized = call.find("sync") == std::string::npos;
    add_alike(call + "," + where + (sized ? "," + size() : ""),
              {call, {path}, "file"});
  }
}

void Work::on_path() {
  std::string call = dice_.of<std::string>(
      {"unlink", "unlinkat", "mkdir", "access", "access", "stat", "newfstatat",
       "truncate", "chmod", "faccessat", "mkdirat", "rmdir"});
  bool in_folder = call.ends_with("at") && call != "stat";
  std::string name = name_of_file();
  add_alike(call + (in_folder ? ",-," : ",") + at(name) +
                (call == "truncate" ? ",10" : ""),
            {call, {name}, ""});
}

void Work::on_two_paths() {
  std::string call = dice_.of<std::string>(
      {"rename", "rename", "renameat", "renameat2", "link", "linkat"});
  bool in_folder = call != "rename" && call != "link";
  std::string first = dice_.of<std::string>({"a", "b"});
  std::string second = dice_.percent(60) ? "y" : name_of_file();
  add(call + (in_folder ? ",-," : ",") + at(first) + "," + at(second),
      {call, {first, second}, ""});
}

void Work::on_pipe() {
  int reads = slot_with("r");
  if (reads < 0 || dice_.percent(30)) {
    int slot = new_slot({'r'});
    if (slot + 1 == kSlots) {
      slots_.erase(slot);
      return;
    }
    new_slot({'w'});
    add("pipe2," + std::to_string(slot), {"pipe2", {}, ""});
    return;
  }
  int writes = slot_with("w");
  bool write = writes >= 0 && dice_.percent(60);
  std::string call = write ? "write" : "read";
  add_alike(call + "," + std::to_string(write ? writes : reads) + "," + size(),
            {call, {}, "pipe"});
}

void Work::on_socket() {
  int slot = slot_with("s");
  if (slot < 0 || dice_.percent(25)) {
    slot = new_slot({'s'});
    if (slot + 1 == kSlots) {
      slots_.erase(slot);
      return;
    }
    new_slot({'s'});
    add("socketpair," + std::to_string(slot), {"socketpair", {}, ""});
    return;
  }
  std::string call =
      dice_.of<std::string>({"sendto", "recvfrom", "recvfrom", "sendmsg",
                             "recvmsg", "write", "read", "shutdown"});
  std::string rest = call == "shutdown" ? "" : "," + size();
  if (call == "recvfrom") {
    rest += dice_.percent(40) ? ",p" : ",0";
  }
  add_alike(call + "," + std::to_string(slot) + rest, {call, {}, "socket"});
}

void Work::serve() {
  std::string server = std::to_string(new_slot({'l'}));
  std::string client = std::to_string(new_slot({'s'}));
  std::string accept = dice_.of<std::string>({"accept", "accept4"});
  // What accept(2) gives may block: nobody reads from it.
  char kind = accept == "accept" ? 'l' : 's';
  std::string taken = std::to_string(new_slot({kind}));
  add("socket," + server + ",1", {"socket", {}, ""});
  add("bind," + server, {"bind", {}, "socket"});
  add("listen," + server, {"listen", {}, "socket"});
  add("socket," + client + ",1", {"socket", {}, ""});
  add("connect," + client, {"connect", {}, "socket"});
  add(accept + "," + taken + "," + server, {accept, {}, "socket"});
}

void Work::other_descriptor() {
  std::string call = dice_.of<std::string>({"eventfd2", "epoll_create1",
                                            "memfd_create", "timerfd_create",
                                            "inotify_init1", "socket", "dup"});
  std::string slot = std::to_string(new_slot({'o'}));
  std::string more = call == "socket" ? ",99" : call == "dup" ? ",=1" : "";
  add(call + "," + slot + more, {call, {}, call == "dup" ? "stdio" : ""});
}

void Work::one_act() {
  long turn = dice_.below(100);
  if (turn < 20) {
    open_file();
  } else if (turn < 48) {
    on_file();
  } else if (turn < 62) {
    on_path();
  } else if (turn < 71) {
    on_two_paths();
  } else if (turn < 79) {
    on_pipe();
  } else if (turn < 88) {
    on_socket();
  } else if (turn < 91) {
    serve();
  } else if (turn < 94) {
    open_in_folder();
  } else if (turn < 96) {
    other_descriptor();
  } else {
    say(dice_.percent(70) ? "say" : "err",
        dice_.of<std::string>({"one", "two", "three"}));
  }
}

}  // namespace faultrig::adversary
