#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/result.h"

namespace faultrig {

// The head of a request that came whole. Texts are as they came: they may hold
// anything that a line of HTTP may.
struct WebRequest {
  std::string method;
  std::string target;
  std::vector<std::string> hosts;    // each Host field
  std::vector<std::string> origins;  // each Origin field
};

struct WebAnswer {
  int status = 200;
  std::string type = "text/plain; charset=utf-8";
  std::string body;
  // Fields beside those that every answer has.
  std::vector<std::pair<std::string, std::string>> fields = {};
  // `body` is the beginning of a stream of server-sent events, and what
  // HttpServer::tell() is given follows.
  bool stays_open = false;
};

// Serves HTTP/1.1 on loopback, in one thread. Bounded: 32 connections, a head
// of 8 KiB, a body of 1 KiB, which nobody reads, 10 s for a request to come
// whole or an answer to be taken, 1 MiB that a stream's reader has not taken
// yet. Who goes beyond is hung up on; for one connection more, the one that has
// kept us waiting for longest is, or, where all are streams, the new one. What
// cannot be read is answered with 400, 413 or 431.
class HttpServer {
 public:
  using Answer = std::function<WebAnswer(const WebRequest&)>;

  // Listens at 127.0.0.1 alone (ip(7)); port 0: one that the kernel chooses.
  static Result<HttpServer> listen(int port);
  HttpServer(HttpServer&&) noexcept;
  HttpServer& operator=(HttpServer&&) noexcept;
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  // Closes all connections.
  ~HttpServer();

  int port() const;

  // Sends this to every stream that is open.
  void tell(const std::string& text);
  std::size_t streams() const;

  // Calls `ready` whenever `fd` can be read, or is at its end. The caller keeps
  // the descriptor; watching it again, as another one of the same number,
  // ends the first.
  Result<> watch(int fd, std::function<void()> ready);
  void unwatch(int fd);
  // Calls `tick` while it runs, which gives how long it is until the next time.
  void again(const std::function<std::chrono::milliseconds()>& tick);

  // Answers, until stop() is called by one of the functions above.
  void run(const Answer& answer);
  void stop();

 private:
  class Core;
  explicit HttpServer(std::unique_ptr<Core> core);
  std::unique_ptr<Core> core_;
};

}  // namespace faultrig
