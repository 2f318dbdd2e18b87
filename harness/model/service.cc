#include "harness/model/service.h"

#include <fmt/format.h>

#include "harness/base/text.h"

namespace faultrig {

namespace {

std::string https(bool tls) { return tls ? "https " : ""; }

std::string port_text(int port) {
  return port == 0 ? "" : " on port " + std::to_string(port);
}

}  // namespace

std::string Ready::words() const {
  switch (kind) {
    case Kind::serving:
      break;
    case Kind::listening:
      return "it listens" + port_text(port);
    case Kind::tcp:
      return "a connection is taken" + port_text(port);
    case Kind::http:
      return https(tls) + text + port_text(port) + " answers " +
             std::to_string(status);
    case Kind::output:
      return "a line matches " + text;
    case Kind::file:
      return "there is a file " + text;
  }
  return "it takes a connection, and answers HTTP if it answers anything";
}

std::string Load::words() const {
  std::string many = std::to_string(connections) +
                     (connections == 1 ? " connection" : " connections");
  switch (kind) {
    case Kind::http:
      break;
    case Kind::idle:
      return many + ", idle after one answer of " + path;
    case Kind::silent:
      return many + " without a byte";
    case Kind::half_head:
      return many + " with half of a header";
    case Kind::half_body:
      return many + " with half of a body";
  }
  std::string out = https(tls) + join({method, path}, " ") + port_text(port);
  if (rate > 0) {
    out += fmt::format(", {:g}/s", rate);
  }
  out += ", at most " + many;
  return out + (keep_alive ? ", kept alive" : ", a new one each");
}

}  // namespace faultrig
