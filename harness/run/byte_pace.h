#pragma once

#include <cstdint>
#include <optional>

#include "harness/run/byte_queue.h"

namespace faultrig {

// So many bytes a second in one direction, a part of a second's share at a
// time. Knows when bytes have really waited for it.
class BytePace {
 public:
  using Time = ByteQueue::Time;

  // How many may go now, at `rate` bytes a second; 0: not yet.
  std::uint64_t room(Time now, std::int64_t rate) const;
  void sent(Time now, std::uint64_t bytes, std::int64_t rate);
  // Bytes are kept back by it and by nothing else. Gives when to come again.
  Time keep(Time now);
  // None are, or their reader takes none.
  void keep_none() { since_.reset(); }
  // Have those that are kept back waited until their time, or a part of a
  // second?
  bool has_waited(Time now) const;

 private:
  Time next_{};
  std::optional<Time> since_;
};

}  // namespace faultrig
