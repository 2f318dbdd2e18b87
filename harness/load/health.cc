// Each question is one connection, as those of a balancer are, and the next one
// follows a moment after its answer: a server that drains is not kept from it.
// An answer that takes longer than a second is none.
#include "harness/load/health.h"

#include <cerrno>
#include <utility>

#include "harness/load/target.h"
#include "harness/os/shim_processes.h"

namespace faultrig {

namespace {

constexpr std::int64_t kMillisecond = 1'000'000;  // nanoseconds
constexpr std::int64_t kPause = 2 * kMillisecond;
constexpr std::int64_t kPatience = 1000 * kMillisecond;

}  // namespace

void HealthWatch::ask() {
  HttpRequest request{"GET", ready_.host.empty() ? at_.text() : ready_.host,
                      ready_.text, "", false};
  ProbeAsk what{text_of(request), {ready_.tls, request.host, ""}};
  probe_ = std::make_unique<Probe>(reactor_, at_, std::move(what), [] {});
  reactor_.at(monotonic_ns() + kPause, [this] { look(); });
}

void HealthWatch::look() {
  using State = Probe::State;
  bool waits = probe_->state() == State::connecting ||
               (probe_->state() == State::connected && !probe_->is_done());
  bool late = monotonic_ns() - probe_->begun_ns() > kPatience;
  bool half = probe_->state() == State::http && !probe_->is_done();
  if ((waits || half) && !late) {
    reactor_.at(monotonic_ns() + kPause, [this] { look(); });
    return;
  }
  if (waits) {
    note(0, ETIMEDOUT);
  } else if (probe_->state() == State::http) {
    note(probe_->status(), 0);
  } else {
    note(0, probe_->os_errno() != 0 ? probe_->os_errno() : ECONNRESET);
  }
  ask();
}

void HealthWatch::note(int status, int os_errno) {
  if (status != status_ || os_errno != errno_) {
    status_ = status;
    errno_ = os_errno;
    tell_({monotonic_ns(), status, os_errno});
  }
}

}  // namespace faultrig
