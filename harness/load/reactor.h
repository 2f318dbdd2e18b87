#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "harness/base/result.h"
#include "harness/load/tls_session.h"
#include "harness/os/inet_sockets.h"

namespace faultrig {

// The driver's event loop, and its connections: the only file with Boost.Asio.
// One thread; made after the fork.
class Reactor {
 public:
  Reactor();
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;
  ~Reactor();

  // Until stop().
  void run();
  void stop();
  // Calls `then` once, at `at_ns` of CLOCK_MONOTONIC or soon after. It must be
  // callable as long as the reactor lives.
  void at(std::int64_t at_ns, std::function<void()> then);
  // Calls `ready` whenever `fd` is readable or its peer has closed, until it
  // says false. The descriptor stays the caller's.
  void watch(int fd, const std::function<bool()>& ready);

  class Core;

 private:
  friend class Connection;
  std::unique_ptr<Core> core_;
};

// What happens to a connection. Any of these but sent() may destroy it.
class ConnectionUser {
 public:
  virtual ~ConnectionUser() = default;
  // `os_errno` 0: it stands, with its TLS. Any other: it never will, and
  // nothing follows; EPROTO: what answers there is no TLS that we can speak.
  virtual void connected(int os_errno) = 0;
  // The kernel has all bytes that were given to send(); any other errno than 0:
  // it never will. What the peer has sent is still read.
  virtual void sent(int os_errno) = 0;
  virtual void received(std::string_view bytes) = 0;
  // The peer has closed (0) or broken it; nothing follows. EPROTO: its TLS was
  // broken, or cut without a word.
  virtual void ended(int os_errno) = 0;
};

// A TCP connection of ours, with TLS on it where that was asked for. Nothing is
// sent twice, nothing is tried again. Closed at the end, without lingering.
class Connection {
 public:
  // Starts to connect. `user` must outlive it.
  Connection(Reactor& reactor, const InetAddress& to, ConnectionUser& user,
             const Wire& wire = {});
  Connection(Connection&&) noexcept = default;
  Connection& operator=(Connection&&) = delete;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  // Only when connected, and after what was given before has been sent. sent()
  // may be called before this returns.
  void send(std::string bytes);
  // Has the peer closed it, though we have not heard of it yet?
  bool is_over() const;
  // Our end; all zero before it is connected.
  const InetAddress& local() const;
  // How many bytes were given to the kernel so far, or will be, as they are on
  // the wire; how many of them the peer's kernel has acknowledged, and how many
  // it has.
  std::uint64_t given() const;
  std::uint64_t taken() const;
  std::uint64_t arrived() const;
  // What was agreed on by ALPN; empty: nothing.
  std::string protocol() const;

  class Core;

 private:
  std::shared_ptr<Core> core_;
};

}  // namespace faultrig
