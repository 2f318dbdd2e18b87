#pragma once

#include <string>
#include <string_view>

#include "harness/base/result.h"

namespace faultrig {

// What a URL of ours names: `/healthz`, `:8080/healthz`,
// `http://127.0.0.1:8080/healthz` or `https:///healthz`. A host is only what
// we call the server: we connect to the socket that the service listens on.
struct HttpTarget {
  bool tls = false;
  std::string host;  // with its port; empty: none was named
  int port = 0;      // 0: the one the service listens on
  std::string path = "/";
};

// From here on the kernel chooses ports for who asks for none
// (ip_local_port_range in ip(7)): another one each time.
inline constexpr int kFirstChosenPort = 32768;

// usage: it is none.
Result<HttpTarget> parse_target(std::string_view text);

}  // namespace faultrig
