// A server of TLS that is asked in plain HTTP says so in one of two ways: an
// alert record of TLS (RFC 8446, section 6: the bytes 21 and 3), or, as Go and
// nginx do, an answer 400 of HTTP whose body says what was wrong.
#include "harness/load/probe.h"

#include <utility>

#include "harness/os/shim_processes.h"

namespace faultrig {

namespace {

constexpr int kBadRequest = 400;
constexpr std::size_t kFirst = 2;
constexpr std::string_view kTlsAlert = "\x15\x03";

bool wants_tls(const std::string& body) {
  return body.find("HTTPS") != std::string::npos;
}

}  // namespace

Probe::Probe(Reactor& reactor, const InetAddress& to, ProbeAsk ask,
             std::function<void()> changed)
    : begun_ns_(monotonic_ns()),
      to_(to),
      request_(std::move(ask.request)),
      changed_(std::move(changed)),
      connection_(reactor, to, *this, ask.wire) {
  if (ask.health) {
    health_.emplace(ask.wire, *ask.health);
  }
}

OpenConnection Probe::standing() const {
  return {.local = connection_.local(),
          .remote = to_,
          .step = OpenConnection::Step::asked};
}

void Probe::connected(int os_errno) {
  os_errno_ = os_errno;
  if (os_errno != 0) {
    done_ = true;
    become(State::failed);
    return;
  }
  if (health_) {
    connection_.send(health_->to_send());
  } else if (!request_.empty()) {
    connection_.send(std::move(request_));
  }
  become(State::connected);
}

void Probe::sent(int /*os_errno*/) {}

void Probe::received(std::string_view bytes) {
  if (health_) {
    hear_health(bytes);
    return;
  }
  if (first_.size() < kFirst) {
    first_.append(bytes.substr(0, kFirst - first_.size()));
  }
  if (state_ != State::connected) {
    done_ = !reply_.feed(bytes) || reply_.complete();
    return;
  }
  if (reply_.feed(bytes)) {
    done_ = reply_.complete();
    (void)judge_reply();
    return;
  }
  done_ = true;
  become(first_ == kTlsAlert ? State::tls : State::other);
}

void Probe::ended(int os_errno) {
  done_ = true;
  os_errno_ = os_errno;
  reply_.end();
  if (state_ == State::connected && !judge_reply()) {
    become(State::other);
  }
}

void Probe::hear_health(std::string_view bytes) {
  bool sound = health_->feed(bytes);
  std::string more = health_->to_send();
  if (!more.empty() && !done_) {
    connection_.send(std::move(more));
  }
  if (done_ || (sound && !health_->is_answered())) {
    return;
  }
  done_ = true;
  become(sound ? State::http : State::other);
}

// Of a 400 the body tells more.
bool Probe::judge_reply() {
  bool bad = reply_.status() == kBadRequest;
  if (!reply_.is_http() || (bad && !done_)) {
    return false;
  }
  become(bad && wants_tls(reply_.beginning()) ? State::tls : State::http);
  return true;
}

void Probe::become(State state) {
  state_ = state;
  auto changed = changed_;
  changed();
}

}  // namespace faultrig
