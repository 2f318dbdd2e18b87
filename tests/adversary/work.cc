// Acts of acts.c at random, each on descriptors and files that are there.
#include "tests/adversary/work.h"

#include <utility>

namespace faultrig::adversary {

namespace {

constexpr int kSlots = 14;  // the last two are left to who asks for them

// What bench.cc puts there, and which files its links lead to.
Words meant_by(const std::string& name) {
  static const std::map<std::string, Words> kLinks = {
      {"l", {"l", "a"}},          {"ld/e", {"ld/e", "d/e"}},
      {"far", {"far", "b"}},      {"void", {"void", "nothing"}},
      {"d/up", {"d/up", "b"}},    {"ld/up", {"ld/up", "d/up", "b"}},
      {"ld/../a", {"a", "ld/a"}}, {"d/../b", {"b", "d/b"}}};
  auto known = kLinks.find(name);
  return known == kLinks.end() ? Words{name} : known->second;
}

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
  if (dice_.percent(15)) {
    become();
  }
  for (long i = dice_.between(1, 3); i > 0; --i) {
    one_act();
  }
  acts.emplace_back(")");
  slots_ = before;  // what a child opens is the child's
}

void Work::become() { add("become", {"execve", {"me"}, ""}); }

void Work::say(const std::string& where, const std::string& text) {
  said.push_back(text);
  add(where + "," + text, {"write", {}, "stdio"});
}

void Work::add(const std::string& act, Planned one) {
  acts.push_back(act);
  planned.push_back(std::move(one));
}

// Some are done several times, one after the other, or at once by threads or
// processes. None of them fills a slot.
void Work::add_alike(const std::string& act, Planned one) {
  if (!dice_.percent(14)) {
    add(act, std::move(one));
    return;
  }
  one.times = dice_.between(2, 5);
  std::string mark = dice_.of<std::string>({"|", "*", "&"});
  add(std::to_string(one.times) + mark + act, std::move(one));
}

std::string Work::name_of_file() {
  if (dice_.percent(30)) {
    return dice_.of<std::string>({"l", "l", "ld/e", "far", "void", "d/up",
                                  "ld/up", "loop", "ld/../a", "d/../b"});
  }
  return dice_.of<std::string>({"a", "a", "b", "b", "x", "d/e"});
}

std::string Work::at(const std::string& name) {
  return (dice_.percent(80) ? "@" : "$") + name;
}

Work::Target Work::target() {
  int open = dice_.percent(8) ? slot_with("fd") : -1;
  if (open >= 0) {
    return {"-", "#" + std::to_string(open), {slots_[open].path}};
  }
  std::string name = name_of_file();
  return {"-", at(name), meant_by(name)};
}

// Some begin at a folder that is open.
Work::Target Work::target_at() {
  int folder = dice_.percent(50) ? slot_with("d") : -1;
  if (folder < 0) {
    return target();
  }
  std::string where = std::to_string(folder);
  std::string name =
      dice_.of<std::string>({"e", "e", "x", "up", "../a", "../l", "../ld/e"});
  std::string below = slots_[folder].path + "/" + name;
  Words meant = name == "up"        ? Words{below, "b"}
                : name == "../a"    ? Words{"a"}
                : name == "../l"    ? Words{"l", "a"}
                : name == "../ld/e" ? Words{"ld/e", "d/e"}
                                    : Words{below, "d/" + name};
  return {where, name, meant};
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

std::string Work::kind_of(int slot) {
  char kind = slots_[slot].kind;
  return kind == 'r' || kind == 'w'   ? "pipe"
         : kind == 's' || kind == 'l' ? "socket"
         : kind == 'o'                ? "other"
                                      : "file";
}

void Work::open_file() {
  std::string call =
      dice_.of<std::string>({"openat", "openat", "open", "openat2", "creat"});
  bool plain = call == "open" || call == "creat";
  Target where = plain ? target() : target_at();
  std::string flags =
      dice_.of<std::string>({"r", "w", "c", "c", "c", "wl", "cx", "ca"});
  if (call == "openat2" && where.folder != "-" && dice_.percent(50)) {
    flags = dice_.of<std::string>({"rR", "cR"});
    where.text = dice_.of<std::string>({"/e", "../e", "up", "e"});
    where.paths = {"d/e"};
  }
  std::string slot = std::to_string(new_slot({'f', where.paths.back()}));
  add(call + "," + slot + (plain ? "," : "," + where.folder + ",") +
          where.text + (call == "creat" ? "" : "," + flags),
      {call, where.paths, ""});
}

void Work::open_in_folder() {
  std::string name = dice_.of<std::string>({"d", "d", "ld"});
  std::string folder = std::to_string(new_slot({'d', "d"}));
  add("open," + folder + ",@" + name + ",d", {"open", {name}, ""});
  if (dice_.percent(50)) {
    bool by_name = dice_.percent(60);
    add(by_name ? "chdir,@" + name : "fchdir," + folder,
        {by_name ? "chdir" : "fchdir", {name}, by_name ? "" : "file"});
    folder = "-";
  }
  std::string slot = std::to_string(new_slot({'f', "d/e"}));
  add("openat," + slot + "," + folder + ",e,c", {"openat", {"d/e"}, ""});
  if (folder == "-") {
    acts.emplace_back("chdir,$../");
    planned.push_back({"chdir", {}, ""});
  }
}

void Work::on_path() {
  std::string call = dice_.of<std::string>(
      {"unlink",   "unlinkat",   "mkdir",    "access",     "access",
       "stat",     "newfstatat", "truncate", "chmod",      "faccessat",
       "mkdirat",  "rmdir",      "lstat",    "readlink",   "readlinkat",
       "fchmodat", "faccessat2", "statx",    "utimensat",  "statfs",
       "futimens", "newfstatat", "unlinkat", "faccessat2", "statx"});
  bool in_folder = (call.find("at") != std::string::npos &&
                    !call.ends_with("stat") && call != "statfs") ||
                   call == "newfstatat";
  if (call == "futimens") {
    int slot = slot_with("fdm");
    if (slot >= 0) {
      add("futimens," + std::to_string(slot),
          {"utimensat", {slots_[slot].path}, ""});
    }
    return;
  }
  Target where = in_folder ? target_at() : target();
  bool flagged = call == "newfstatat" || call == "faccessat2" ||
                 call == "statx" || call == "utimensat";
  std::string more = call == "truncate"             ? ",10"
                     : call.starts_with("readlink") ? ",100"
                     : flagged && dice_.percent(40) ? ",n"
                                                    : "";
  add_alike(
      call + (in_folder ? "," + where.folder + "," : ",") + where.text + more,
      {call, where.paths, ""});
}

void Work::on_two_paths() {
  std::string call = dice_.of<std::string>(
      {"rename", "rename", "renameat", "renameat2", "link", "linkat"});
  bool in_folder = call != "rename" && call != "link";
  Target first;
  Target second;
  if (dice_.percent(10)) {
    first = {"-", "@d", {"d"}};
    second = {"-", "@dd", {"dd"}};
  } else {
    std::string name = dice_.of<std::string>({"a", "b", "l", "void"});
    first = in_folder && dice_.percent(40)
                ? target_at()
                : Target{"-", at(name), meant_by(name)};
    second = dice_.percent(60) ? Target{"-", at("y"), {"y"}}
             : in_folder       ? target_at()
                               : target();
  }
  std::string more = call == "linkat" && dice_.percent(40) ? ",f"
                     : call == "renameat2"
                         ? dice_.of<std::string>({",-", ",x", ",n"})
                         : "";
  std::string act = in_folder
                        ? call + "," + first.folder + "," + first.text + "," +
                              second.folder + "," + second.text + more
                        : call + "," + first.text + "," + second.text;
  Words paths = first.paths;
  paths.insert(paths.end(), second.paths.begin(), second.paths.end());
  add(act, {call, paths, ""});
}

void Work::make_link() {
  std::string text = dice_.of<std::string>({"a", "d/e", "$b", "d", "new"});
  std::string bare = text.front() == '$' ? text.substr(1) : text;
  bool in_folder = dice_.percent(40);
  Target where = dice_.percent(70) ? Target{"-", at("y"), {"y"}} : target();
  std::string call = in_folder ? "symlinkat" : "symlink";
  add(call + "," + text + (in_folder ? "," + where.folder : "") + "," +
          where.text,
      {call, {where.paths.front(), bare}, ""});
}

void Work::start_nothing() {
  std::string name = dice_.of<std::string>({"nothing", "a", "d", "void"});
  add("execve,@" + name, {"execve", meant_by(name), ""});
}

void Work::neither_path_nor_descriptor() {
  std::string call = dice_.percent(12)   ? "io_uring_setup"
                     : dice_.percent(50) ? "getppid"
                                         : "sched_yield";
  add_alike(call, {call, {}, ""});
}

// Some say what is in the new root by its name there.
void Work::enter_root() {
  add("chroot,@d", {"chroot", {"d"}, ""});
  std::string call = dice_.of<std::string>({"access", "stat", "chmod"});
  std::string name = dice_.of<std::string>({"/e", "/up", "/../e", "@a", "@l"});
  std::string bare = name.substr(name.rfind('/') + 1);
  bool below = name.front() == '/';
  add(call + "," + name, {call, {below ? "d/" + bare : name.substr(1)}, ""});
}

void Work::speak() {
  say(dice_.percent(70) ? "say" : "err",
      dice_.of<std::string>({"one", "two", "three"}));
}

void Work::one_act() {
  struct Share {
    long below;
    void (Work::*act)();
  };
  static constexpr Share kShares[] = {
      {16, &Work::open_file},
      {38, &Work::on_file},
      {52, &Work::on_path},
      {61, &Work::on_two_paths},
      {64, &Work::make_link},
      {70, &Work::on_pipe},
      {77, &Work::on_socket},
      {81, &Work::on_two_descriptors},
      {83, &Work::serve},
      {87, &Work::open_in_folder},
      {89, &Work::other_descriptor},
      {93, &Work::copy_descriptor},
      {94, &Work::on_stdio},
      {95, &Work::start_nothing},
      {97, &Work::enter_root},
      {99, &Work::speak},
      {100, &Work::neither_path_nor_descriptor}};
  long turn = dice_.below(100);
  for (const Share& share : kShares) {
    if (turn < share.below) {
      (this->*share.act)();
      return;
    }
  }
}

}  // namespace faultrig::adversary
