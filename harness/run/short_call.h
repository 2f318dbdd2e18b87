#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "harness/os/notify.h"

namespace faultrig {

// What a call is to be answered with.
struct ShortAnswer {
  std::int64_t value = 0;
  int error = 0;
  bool cut = false;  // it would have moved more
};

// Makes a call of read(2), write(2) and their like (moving_call()) for its
// caller, with at most `most` bytes. Nothing: nothing has happened, the call
// has to run as it is.
std::optional<ShortAnswer> make_short(const Notifier& notifier,
                                      const Notification& call,
                                      std::string_view name, int pid,
                                      std::uint64_t most);

}  // namespace faultrig
