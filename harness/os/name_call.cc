// Nobody is told what a call that we let run has come to, nor in which order
// two of them ran. So a call that changes names in a recorded folder is made
// here, one after the other: in the caller's folder, by descriptors that its
// own root and working folder led to, with its umask(2).
#include "harness/os/name_call.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "harness/os/call_shape.h"
#include "harness/os/proc_path.h"

namespace faultrig {

namespace {

using What = NameAsk::What;

// Which arguments mean what; -1: none.
struct Shape {
  std::string_view name;
  What what;
  int folder = -1;
  int path = 0;
  int flags = -1;
  int mode = -1;
  int to_folder = -1;
  int to = -1;
};
constexpr std::array<Shape, 19> kShapes{
    {{"open", What::open, -1, 0, 1, 2},
     {"openat", What::open, 0, 1, 2, 3},
     {"openat2", What::open, 0, 1},
     {"creat", What::open, -1, 0, -1, 1},
     {"mkdir", What::folder, -1, 0, -1, 1},
     {"mkdirat", What::folder, 0, 1, -1, 2},
     {"mknod", What::node, -1, 0},
     {"mknodat", What::node, 0, 1},
     {"rmdir", What::remove, -1, 0},
     {"unlink", What::remove, -1, 0},
     {"unlinkat", What::remove, 0, 1, 2},
     {"rename", What::rename, -1, 0, -1, -1, -1, 1},
     {"renameat", What::rename, 0, 1, -1, -1, 2, 3},
     {"renameat2", What::rename, 0, 1, 4, -1, 2, 3},
     {"link", What::link, -1, 0, -1, -1, -1, 1},
     {"linkat", What::link, 0, 1, 4, -1, 2, 3},
     {"symlink", What::symlink, -1, 1},
     {"symlinkat", What::symlink, 1, 2},
     {"truncate", What::resize, -1, 0}}};

std::uint64_t argument(const Notification& call, int number,
                       std::uint64_t none) {
  return number < 0 ? none : call.args[number];
}

int folder_argument(const Notification& call, int number) {
  return number < 0 ? AT_FDCWD : static_cast<int>(call.args[number]);
}

bool read_how(const Notification& call, NameAsk& ask) {
  auto bytes = read_memory(call.tid, call.args[2], sizeof(open_how));
  if (!bytes || bytes->size() != sizeof(open_how)) {
    return false;
  }
  open_how how{};
  std::memcpy(&how, bytes->data(), sizeof how);
  ask.flags = how.flags;
  ask.mode = static_cast<unsigned>(how.mode);
  ask.unclear = how.resolve == 0 ? "" : "openat2 with a resolve flag";
  return true;
}

// False: there is no such way, or it ends in no name of its own.
bool find_place(int tid, int descriptor, const std::string& path,
                NamePlace& place) {
  auto cut = cut_path(path);
  if (!cut) {
    return false;
  }
  place.folder = folder_of_caller(tid, descriptor, cut->folder, true);
  if (!place.folder && errno == EAGAIN) {
    place.folder = folder_of_caller(tid, descriptor, cut->folder, false);
  }
  place.name = std::move(cut->name);
  place.as_folder = cut->as_folder;
  place.of_folder = identity_of(place.folder);
  if (place.of_folder) {
    place.there = identity_in(place.folder, place.name);
  }
  return place.of_folder.has_value();
}

// link(2) of an open file gives a name to one that has none (open(2),
// O_TMPFILE).
bool find_open_file(const Notification& call, const std::string& path,
                    NameAsk& ask) {
  constexpr std::string_view kOwn = "/proc/self/fd/";
  bool empty = path.empty() && (ask.flags & AT_EMPTY_PATH) != 0;
  bool named = path.starts_with(kOwn) && (ask.flags & AT_SYMLINK_FOLLOW) != 0;
  if (!empty && !named) {
    return false;
  }
  ask.from_file = proc_path(
      call.tid, "fd/" + (empty ? std::to_string(static_cast<int>(call.args[0]))
                               : path.substr(kOwn.size())));
  Fd file(open(ask.from_file.c_str(), O_PATH | O_CLOEXEC));
  ask.place.there = identity_of(file);
  return ask.place.there.has_value();
}

int made(int result) { return result == 0 ? 0 : -errno; }

int open_place(const NameAsk& ask, Fd& file) {
  int flags = static_cast<int>(ask.flags) | O_CLOEXEC | O_NOCTTY;
  file = Fd(openat(ask.place.folder.get(), ask.place.name.c_str(), flags,
                   static_cast<mode_t>(ask.mode)));
  return file ? 0 : -errno;
}

int make_link(const NameAsk& ask) {
  const NamePlace& to = ask.to;
  if (!ask.from_file.empty()) {
    return made(linkat(AT_FDCWD, ask.from_file.c_str(), to.folder.get(),
                       to.name.c_str(), AT_SYMLINK_FOLLOW));
  }
  return made(linkat(ask.place.folder.get(), ask.place.name.c_str(),
                     to.folder.get(), to.name.c_str(),
                     static_cast<int>(ask.flags)));
}

int resize(const NameAsk& ask) {
  Fd file(openat(ask.place.folder.get(), ask.place.name.c_str(),
                 O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  return file ? made(ftruncate(file.get(), static_cast<off_t>(ask.size)))
              : -errno;
}

int make(const NameAsk& ask, Fd& file) {
  const char* name = ask.place.name.c_str();
  int folder = ask.place.folder.get();
  switch (ask.what) {
    case What::open:
      return open_place(ask, file);
    case What::folder:
      return made(mkdirat(folder, name, static_cast<mode_t>(ask.mode)));
    case What::remove:
      return made(unlinkat(folder, name, static_cast<int>(ask.flags)));
    case What::rename:
      return made(renameat2(folder, name, ask.to.folder.get(),
                            ask.to.name.c_str(),
                            static_cast<unsigned>(ask.flags)));
    case What::link:
      return make_link(ask);
    case What::symlink:
      return made(symlinkat(ask.target.c_str(), folder, name));
    case What::resize:
      return resize(ask);
    case What::node:
      break;
  }
  return -ENOSYS;
}

// Only a folder may have a slash behind it: one that is there, or comes to be.
bool is_folder_by_slash_alone(const NameAsk& ask) {
  bool folder = ask.place.is_folder();
  return (ask.place.as_folder && !folder && ask.what != What::folder) ||
         (ask.to.as_folder && !folder && !ask.to.is_folder());
}

// What only the kernel can do for its caller.
std::string why_unclear(const NameAsk& ask) {
  using Kind = FileIdentity::Kind;
  const auto& there = ask.place.there;
  bool opens = ask.what == What::open || ask.what == What::resize;
  if (opens && there && there->kind == Kind::symlink) {
    return "through a symbolic link";
  }
  if (opens && there && there->kind != Kind::file) {
    return "what is no file";
  }
  return ask.what == What::rename && (ask.flags & RENAME_WHITEOUT) != 0
             ? "a rename that leaves a whiteout"
             : "";
}

}  // namespace

bool NameAsk::changes() const {
  if (what != What::open) {
    return true;
  }
  bool unnamed = (flags & O_TMPFILE) == O_TMPFILE || (flags & O_PATH) != 0;
  return !unnamed && (flags & (O_CREAT | O_TRUNC)) != 0;
}

std::vector<std::string> name_calls() { return names_of(kShapes); }

std::optional<NameAsk> name_asked(const Notification& call,
                                  std::string_view name) {
  const Shape* shape = shape_of(kShapes, name);
  if (shape == nullptr) {
    return std::nullopt;
  }
  constexpr std::uint64_t kCreat = O_CREAT | O_WRONLY | O_TRUNC;
  NameAsk ask;
  ask.what = shape->what;
  ask.flags = argument(call, shape->flags,
                       name == "creat"   ? kCreat
                       : name == "rmdir" ? AT_REMOVEDIR
                                         : 0);
  ask.mode = static_cast<unsigned>(argument(call, shape->mode, 0));
  ask.size = call.args[1];
  if ((name == "openat2" && !read_how(call, ask)) || !ask.changes()) {
    return std::nullopt;
  }
  auto path = read_string(call.tid, call.args[shape->path]);
  if (!path) {
    return std::nullopt;
  }
  bool open_file = ask.what == What::link && find_open_file(call, *path, ask);
  if (!open_file && !find_place(call.tid, folder_argument(call, shape->folder),
                                *path, ask.place)) {
    return std::nullopt;
  }
  if (ask.moves()) {
    auto to = read_string(call.tid, call.args[shape->to]);
    if (!to || !find_place(call.tid, folder_argument(call, shape->to_folder),
                           *to, ask.to)) {
      return std::nullopt;
    }
  }
  if (is_folder_by_slash_alone(ask)) {
    return std::nullopt;
  }
  if (ask.what == What::symlink) {
    auto target = read_string(call.tid, call.args[0]);
    if (!target) {
      return std::nullopt;
    }
    ask.target = *std::move(target);
  }
  ask.unclear = ask.unclear.empty() ? why_unclear(ask) : ask.unclear;
  return ask;
}

MadeName make_name_call(const NameAsk& ask, const CallerRights& rights) {
  MadeName out;
  mode_t own = umask(static_cast<mode_t>(rights.mask));
  out.error = -make(ask, out.file);
  umask(own);
  return out;
}

}  // namespace faultrig
