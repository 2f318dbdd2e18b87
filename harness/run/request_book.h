#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/load/news.h"
#include "harness/run/recorder.h"

namespace faultrig {

// The requests of a service's load: how each ended, and where it was when the
// service was told to stop. Not after fork.
class RequestBook {
 public:
  void add(const RequestRecord& record);
  // The instant of the stop, in CLOCK_MONOTONIC; mark() knows it better.
  void stopped_at(std::int64_t at_ns) { stop_ns_ = at_ns; }
  // Where each connection was then. Nothing is learnt from one that came when
  // it was too late.
  void mark(const Marked& marked);
  // The service goes on: what is marked from now on is of another instant.
  void end_mark() { may_mark_ = false; }
  std::size_t size() const { return records_.size(); }
  bool is_marked() const { return marked_; }
  // So many were answered as asked, so far.
  std::int64_t answered() const { return answered_; }

  // The numbers of those of this load that were answered as asked.
  std::vector<std::uint64_t> acknowledged(std::string_view load) const;

  // Tells them: those that were answered before the stop in sums, and beyond a
  // bound all others too.
  void tell(Recorder& recorder) const;

 private:
  std::string_view place_of(const RequestRecord& record) const;

  std::vector<RequestRecord> records_;
  void tell_longest(Recorder& recorder) const;
  // How long those answers before the stop were that had no length.
  std::set<std::uint64_t> usual_lengths() const;

  using Key = std::pair<std::string, std::uint64_t>;  // the load, a number
  std::map<Key, InFlight> places_;                    // of the request's number
  std::map<Key, InFlight> quiet_;  // of the connection's; nothing was asked
  std::int64_t stop_ns_ = 0;       // 0: it was not stopped
  std::int64_t answered_ = 0;
  bool marked_ = false;
  bool may_mark_ = true;
};

}  // namespace faultrig
