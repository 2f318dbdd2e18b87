#pragma once

#include <string>

namespace faultrig {

// A server in a process of its own, at a free port of loopback or at a path. Of
// each connection it reads lines: to `big` it answers with 4096 letters and the
// end of a line, to any other with the same line.
class LineServer {
 public:
  LineServer();
  explicit LineServer(const std::string& path);
  LineServer(const LineServer&) = delete;
  LineServer& operator=(const LineServer&) = delete;
  ~LineServer();

  std::string port() const { return std::to_string(port_); }

 private:
  void serve(int listener);
  int port_ = 0;
  int pid_ = -1;
};

}  // namespace faultrig
