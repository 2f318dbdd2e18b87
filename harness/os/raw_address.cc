#include "harness/os/raw_address.h"

#include <netinet/in.h>

#include <algorithm>
#include <cstring>

namespace faultrig {

RawAddress raw_address(std::string_view bytes) {
  RawAddress out;
  out.size = static_cast<socklen_t>(std::min(bytes.size(), sizeof out.storage));
  std::memcpy(&out.storage, bytes.data(), out.size);
  return out;
}

RawAddress loopback_of(int family) {
  RawAddress out;
  if (family == AF_INET) {
    auto& four = reinterpret_cast<sockaddr_in&>(out.storage);
    four.sin_family = AF_INET;
    four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    out.size = sizeof four;
  } else if (family == AF_INET6) {
    auto& six = reinterpret_cast<sockaddr_in6&>(out.storage);
    six.sin6_family = AF_INET6;
    six.sin6_addr = in6addr_loopback;
    out.size = sizeof six;
  } else {
    out.storage.ss_family = AF_UNIX;
    out.size = sizeof out.storage.ss_family;
  }
  return out;
}

}  // namespace faultrig
