#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "harness/base/fd.h"
#include "harness/base/result.h"

namespace faultrig {

// The stderr of another process, held so that a line can be written to it when
// that process has ended: `go test` keeps back what its tests print, and when
// it is killed, that is lost with it.
class KeptStderr {
 public:
  // Fails where /proc does not let us, and for a stderr that is a socket.
  static Result<KeptStderr> of(int pid);

  // Whether its owner has ended, or does within `patience`.
  bool owner_ended(std::chrono::milliseconds patience) const;

  // To be called now and then: it is let go when its owner has ended that long
  // ago, since whoever reads it waits for us too.
  void let_go_behind(std::chrono::milliseconds longest);

  // Only once the owner has ended. Fails when it was let go.
  Result<> write(const std::string& text) const;

 private:
  KeptStderr(Fd process, Fd file);

  Fd process_;
  Fd file_;
  std::optional<std::chrono::steady_clock::time_point> ended_;
};

}  // namespace faultrig
