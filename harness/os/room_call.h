#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/fd.h"
#include "harness/os/notify.h"

namespace faultrig {

// A call that wants room on the disk of a file: write(2) and its like,
// fallocate(2), copy_file_range(2).
struct RoomAsk {
  enum class How { write, reserve, copy };
  struct Part {
    std::uint64_t address = 0;  // at the caller's
    std::uint64_t size = 0;
  };
  How how = How::write;
  int file = -1;  // the caller's number
  std::vector<Part> parts;
  std::optional<std::int64_t> offset;  // none: where the file stands
  std::uint64_t size = 0;              // bytes in all
};

// The names of such calls, and of those that make files, folders and links.
std::vector<std::string> room_calls();
std::vector<std::string> file_making_calls();

// What an intercepted call asks for. Nothing: none of these, or in a way that
// only the kernel can do.
std::optional<RoomAsk> room_asked(const Notification& call,
                                  std::string_view name);

// An offset that lies in the caller's memory, as copy_file_range(2) takes it;
// at address 0 there is none. False: it cannot be read.
bool read_offset(int tid, std::uint64_t address,
                 std::optional<std::int64_t>& out);

// Makes the call for its caller, on `file`, our copy of its descriptor: its
// result, or -ENOSPC or -EDQUOT. Nothing: nothing has happened, the call has to
// run as it is.
std::optional<std::int64_t> use_room(const Notification& call, int pid,
                                     const Fd& file, const RoomAsk& ask);

// With which errno the kernel refuses to make the file, folder or link of an
// intercepted call on the disk `device`: ENOSPC or EDQUOT, tried in its folder.
// Nothing: it does not, or the call is for another disk, makes nothing, or
// cannot be followed.
std::optional<int> making_refused(const Notification& call,
                                  std::string_view name,
                                  unsigned long long device);

}  // namespace faultrig
