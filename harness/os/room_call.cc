// Nobody is told what a call that we let run has come to. So one that may meet
// the end of a disk is made here: a copy of a descriptor shares the open file,
// its position and its O_APPEND (open(2)), and the kernel's answer is the one
// that the caller would have had. A file is made under its own name, in its own
// folder, and if that succeeds after all, taken away again: the call then runs.
#include "harness/os/room_call.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstring>

#include "harness/os/call_shape.h"
#include "harness/os/caller_file.h"
#include "harness/os/short_move.h"

namespace faultrig {

namespace {

constexpr std::size_t kAtOnce = std::size_t{1} << 20;

struct RoomShape {
  std::string_view name;
  RoomAsk::How how;
  bool vector = false;
  int offset = -1;  // which argument
  int flags = -1;   // must be 0
};
constexpr std::array<RoomShape, 7> kShapes{
    {{"write", RoomAsk::How::write},
     {"pwrite64", RoomAsk::How::write, false, 3},
     {"writev", RoomAsk::How::write, true},
     {"pwritev", RoomAsk::How::write, true, 3},
     {"pwritev2", RoomAsk::How::write, true, 3, 5},
     {"fallocate", RoomAsk::How::reserve},
     {"copy_file_range", RoomAsk::How::copy, false, -1, 5}}};

// Which arguments name what is made; -1: none.
struct MakingShape {
  std::string_view name;
  int folder;
  int path;
  int flags = -1;
  enum class What { file, folder, link } what = What::file;
};
constexpr std::array<MakingShape, 7> kMaking{
    {{"open", -1, 0, 1},
     {"openat", 0, 1, 2},
     {"creat", -1, 0},
     {"mkdir", -1, 0, -1, MakingShape::What::folder},
     {"mkdirat", 0, 1, -1, MakingShape::What::folder},
     {"symlink", -1, 1, -1, MakingShape::What::link},
     {"symlinkat", 1, 2, -1, MakingShape::What::link}}};

bool is_no_room(int error) { return error == ENOSPC || error == EDQUOT; }

// False: it cannot be read, or is none.
bool add_parts(const Notification& call, RoomAsk& ask) {
  if (call.args[2] > IOV_MAX) {
    return false;
  }
  auto bytes =
      read_memory(call.tid, call.args[1],
                  static_cast<std::size_t>(call.args[2]) * sizeof(iovec));
  if (!bytes || bytes->size() != call.args[2] * sizeof(iovec)) {
    return false;
  }
  for (std::size_t at = 0; at < bytes->size(); at += sizeof(iovec)) {
    iovec part{};
    std::memcpy(&part, bytes->data() + at, sizeof part);
    ask.parts.push_back(
        {reinterpret_cast<std::uint64_t>(part.iov_base), part.iov_len});
  }
  return true;
}

// What has been written; -errno where nothing was.
std::int64_t put(const Fd& file, const std::string& bytes,
                 std::optional<std::int64_t> at) {
  ssize_t done = at ? pwrite(file.get(), bytes.data(), bytes.size(), *at)
                    : write(file.get(), bytes.data(), bytes.size());
  return done < 0 ? -errno : done;
}

std::optional<std::int64_t> write_parts(int tid, const Fd& file,
                                        const RoomAsk& ask) {
  std::int64_t done = 0;
  for (const RoomAsk::Part& part : ask.parts) {
    for (std::uint64_t at = 0; at < part.size;) {
      std::size_t size = std::min<std::uint64_t>(kAtOnce, part.size - at);
      auto bytes = read_memory(tid, part.address + at, size);
      if (!bytes || bytes->empty()) {
        return done > 0 ? std::optional(done) : std::nullopt;
      }
      std::int64_t now =
          put(file, *bytes,
              ask.offset ? std::optional(*ask.offset + done) : std::nullopt);
      if (now < 0) {
        return done > 0 ? done : now;
      }
      done += now;
      at += static_cast<std::uint64_t>(now);
      if (static_cast<std::size_t>(now) < size) {
        return done;
      }
    }
  }
  return done;
}

void write_offset(int tid, std::uint64_t address, std::int64_t value) {
  std::string bytes(sizeof value, '\0');
  std::memcpy(bytes.data(), &value, sizeof value);
  (void)write_memory(tid, address, bytes);
}

std::optional<std::int64_t> copy_range(const Notification& call, int pid,
                                       const Fd& to) {
  auto from = copy_descriptor_of(call.tid, pid, static_cast<int>(call.args[0]));
  std::optional<std::int64_t> in;
  std::optional<std::int64_t> out;
  if (!from || !read_offset(call.tid, call.args[1], in) ||
      !read_offset(call.tid, call.args[3], out) ||
      (in && !can_be_written(call.tid, call.args[1], sizeof *in)) ||
      (out && !can_be_written(call.tid, call.args[3], sizeof *out))) {
    return std::nullopt;
  }
  ssize_t done = copy_file_range(from->get(), in ? &*in : nullptr, to.get(),
                                 out ? &*out : nullptr,
                                 static_cast<std::size_t>(call.args[4]), 0);
  if (done < 0) {
    return -errno;
  }
  if (in) {
    write_offset(call.tid, call.args[1], *in);
  }
  if (out) {
    write_offset(call.tid, call.args[3], *out);
  }
  return done;
}

// The folder that a path of the caller's lies in, if it can be reached without
// asking a file system that the caller may serve.
Fd folder_for(const Notification& call, const MakingShape& shape,
              const std::string& parent) {
  int number =
      shape.folder < 0 ? AT_FDCWD : static_cast<int>(call.args[shape.folder]);
  return folder_of_caller(call.tid, number, parent, true);
}

// 0 where it was made, and is gone again.
int try_to_make(const Fd& folder, const std::string& name,
                MakingShape::What what) {
  int made = -1;
  if (what == MakingShape::What::folder) {
    made = mkdirat(folder.get(), name.c_str(), 0700);
  } else if (what == MakingShape::What::link) {
    made = symlinkat(".", folder.get(), name.c_str());
  } else {
    made = mknodat(folder.get(), name.c_str(), S_IFREG | 0600, 0);
  }
  if (made < 0) {
    return errno;
  }
  unlinkat(folder.get(), name.c_str(),
           what == MakingShape::What::folder ? AT_REMOVEDIR : 0);
  return 0;
}

}  // namespace

std::vector<std::string> room_calls() { return names_of(kShapes); }
std::vector<std::string> file_making_calls() { return names_of(kMaking); }

std::optional<RoomAsk> room_asked(const Notification& call,
                                  std::string_view name) {
  const RoomShape* shape = shape_of(kShapes, name);
  if (shape == nullptr || (shape->flags >= 0 && call.args[shape->flags] != 0)) {
    return std::nullopt;
  }
  RoomAsk ask;
  ask.how = shape->how;
  ask.file = static_cast<int>(call.args[0]);
  if (shape->offset >= 0) {
    auto offset = static_cast<std::int64_t>(call.args[shape->offset]);
    bool stands = offset == -1 && shape->flags >= 0;
    ask.offset = stands ? std::nullopt : std::optional(offset);
  }
  if (ask.how == RoomAsk::How::reserve) {
    ask.size = call.args[3];
  } else if (ask.how == RoomAsk::How::copy) {
    ask.file = static_cast<int>(call.args[2]);
    ask.size = call.args[4];
  } else if (!shape->vector) {
    ask.parts = {{call.args[1], call.args[2]}};
  } else if (!add_parts(call, ask)) {
    return std::nullopt;
  }
  for (const RoomAsk::Part& part : ask.parts) {
    ask.size += part.size;
  }
  return ask;
}

bool read_offset(int tid, std::uint64_t address,
                 std::optional<std::int64_t>& out) {
  if (address == 0) {
    return true;
  }
  auto bytes = read_memory(tid, address, sizeof(std::int64_t));
  if (!bytes || bytes->size() != sizeof(std::int64_t)) {
    return false;
  }
  out.emplace();
  std::memcpy(&*out, bytes->data(), sizeof(std::int64_t));
  return true;
}

std::optional<std::int64_t> use_room(const Notification& call, int pid,
                                     const Fd& file, const RoomAsk& ask) {
  if (!may_grow(call.tid)) {
    return std::nullopt;
  }
  std::optional<std::int64_t> result;
  if (ask.how == RoomAsk::How::reserve) {
    int failed = fallocate(file.get(), static_cast<int>(call.args[1]),
                           static_cast<off_t>(call.args[2]),
                           static_cast<off_t>(call.args[3]));
    result = failed == 0 ? 0 : -errno;
  } else if (ask.how == RoomAsk::How::copy) {
    result = copy_range(call, pid, file);
  } else {
    result = write_parts(call.tid, file, ask);
  }
  // What fails otherwise fails for the caller alike, with its own signal.
  bool other = result && *result < 0 && !is_no_room(static_cast<int>(-*result));
  return other ? std::nullopt : result;
}

std::optional<int> making_refused(const Notification& call,
                                  std::string_view name,
                                  unsigned long long device) {
  const MakingShape* shape = shape_of(kMaking, name);
  if (shape == nullptr ||
      (shape->flags >= 0 && (call.args[shape->flags] & O_CREAT) == 0)) {
    return std::nullopt;
  }
  auto path = read_string(call.tid, call.args[shape->path]);
  if (!path) {
    return std::nullopt;
  }
  auto cut = cut_path(*path);
  bool folder = shape->what == MakingShape::What::folder;
  if (!cut || (cut->as_folder && !folder)) {
    return std::nullopt;
  }
  Fd inside = folder_for(call, *shape, cut->folder);
  auto seen = identity_of(inside);
  if (!seen || seen->device != device) {
    return std::nullopt;
  }
  int failed = try_to_make(inside, cut->name, shape->what);
  return is_no_room(failed) ? std::optional(failed) : std::nullopt;
}

}  // namespace faultrig
