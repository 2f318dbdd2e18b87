#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace faultrig {

// What a line of strace(1) says, as it stands there: the texts are parts of the
// line.
struct CallLine {
  enum class Kind {
    call,      // whole: `close(3) = 0`
    begun,     // `read(3, <unfinished ...>`, or cut off
    resumed,   // `<... read resumed>"x", 1) = 1`
    signal,    // `--- SIGTERM {si_signo=SIGTERM, ...} ---`
    exited,    // `+++ exited with 3 +++`
    killed,    // `+++ killed by SIGKILL +++`
    attached,  // `strace: Process 4242 attached`: `pid` was made
    aside,     // strace's own words, a stack of -k, a stop
    unread,    // none of strace, or of one that writes otherwise
  };
  Kind kind = Kind::unread;
  std::optional<std::int64_t>
      pid;  // before the line; nothing: none stood there
  // Microseconds: of the epoch (-ttt), of the day (-t, -tt), or since the line
  // before (-r), as `clock` says.
  enum class Clock { none, epoch, day, step };
  Clock clock = Clock::none;
  std::int64_t at = 0;
  std::string_view call;
  std::string_view arguments;  // between the brackets, or a part of that
  std::string_view result;     // `3`, `-1`, `0x7f2a`, `?`
  std::string_view error;      // `EMFILE`; empty: none
  bool injected = false;       // by strace itself
  std::string_view signal;
  std::string_view details;  // of a signal: between the braces
  int status = 0;            // of an exit
};

// Of any line, with whatever options of strace: -f, -t, -tt, -ttt, -r, -T, -i,
// -n, -y, -yy, -Y, -k. Allocates nothing; takes any bytes.
CallLine read_call_line(std::string_view line);

// The same of what stands behind the name of a call, put together from the line
// on which it began and that on which it went on.
void read_call_rest(std::string_view rest, CallLine& line);

}  // namespace faultrig
