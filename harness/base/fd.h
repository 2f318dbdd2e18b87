#pragma once

#include <string>
#include <utility>

#include "harness/base/result.h"

namespace faultrig {

// Owns one file descriptor; closes it at the end. Every descriptor of ours is
// O_CLOEXEC: the kernel closes it at exec (open(2)).
class Fd {
 public:
  Fd() = default;
  explicit Fd(int number) : number_(number) {}
  Fd(Fd&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Fd& operator=(Fd&& other) noexcept;
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { reset(); }

  bool valid() const { return number_ >= 0; }
  explicit operator bool() const { return valid(); }
  // Borrowed: stays owned by this object.
  int get() const { return number_; }
  // Gives the number away: the caller closes it.
  int release() { return std::exchange(number_, -1); }
  void reset();

 private:
  int number_ = -1;
};

// Sees that nothing we open becomes 0, 1 or 2: one of these that is closed is
// taken by a descriptor that answers as a closed one does (EBADF; O_PATH in
// open(2)), and is closed again at exec. The first thing that a program does.
void hold_standard_numbers();

// Is this number closed, or only held?
bool is_closed(int number);

struct PipeEnds {
  Fd read;
  Fd write;
};

// Both ends O_CLOEXEC (pipe2(2)); `read_nonblocking` sets O_NONBLOCK on the
// read end only.
Result<PipeEnds> make_pipe(bool read_nonblocking);

// openat(2) with O_CLOEXEC added; `directory` may be AT_FDCWD.
Result<Fd> open_file(int directory, const std::string& path, int flags,
                     unsigned mode = 0);

// A copy with O_CLOEXEC at the lowest number not below `lowest`
// (F_DUPFD_CLOEXEC in fcntl(2)).
Result<Fd> duplicate(int number, int lowest = 0);

// The whole content, at most `limit` bytes; files in /proc and cgroupfs too.
Result<std::string> read_file(int directory, const std::string& path,
                              std::size_t limit = 1 << 20);

// The whole content of a regular file; more than `limit` bytes are an error.
// For files of strangers: follows no link at the end of `path`, and does not
// wait for a pipe or a device.
Result<std::string> read_regular_file(const std::string& path,
                                      std::size_t limit);

// The same, of which what is beyond `limit` bytes is left out.
Result<std::string> read_start_of_file(const std::string& path,
                                       std::size_t limit);

// One write(2) of the whole text, as cgroupfs wants it; the file must exist.
Result<> write_file(int directory, const std::string& path,
                    const std::string& text);

}  // namespace faultrig
