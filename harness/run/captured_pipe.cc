#include "harness/run/captured_pipe.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>

#include "harness/os/unread.h"

namespace faultrig {

namespace {

// False: it has ended. Bounded, so that a flood on one stream starves nobody
// else.
bool read_some(const Fd& pipe, Capture& into) {
  constexpr int kMostTurns = 16;
  char buffer[65536];
  for (int turns = 0; turns < kMostTurns; ++turns) {
    ssize_t got = read(pipe.get(), buffer, sizeof buffer);
    if (got <= 0) {
      return got < 0 && (errno == EAGAIN || errno == EINTR);
    }
    into.add({buffer, static_cast<std::size_t>(got)});
  }
  return true;
}

}  // namespace

void listen_to(Loop& loop, Fd& pipe, Capture& into) {
  if (!pipe) {
    return;
  }
  fcntl(pipe.get(), F_SETPIPE_SZ, 1 << 20);  // fewer wake-ups; may be refused
  loop.watch(pipe.get(), POLLIN, [&loop, &pipe, &into](short) {
    if (!read_some(pipe, into)) {
      loop.unwatch(pipe.get());
      pipe.reset();
    }
  });
}

std::uint64_t written_to(const Fd& pipe, const Capture& read) {
  return read.taken() + static_cast<std::uint64_t>(unread_in(pipe));
}

void read_rest(const Fd& pipe, Capture& into) {
  if (pipe) {
    (void)read_some(pipe, into);  // that it has ended is no news here
  }
}

}  // namespace faultrig
