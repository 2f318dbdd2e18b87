#pragma once

#include <chrono>
#include <vector>

#include "harness/base/result.h"
#include "harness/os/line_socket.h"
#include "harness/os/worker.h"
#include "harness/spans/span_lines.h"

namespace faultrig {

// The process that takes spans from a workload: OTLP over HTTP/1.1 at
// 127.0.0.1. A child of the caller's, forked without exec; it belongs to no
// cgroup, filter or limit of the workload, and ends with the caller. What it is
// sent it bounds: 64 connections, 8 MiB a request, kMostSpans in all, of the
// rest how many. What goes to /v1/metrics and /v1/logs is answered and dropped.
class SpanReceiver {
 public:
  static constexpr std::size_t kMostSpans = 10'000;

  // `port` 0: any that is free. `spaces`: descriptors of namespaces to enter
  // first (stand_apart()); borrowed until this returns. ReceiverReady follows,
  // or the end, with SpansMissed before it where it can say why. system: no
  // process.
  static Result<SpanReceiver> start(int port, const std::vector<int>& spaces);
  SpanReceiver(SpanReceiver&&) noexcept = default;
  SpanReceiver& operator=(SpanReceiver&&) = delete;
  SpanReceiver(const SpanReceiver&) = delete;
  SpanReceiver& operator=(const SpanReceiver&) = delete;
  // Kills it and waits for its end.
  ~SpanReceiver();

  // Readable when there is news.
  int fd() const { return worker_.fd(); }
  // What has come; never waits.
  Result<std::vector<SpanNews>> news();
  // Nothing more will come: it has ended.
  bool is_over() const { return over_; }
  // The workload has ended: all that was sent is read, connections that are
  // still open then get so long to end; ReceiverDone follows.
  void finish(std::chrono::nanoseconds wait);

 private:
  explicit SpanReceiver(Worker worker)
      : worker_(std::move(worker)), lines_(worker_.fd()) {}
  Worker worker_;
  LineSocket lines_;
  bool over_ = false;
};

}  // namespace faultrig
