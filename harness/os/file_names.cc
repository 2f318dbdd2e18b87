// The kernel is asked component by component, with O_PATH | O_NOFOLLOW: a path
// taken as text goes wrong at the first symbolic link before a `..`. /proc/self
// in our hands would be us, so that links of procfs are followed by hand, and
// `..` stops at the caller's root, which need not be ours (chroot(2)).
#include "harness/os/file_names.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <deque>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/os/proc_path.h"

namespace faultrig {

namespace {

constexpr int kMostLinks = 40;  // as the kernel (MAXSYMLINKS)
constexpr std::string_view kDeleted = " (deleted)";

std::deque<std::string> components(const std::string& path) {
  std::deque<std::string> out;
  for (std::size_t at = 0; at <= path.size();) {
    std::size_t end = std::min(path.find('/', at), path.size());
    out.push_back(path.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

bool climbs(const std::string& path) {
  auto parts = components(path);
  return std::find(parts.begin(), parts.end(), "..") != parts.end();
}

std::string joined(const std::string& folder, const std::string& name) {
  return (folder == "/" ? "" : folder) + "/" + name;
}

// Without `//` and `/.`, and with every `..` where it was.
std::string as_said(const std::string& path) {
  std::string out;
  for (const std::string& part : components(path)) {
    if (!part.empty() && part != ".") {
      out += "/" + part;
    }
  }
  return out.empty() ? "/" : out;
}

std::string why(int error) { return errno_name(error); }

}  // namespace

struct FileNamer::Way {
  int tid = 0;
  PathStep root;
  PathStep at;
  std::deque<std::string> todo;
  bool follows = true;
  int links = 0;
};

namespace {

// The number of a thread and its process where /proc is a procfs of theirs
// (pid_namespaces(7)): the last one of the line.
std::string number_in(int tid, const std::string& key) {
  auto status = read_file(AT_FDCWD, proc_path(tid, "status"));
  std::size_t at = status ? status->find("\n" + key + ":") : std::string::npos;
  if (at == std::string::npos) {
    return "";
  }
  std::string line =
      status->substr(at + 1, status->find('\n', at + 1) - at - 1);
  return line.substr(line.find_last_of(" \t") + 1);
}

// A file that has no name any more is told with one that says so; one that is
// really called so is there.
void add_seen(const Fd& file, const std::string& root, FileNames& found) {
  std::string name = seen_name(file);
  std::string bare = name;
  if (name.ends_with(kDeleted)) {
    struct stat there {};
    struct stat here {};
    bool exists = name.starts_with('/') && lstat(name.c_str(), &there) == 0 &&
                  fstat(file.get(), &here) == 0 &&
                  there.st_ino == here.st_ino && there.st_dev == here.st_dev;
    bare.resize(exists ? name.size() : name.size() - kDeleted.size());
  }
  if (root.size() > 1 && bare.starts_with(root + "/")) {
    found.add(bare.substr(root.size()));
  }
  found.add(bare);
  if (name != bare) {
    found.add(name);
  }
}

}  // namespace

void FileNames::add(std::string name) {
  if (!name.empty() &&
      std::find(names.begin(), names.end(), name) == names.end()) {
    names.push_back(std::move(name));
  }
}

void FileNames::add(FileNames other) {
  for (std::string& name : other.names) {
    add(std::move(name));
  }
  unread = unread.empty() ? std::move(other.unread) : unread;
  nowhere = nowhere.empty() ? std::move(other.nowhere) : nowhere;
}

// Only what its mount says (proc_pid_mountinfo(5)). What our own root stands on
// is served by somebody else.
bool FileNamer::may_wait(int tid, const PathStep& step) {
  auto key = std::pair(step.mount, static_cast<unsigned>(step.device));
  auto known = waiting_.find(key);
  if (known != waiting_.end()) {
    return known->second;
  }
  PathStep ours = step_to(open_path(AT_FDCWD, "/", 0));
  std::string type = type_of_mount(tid, step.mount);
  bool waits =
      ours.device != step.device &&
      (type.starts_with("fuse") || type.starts_with("nfs") || type == "autofs");
  waiting_[key] = waits;
  return waits;
}

// Into the next component, or out by `..`. What went wrong, or nothing.
std::string FileNamer::enter(Way& way, const std::string& name) {
  if (may_wait(way.tid, way.at)) {
    return "its file system may wait for the workload (fuse, nfs)";
  }
  if (name == "..") {
    if (!way.at.same_as(way.root)) {
      way.at = step_to(open_path(way.at.file.get(), "..", O_DIRECTORY));
    }
  } else {
    way.at = step_to(open_path(way.at.file.get(), name, O_NOFOLLOW));
  }
  return way.at.file ? "" : why(errno);
}

// `way.at` is the folder of the link.
std::string FileNamer::follow(Way& way, PathStep link,
                              const std::string& name) {
  constexpr unsigned long long kRootOfProc = 1;
  if (++way.links > kMostLinks) {
    return why(ELOOP);
  }
  bool in_proc = link.on_proc();
  if (in_proc && way.at.inode != kRootOfProc) {
    // No text leads there: what a process has open, its root, its folder.
    way.at = step_to(open_path(way.at.file.get(), name, 0));
    return way.at.file ? "" : why(errno);
  }
  std::string text;
  if (in_proc && name == "self") {
    text = number_in(way.tid, "NStgid");
  } else if (in_proc && name == "thread-self") {
    text =
        number_in(way.tid, "NStgid") + "/task/" + number_in(way.tid, "NSpid");
  } else {
    text = link_at(link.file.get(), "");
  }
  if (text.starts_with('/')) {
    way.at = copy_of(way.root);
  }
  auto parts = components(text);
  way.todo.insert(way.todo.begin(), parts.begin(), parts.end());
  return "";
}

// To the end, or as far as there is something. Gives why not, if not.
std::string FileNamer::walk(Way& way, FileNames& found) {
  const std::string root = seen_name(way.root.file);
  while (!way.todo.empty()) {
    std::string name = std::move(way.todo.front());
    way.todo.pop_front();
    if (name.empty() || name == ".") {
      continue;
    }
    bool last = way.todo.empty();
    PathStep folder = copy_of(way.at);
    std::string wrong = enter(way, name);
    if (last && (wrong.empty() || wrong == "ENOENT") && name != "..") {
      // The entry itself has a name, be it a link or not there yet.
      FileNames entry;
      add_seen(folder.file, root, entry);
      for (const std::string& parent : entry.names) {
        found.add(joined(parent, name));
      }
    }
    if (!wrong.empty()) {
      return wrong;
    }
    if (way.at.is_link() && (!last || way.follows)) {
      PathStep link = std::move(way.at);
      way.at = std::move(folder);
      wrong = follow(way, std::move(link), name);
      if (!wrong.empty()) {
        return wrong;
      }
    }
  }
  if (!way.at.is_link()) {
    add_seen(way.at.file, root, found);
  }
  return "";
}

namespace {

// These the caller gets too: no file is reached.
bool is_an_answer(const std::string& wrong) {
  constexpr std::array<std::string_view, 5> kAnswers{
      "ENOENT", "ENOTDIR", "ELOOP", "EACCES", "ENAMETOOLONG"};
  return std::find(kAnswers.begin(), kAnswers.end(), wrong) != kAnswers.end();
}

// Most paths are plain: straight to the last folder.
void skip_folders(FileNamer::Way& way, const std::string& text) {
  std::size_t slash = text.rfind('/');
  if (climbs(text) || slash == std::string::npos || slash == 0 ||
      slash + 1 == text.size()) {
    return;
  }
  std::size_t from = text.find_first_not_of('/');
  if (from >= slash) {
    return;
  }
  Fd parent = open_folders(way.at.file.get(), text.substr(from, slash - from));
  if (parent) {
    way.at = step_to(std::move(parent));
    way.todo = {text.substr(slash + 1)};
  }
}

Fd folder_at(int tid, int dirfd) {
  std::string entry = dirfd == AT_FDCWD ? "cwd" : "fd/" + std::to_string(dirfd);
  return open_path(AT_FDCWD, proc_path(tid, entry), 0);
}

}  // namespace

FileNames FileNamer::of_path(int tid, const SaidPath& said) {
  FileNames found;
  bool absolute = said.text.starts_with('/');
  Way way{tid,          step_to(open_path(AT_FDCWD, proc_path(tid, "root"), 0)),
          {},           components(said.text),
          said.follows, 0};
  if (!way.root.file) {
    found.unread = "open its root folder: " + why(errno);
    return found;
  }
  PathStep folder =
      step_to(absolute && !said.in_root ? Fd() : folder_at(tid, said.dirfd));
  if (!folder.file && (!absolute || said.in_root)) {
    if (errno != ENOENT) {
      found.unread = "open its folder: " + why(errno);
    }
    found.add(said.text);  // relative to what is no descriptor: EBADF
    return found;
  }
  if (said.in_root) {
    way.root = copy_of(folder);
  }
  way.at = absolute ? copy_of(way.root) : std::move(folder);
  FileNames base;
  if (absolute && !said.in_root) {
    base.add("/");
  } else {
    add_seen(way.at.file, seen_name(way.root.file), base);
  }
  std::string said_name = as_said(base.names.front() + "/" + said.text);
  if (!climbs(said.text)) {
    found.add(said_name);
  }
  skip_folders(way, said.text);
  std::string wrong = walk(way, found);
  found.nowhere = wrong == "ENOENT" || wrong == "ENOTDIR" ? wrong : "";
  if (!wrong.empty() && !is_an_answer(wrong)) {
    found.unread = wrong;
  } else if (found.names.empty()) {
    found.add(said_name);
  }
  return found;
}

FileNames FileNamer::of_descriptor(int tid, int number) {
  FileNames found;
  if (number < 0) {
    return found;
  }
  std::string entry = proc_path(tid, "fd/" + std::to_string(number));
  std::string name = link_at(AT_FDCWD, entry);
  if (name.empty()) {
    // No such descriptor: the caller gets EBADF.
    found.unread =
        errno == ENOENT ? "" : "look at its descriptor: " + why(errno);
    return found;
  }
  Fd file = name.starts_with('/') ? open_path(AT_FDCWD, entry, 0) : Fd();
  Fd root = file ? open_path(AT_FDCWD, proc_path(tid, "root"), 0) : Fd();
  if (!root) {
    found.add(name);
    return found;
  }
  add_seen(file, seen_name(root), found);
  return found;
}

}  // namespace faultrig
