#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "harness/load/health_talk.h"
#include "harness/load/http_messages.h"
#include "harness/load/news.h"
#include "harness/load/reactor.h"
#include "harness/load/whereabouts.h"

namespace faultrig {

// What a probe sends, empty: nothing; and over what. `health`: it asks by gRPC
// whether this service is serving, instead.
struct ProbeAsk {
  std::string request;
  Wire wire;
  std::optional<std::string> health;
};

// One connection to one listener, to learn what answers there, and at most one
// request on it.
class Probe final : public ConnectionUser {
 public:
  enum class State {
    connecting,
    failed,     // no connection, or none with TLS
    connected,  // and nothing was said yet
    http,
    tls,
    other,  // it said something that is no HTTP, or closed
  };
  // `changed` is called from the
  // reactor when the state has changed; it may destroy the probe.
  Probe(Reactor& reactor, const InetAddress& to, ProbeAsk ask,
        std::function<void()> changed);
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;
  ~Probe() override = default;

  State state() const { return state_; }
  std::int64_t begun_ns() const { return begun_ns_; }
  // Our end and its.
  OpenConnection standing() const;
  int status() const { return health_ ? health_->status() : reply_.status(); }
  std::string location() const { return reply_.location(); }
  int os_errno() const { return os_errno_; }
  // Nothing more is to come.
  bool is_done() const { return done_; }

  void connected(int os_errno) override;
  void sent(int os_errno) override;
  void received(std::string_view bytes) override;
  void ended(int os_errno) override;

 private:
  // Both may destroy it: the last thing that a caller does.
  void become(State state);
  bool judge_reply();  // false: it tells nothing yet
  void hear_health(std::string_view bytes);

  std::int64_t begun_ns_;
  InetAddress to_;
  State state_ = State::connecting;
  bool done_ = false;
  int os_errno_ = 0;
  std::string first_;  // bytes that came, the first few
  std::string request_;
  std::function<void()> changed_;
  Reply reply_;
  std::optional<HealthTalk> health_;
  Connection connection_;  // the last: it calls the others
};

}  // namespace faultrig
