#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "harness/model/link.h"
#include "harness/model/plan.h"
#include "harness/os/shim_wire.h"
#include "harness/run/loop.h"
#include "harness/run/recorder.h"
#include "harness/run/span_losses.h"
#include "harness/run/span_receiver.h"
#include "harness/run/taken_spans.h"

namespace faultrig {

// The spans that the workload of a run exports (`observe: spans`): where it is
// told to send them, the receivers, one in each network of the run's, and what
// came. Without an observer it does nothing. Not after fork.
class RunSpans {
 public:
  // All must outlive it.
  RunSpans(const Plan& plan, Loop& loop, Recorder& recorder)
      : plan_(plan), loop_(loop), recorder_(recorder) {}
  RunSpans(const RunSpans&) = delete;
  RunSpans& operator=(const RunSpans&) = delete;
  ~RunSpans();

  bool wanted() const { return plan_.scenario.observe.spans.has_value(); }
  // Listens in our network. system: it cannot, such as at a port that is taken.
  Result<> open();
  // This environment, with what sends spans to us where nothing else is said.
  std::vector<std::string> settings(std::vector<std::string> env);
  // Is this our receiver, which is no dependency of the workload's?
  bool are_taken_at(const std::string& address) const {
    return wanted() && is_receiver(address, port_);
  }
  // A process has been started, and is at its first instruction or beyond: its
  // network gets a receiver, unless it has one.
  void started(Link link, int pid);
  // It has ended, and may have taken spans along.
  void ended(Link link, const Ended& ended);
  // All are over: waits for what they have sent, and tells it.
  void tell();

 private:
  const SpanObserver& observer() const { return *plan_.scenario.observe.spans; }
  struct Place {
    SpanReceiver receiver;
    bool done = false;
  };
  Result<int> listen(int port, const std::vector<int>& spaces);
  void take_from(Place& place);
  void take(const SpansCame& came);
  void tell_eaten();
  void lose(std::size_t count, const std::string& why, Link link, int pid = 0);
  bool await(Place& place, Loop::Clock::time_point until);

  const Plan& plan_;
  Loop& loop_;
  Recorder& recorder_;
  int port_ = 0;
  Link link_ = Link::command;
  TakenSpans taken_;
  std::vector<std::unique_ptr<Place>> places_;
  std::set<std::uint64_t> networks_;  // that have one, beside ours
  std::string elsewhere_;             // why not all may come
};

}  // namespace faultrig
