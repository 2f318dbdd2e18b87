// The part of a workload that is done on descriptors.
#include "tests/adversary/work.h"

namespace faultrig::adversary {

namespace {

constexpr int kLastSlot = 13;  // a pair takes two

}  // namespace

void Work::on_file() {
  int slot = slot_with("ffm");
  if (slot < 0) {
    open_file();
    return;
  }
  std::string call = dice_.of<std::string>(
      {"read",  "write",     "write",   "pread64",   "pwrite64",  "readv",
       "fsync", "fdatasync", "fsync",   "ftruncate", "lseek",     "close",
       "dup",   "writev",    "preadv",  "pwritev",   "fstat",     "fchmod",
       "flock", "fallocate", "pwritev", "mmap",      "getdents64"});
  std::string where = std::to_string(slot);
  std::string path = slots_[slot].path;
  if (call == "close") {
    slots_.erase(slot);
    add("close," + where, {call, {path}, "file"});
  } else if (call == "dup") {
    std::string copy = std::to_string(new_slot(slots_[slot]));
    add("dup," + copy + "," + where, {call, {path}, "file"});
  } else if (call == "mmap") {
    add("mmap," + where, {call, {path}, "file"});
  } else {
    bool bare = call.find("sync") != std::string::npos || call == "fstat" ||
                call == "fchmod" || call == "flock";
    add_alike(call + "," + where + (bare ? "" : "," + size()),
              {call, {path}, "file"});
  }
}

// To a number of its own, or in the place of another one.
void Work::copy_descriptor() {
  int from = slot_with("fdmsw");
  if (from < 0) {
    return;
  }
  std::string call = dice_.of<std::string>({"dup2", "dup2", "dup3", "fcntl"});
  Slot slot = slots_[from];
  int over = dice_.percent(40) ? slot_with("fms") : -1;
  std::string number = over < 0 ? "=" + std::to_string(dice_.between(20, 24))
                                : std::to_string(over);
  if (call != "fcntl" && over >= 0) {
    slots_[over] = slot;
  }
  std::string copy = std::to_string(new_slot(slot));
  add(call + "," + copy + "," + std::to_string(from) +
          (call == "fcntl" ? "" : "," + number),
      {call, {slot.path}, kind_of(from)});
}

// Open both ways, it never waits for somebody at its other end.
void Work::name_a_pipe() {
  add("mknod,@p", {"mknod", {"p"}, ""});
  std::string slot =
      std::to_string(new_slot({dice_.percent(50) ? 'r' : 'w', "p"}));
  add("openat," + slot + ",-,@p,wn", {"openat", {"p"}, ""});
  add("write," + slot + "," + size(), {"write", {"p"}, "pipe"});
}

void Work::on_pipe() {
  if (dice_.percent(15)) {
    name_a_pipe();
    return;
  }
  int reads = slot_with("r");
  if (reads < 0 || dice_.percent(30)) {
    int slot = new_slot({'r'});
    if (slot == kLastSlot) {
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
    if (slot == kLastSlot) {
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

// From one to the other.
void Work::on_two_descriptors() {
  std::string call = dice_.of<std::string>(
      {"sendfile", "sendfile", "copy_file_range", "splice", "tee"});
  int from = slot_with(call == "tee" ? "r" : call == "splice" ? "rrsf" : "fm");
  int to = slot_with(call == "tee"               ? "w"
                     : call == "splice"          ? "wwsf"
                     : call == "copy_file_range" ? "fm"
                                                 : "fsw");
  if (from < 0 || to < 0) {
    on_file();
    return;
  }
  bool out_first = call == "sendfile";
  std::string first = std::to_string(out_first ? to : from);
  std::string second = std::to_string(out_first ? from : to);
  Words paths;
  for (int slot : {from, to}) {
    if (!slots_[slot].path.empty()) {
      paths.push_back(slots_[slot].path);
    }
  }
  add(call + "," + first + "," + second + "," + size(),
      {call, paths, kind_of(dice_.percent(50) ? from : to)});
}

void Work::serve() {
  if (dice_.percent(50)) {
    listen_at(dice_.between(7101, 7102));
    return;
  }
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

void Work::listen_at(long port) {
  std::string server = std::to_string(new_slot({'l'}));
  ports.push_back(std::to_string(port));
  add("socket," + server + ",2", {"socket", {}, ""});
  add("bind4," + server + "," + ports.back(), {"bind", {}, "socket"});
  add("listen," + server, {"listen", {}, "socket"});
}

void Work::other_descriptor() {
  std::string call = dice_.of<std::string>(
      {"eventfd2", "epoll_create1", "memfd_create", "memfd_create",
       "timerfd_create", "inotify_init1", "socket", "dup"});
  bool memory = call == "memfd_create";
  Slot held = memory ? Slot{'m', "memfd:acts"} : Slot{'o'};
  std::string slot = std::to_string(new_slot(held));
  std::string more = call == "socket" ? ",99" : call == "dup" ? ",=1" : "";
  add(call + "," + slot + more, {call, {}, call == "dup" ? "stdio" : ""});
  if (call == "inotify_init1") {
    std::string name = name_of_file();
    add("inotify_add_watch," + slot + "," + at(name),
        {"inotify_add_watch", {name}, "other"});
  }
}

// stdout becomes a file, a file is written to it, or stdin goes.
void Work::on_stdio() {
  int slot = slot_with("f");
  long turn = dice_.below(3);
  if (turn == 0) {
    add("close,=0", {"close", {}, "stdio"});
  } else if (slot >= 0 && turn == 1) {
    std::string copy = std::to_string(new_slot({'o'}));
    add("dup2," + copy + "," + std::to_string(slot) + ",=1",
        {"dup2", {slots_[slot].path}, "file"});
    speak();
  } else if (slot >= 0) {
    add("sendfile,=1," + std::to_string(slot) + ",10",
        {"sendfile", {slots_[slot].path}, "file"});
  }
}

}  // namespace faultrig::adversary
