#pragma once

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include "harness/base/fd.h"
#include "harness/os/stream_socket.h"
#include "tests/kernel/patience.h"

namespace faultrig {

// A connection to a port of loopback.
class WebClient {
 public:
  explicit WebClient(int port)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(
        connect(socket_.get(), reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
  }

  void say(const std::string& text) const {
    EXPECT_EQ(send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(text.size()));
  }

  void say_no_more() const { end_sending(socket_); }
  // Closes it, and the other side sees no end.
  void reset() { close_with_reset(socket_); }

  // Reads until this has come, or the end; gives all that has.
  std::string await(const std::string& text) {
    while (seen_.find(text) == std::string::npos && more()) {
    }
    return seen_;
  }
  // Until the other side closes.
  std::string rest() {
    while (more()) {
    }
    return seen_;
  }

 private:
  bool more() {
    constexpr int kPatience = 60'000;
    pollfd wait{socket_.get(), POLLIN, 0};
    if (poll(&wait, 1, kPatience * slowness()) != 1) {
      ADD_FAILURE() << "nothing came behind '" << seen_ << "'";
      return false;
    }
    char buffer[65536];
    ssize_t got = recv(socket_.get(), buffer, sizeof buffer, 0);
    seen_.append(buffer, static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    return got > 0;
  }

  Fd socket_;
  std::string seen_;
};

}  // namespace faultrig
