#pragma once

#include <poll.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/fd.h"
#include "harness/base/result.h"

namespace faultrig {

// Stands between a child and our own stdout and stderr: passes every byte on,
// in order, and shows it to `sink`. Where both are the same open file, so are
// the child's, and all of it is `out`. The child meets what it would meet
// without us: a terminal where there is one, EPIPE when a reader has gone, and
// a full pipe when a reader is slow. Not for a process with threads.
class Relay {
 public:
  enum class Stream { out, err };
  using Sink = std::function<void(Stream, std::string_view)>;

  // Looks at our descriptors 1 and 2; one that is closed stays so. What it
  // keeps open has numbers from `lowest` on.
  static Result<Relay> open(Sink sink, int lowest = 3);
  Relay(Relay&&) noexcept = default;
  Relay& operator=(Relay&&) noexcept = default;
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;
  ~Relay() = default;

  // Between these two, 1 and 2 are what a child is to inherit.
  void divert();
  void restore();

  // What to poll for, as many entries as take() wants back.
  void add_to(std::vector<pollfd>& waits) const;
  void take(const pollfd* waits);

  // After a fork: leaves the pipes to the other process.
  void forget() { lanes_.clear(); }

  // The child has ended: reads and shows what is there.
  void take_rest();
  // Has everything that was read been passed on?
  bool flushed() const;

  // A survivor may hold the pipes open: leaves a small process behind that
  // passes on what still comes, until the last one has closed them. Nothing is
  // left behind where nothing can come: 0. Else its pid; it is our child.
  int leave_behind();

 private:
  struct Lane {
    Stream stream = Stream::out;
    Fd read;                 // empty: no more can come
    Fd write;                // the child's end, until restore()
    std::string waiting;     // read, and not all passed on yet
    std::size_t passed = 0;  // of `waiting`
    bool regular = false;    // a write to a regular file never waits
    bool both = false;       // for stderr too
  };
  Relay(Sink sink, int lowest) : sink_(std::move(sink)), lowest_(lowest) {}

  Result<> add_lane(Stream stream, bool both);
  const Fd& target(Stream stream) const;
  bool fill(Lane& lane);
  void pass_on(Lane& lane);
  [[noreturn]] void pass_on_to_the_end();

  Sink sink_;
  int lowest_;
  Fd out_;  // copies of our own 1 and 2
  Fd err_;
  std::vector<Lane> lanes_;
};

}  // namespace faultrig
