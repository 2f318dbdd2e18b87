#pragma once

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "harness/run/proxied_stream.h"

namespace faultrig {

// A ProxiedStream between two sockets of the test's: what a client says and
// reads, and what a server does.
class StreamBetween {
 public:
  // `names`: the server is a resolver.
  explicit StreamBetween(std::vector<Dependency> faults,
                         DnsBook* names = nullptr)
      : book_(std::move(faults), Link::command, [this](const Observation& one) {
          effects_.push_back(one.text);
        }) {
    auto [to_server, server] = pair();
    auto [to_client, client] = pair();
    server_ = std::move(server);
    client_ = std::move(client);
    stream_ = std::make_shared<ProxiedStream>(
        crowd_, loop_, book_,
        DependencyUse{"127.0.0.1:80", 1, book_.at("127.0.0.1:80"), {}, names},
        std::move(to_server));
    stream_->on_end([this] { over_ = true; });
    stream_->server_settled(0);
    stream_->attach(std::move(to_client), nullptr);
  }

  // All that can happen now has happened.
  void turn() {
    while (loop_.step(std::chrono::nanoseconds(0))) {
    }
  }
  // Something happens, by a timer too.
  void wait() { loop_.step(std::chrono::minutes(1)); }

  void set_active(bool active) {
    book_.select(kFault, active);
    if (active) {
      stream_->begin(0);
    }
    stream_->pump();
    turn();
  }

  void client_says(std::string_view bytes) { say(client_, bytes); }
  void server_says(std::string_view bytes) { say(server_, bytes); }
  std::string client_reads() { return read_all(client_); }
  std::string server_reads() { return read_all(server_); }
  Fd& client() { return client_; }
  Fd& server() { return server_; }
  ProxiedStream& stream() { return *stream_; }
  const std::vector<std::string>& effects() const { return effects_; }
  bool is_over() const { return over_; }

  static constexpr FaultId kFault = 3;

 private:
  static std::array<Fd, 2> pair() {
    std::array<int, 2> ends{};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
                         ends.data()),
              0);
    return {Fd(ends[0]), Fd(ends[1])};
  }

  void say(const Fd& end, std::string_view bytes) {
    EXPECT_EQ(write(end.get(), bytes.data(), bytes.size()),
              static_cast<ssize_t>(bytes.size()));
    turn();
  }

  // `<end>`, `<reset>`: what came behind the bytes.
  std::string read_all(const Fd& end) {
    turn();
    std::string out;
    std::array<char, 65536> bytes{};
    for (;;) {
      ssize_t got = read(end.get(), bytes.data(), bytes.size());
      if (got > 0) {
        out.append(bytes.data(), static_cast<std::size_t>(got));
        turn();
      } else {
        return out + (got == 0 ? "<end>" : errno == EAGAIN ? "" : "<reset>");
      }
    }
  }

  Loop loop_;
  Crowd crowd_{loop_};
  std::vector<std::string> effects_;
  DependencyBook book_;
  Fd client_;
  Fd server_;
  std::shared_ptr<ProxiedStream> stream_;
  bool over_ = false;
};

// A fault in this mode, not active yet.
inline Dependency broken_by(DependencyMode mode, std::int64_t number = 0) {
  Dependency what;
  what.fault = StreamBetween::kFault;
  what.peers = dependency_peers("80");
  what.mode = mode;
  what.number = number;
  what.body = "busy";
  what.active_from_start = false;
  return what;
}

}  // namespace faultrig
