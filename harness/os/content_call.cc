// A copy of a descriptor shares the open file, its position and its O_APPEND
// (open(2)): what is written through it is written as by its caller, who gets
// what the kernel said. The bytes are read once, and it is these that are
// written: a program that changes them meanwhile changes no record.
#include "harness/os/content_call.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <utility>

#include "harness/os/call_shape.h"
#include "harness/os/room_call.h"
#include "harness/os/short_move.h"

namespace faultrig {

namespace {

using What = ContentAsk::What;

constexpr std::uint64_t kMostBytes = std::uint64_t{64} << 20;

struct Shape {
  std::string_view name;
  What what;
  int file = 0;  // which argument
};
constexpr std::array<Shape, 13> kShapes{{{"write", What::write},
                                         {"pwrite64", What::write},
                                         {"writev", What::write},
                                         {"pwritev", What::write},
                                         {"pwritev2", What::write},
                                         {"copy_file_range", What::write, 2},
                                         {"ftruncate", What::resize},
                                         {"fallocate", What::reserve},
                                         {"fsync", What::sync},
                                         {"fdatasync", What::sync_data},
                                         {"sendfile", What::unseen},
                                         {"splice", What::unseen, 2},
                                         {"mmap", What::map, 4}}};

std::int64_t result_of(int failed) { return failed == 0 ? 0 : -errno; }

struct Free {
  void operator()(void* memory) const { free(memory); }
};

// As whole pages: an O_DIRECT file takes no others.
std::unique_ptr<char, Free> aligned(std::size_t size) {
  constexpr std::size_t kPage = 4096;
  void* memory = nullptr;
  if (posix_memalign(&memory, kPage, std::max(size, kPage)) != 0) {
    memory = nullptr;
  }
  return std::unique_ptr<char, Free>(static_cast<char*>(memory));
}

// False: not all of it can be read.
bool gather(int tid, const RoomAsk& ask, char* into) {
  for (const RoomAsk::Part& part : ask.parts) {
    auto bytes = part.size == 0
                     ? Result<std::string>(std::string())
                     : read_memory(tid, part.address,
                                   static_cast<std::size_t>(part.size));
    if (!bytes || bytes->size() != part.size) {
      return false;
    }
    into = std::copy(bytes->begin(), bytes->end(), into);
  }
  return true;
}

// Where the file stands; at its end, for one that is only appended to.
std::uint64_t end_of_write(const Fd& file, int flags, std::int64_t done,
                           std::optional<std::int64_t> asked) {
  if ((flags & O_APPEND) != 0) {
    auto seen = identity_of(file);
    return seen ? seen->size : 0;
  }
  return static_cast<std::uint64_t>(asked ? *asked + done
                                          : lseek(file.get(), 0, SEEK_CUR));
}

void note_place(const Fd& file, std::optional<std::int64_t> asked,
                MadeContent& made) {
  int flags = fcntl(file.get(), F_GETFL);
  made.at_once = (flags & O_DSYNC) != 0;
  if (made.result > 0) {
    made.offset = end_of_write(file, flags, made.result, asked) -
                  static_cast<std::uint64_t>(made.result);
  }
}

std::optional<MadeContent> write_all(const Notification& call, const Fd& file,
                                     const RoomAsk& ask) {
  auto size = static_cast<std::size_t>(ask.size);
  auto memory = aligned(size);
  if (!memory || !gather(call.tid, ask, memory.get())) {
    return std::nullopt;
  }
  ssize_t done = ask.offset
                     ? pwrite(file.get(), memory.get(), size, *ask.offset)
                     : write(file.get(), memory.get(), size);
  MadeContent made;
  made.result = done < 0 ? -errno : done;
  if (done > 0) {
    made.bytes.assign(memory.get(), static_cast<std::size_t>(done));
  }
  note_place(file, ask.offset, made);
  return made;
}

// What has been copied is read back: nobody else writes meanwhile.
std::optional<MadeContent> copy_all(const Notification& call, int pid,
                                    const Fd& file, const RoomAsk& ask) {
  std::optional<std::int64_t> at;
  if (!read_offset(call.tid, call.args[3], at)) {
    return std::nullopt;
  }
  // What is asked for is often all there can be: a part is an answer too.
  Notification part = call;
  part.args[4] = std::min(call.args[4], kMostBytes);
  auto done = use_room(part, pid, file, ask);
  if (!done) {
    return std::nullopt;
  }
  MadeContent made;
  made.result = *done;
  note_place(file, at, made);
  if (*done > 0) {
    made.bytes.resize(static_cast<std::size_t>(*done));
    std::string path = "/proc/self/fd/" + std::to_string(file.get());
    Fd again(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    ssize_t got = pread(again.get(), made.bytes.data(), made.bytes.size(),
                        static_cast<off_t>(made.offset));
    made.bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  }
  return made;
}

std::optional<MadeContent> write_for(const Notification& call,
                                     std::string_view name, int pid,
                                     const Fd& file) {
  auto ask = room_asked(call, name);
  bool copies = ask && ask->how == RoomAsk::How::copy;
  if (!ask || (ask->size > kMostBytes && !copies) || !may_grow(call.tid)) {
    return std::nullopt;
  }
  return copies ? copy_all(call, pid, file, *ask) : write_all(call, file, *ask);
}

}  // namespace

std::vector<std::uint64_t> shared_write_protections() {
  return {PROT_WRITE, PROT_READ | PROT_WRITE,
          PROT_READ | PROT_WRITE | PROT_EXEC};
}

std::vector<std::uint64_t> shared_map_flags() {
  return {MAP_SHARED,
          MAP_SHARED_VALIDATE,
          MAP_SHARED | MAP_POPULATE,
          MAP_SHARED | MAP_NORESERVE,
          MAP_SHARED | MAP_LOCKED,
          MAP_SHARED | MAP_POPULATE | MAP_NORESERVE};
}

std::vector<std::string> content_calls() {
  std::vector<std::string> names;
  for (const Shape& shape : kShapes) {
    if (shape.what != What::map) {
      names.emplace_back(shape.name);
    }
  }
  return names;
}

std::optional<ContentAsk> content_asked(const Notification& call,
                                        std::string_view name) {
  const Shape* shape = shape_of(kShapes, name);
  if (shape == nullptr) {
    return std::nullopt;
  }
  return ContentAsk{shape->what, static_cast<int>(call.args[shape->file])};
}

std::optional<MadeContent> make_content_call(const Notification& call,
                                             std::string_view name, int pid,
                                             const Fd& file) {
  MadeContent made;
  auto first = static_cast<off_t>(call.args[1]);
  if (name == "fsync") {
    made.result = result_of(fsync(file.get()));
  } else if (name == "fdatasync") {
    made.result = result_of(fdatasync(file.get()));
  } else if (!may_grow(call.tid)) {
    return std::nullopt;
  } else if (name == "ftruncate") {
    made.result = result_of(ftruncate(file.get(), first));
  } else if (name == "fallocate") {
    made.result = result_of(fallocate(file.get(), static_cast<int>(first),
                                      static_cast<off_t>(call.args[2]),
                                      static_cast<off_t>(call.args[3])));
  } else {
    return write_for(call, name, pid, file);
  }
  return made;
}

}  // namespace faultrig
