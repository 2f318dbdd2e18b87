#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/fd.h"
#include "harness/os/caller_file.h"
#include "harness/os/notify.h"

namespace faultrig {

// A call that changes the content of an open file, or makes it durable.
struct ContentAsk {
  enum class What {
    write,    // write(2) and its like, copy_file_range(2)
    resize,   // ftruncate(2)
    reserve,  // fallocate(2)
    sync,     // fsync(2)
    sync_data,
    unseen,  // it goes where we cannot look: sendfile(2), splice(2)
    map,     // mmap(2), shared and writable
  };
  What what = What::write;
  int file = -1;  // the caller's number
};

// FALLOC_FL_KEEP_SIZE of fallocate(2).
inline constexpr std::uint64_t kKeepSize = 1;

// The protections of mmap(2) that let write, and the flags with which others
// see what is written; but for rare ones.
std::vector<std::uint64_t> shared_write_protections();
std::vector<std::uint64_t> shared_map_flags();

// The names of such calls; mmap(2) is not among them.
std::vector<std::string> content_calls();

// What an intercepted call asks for; nothing: it is none of these.
std::optional<ContentAsk> content_asked(const Notification& call,
                                        std::string_view name);

// What such a call, made for its caller on our copy of its descriptor, has come
// to.
struct MadeContent {
  std::int64_t result = 0;   // as the caller gets it; -errno
  std::uint64_t offset = 0;  // of a write: where
  std::string bytes;         // of a write: what
  bool at_once = false;      // it is on the disk (O_SYNC, O_DSYNC)
};
// Nothing: nothing has happened, and the call has to run as it is.
std::optional<MadeContent> make_content_call(const Notification& call,
                                             std::string_view name, int pid,
                                             const Fd& file);

}  // namespace faultrig
