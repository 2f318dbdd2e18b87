#include "harness/model/service.h"

#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/base/units.h"

namespace faultrig {

namespace {

std::string https(bool tls) { return tls ? "https " : ""; }

std::string port_text(int port) {
  return port == 0 ? "" : " on port " + std::to_string(port);
}

std::string pieces_text(const Load& load) {
  return load.sending.pieces == 1
             ? ""
             : fmt::format(", its body in {} pieces, {} apart",
                           load.sending.pieces,
                           format_duration(load.sending.pause));
}

std::string asked_words(const Load& load, const std::string& many) {
  using Protocol = Load::Protocol;
  std::string out = load.protocol == Protocol::grpc    ? "gRPC "
                    : load.protocol == Protocol::http2 ? "HTTP/2 "
                                                       : "";
  out += https(load.tls);
  out += load.protocol == Protocol::grpc ? load.path
                                         : load.method + " " + load.path;
  out += port_text(load.port) + pieces_text(load);
  if (load.rate > 0) {
    out += fmt::format(", {:g}/s", load.rate);
  }
  out += ", at most " + many;
  if (load.streams > 1) {
    out += fmt::format(" of {} streams", load.streams);
  }
  return out + (load.keep_alive ? ", kept alive" : ", a new one each");
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
    case Kind::grpc:
      return https(tls) + "grpc.health.v1 says that " +
             (text.empty() ? "the server" : text) + port_text(port) +
             " is serving";
    case Kind::output:
      return "a line matches " + text;
    case Kind::file:
      return "there is a file " + text;
  }
  return "it takes a connection, and answers HTTP if it answers anything";
}

bool Load::is_once() const {
  return kind == Kind::stream || kind == Kind::sse || kind == Kind::grpc_stream;
}

bool Load::is_held() const { return kind != Kind::http && !is_once(); }

std::string Load::words() const {
  std::string many = std::to_string(connections) +
                     (connections == 1 ? " connection" : " connections");
  switch (kind) {
    case Kind::http:
      return asked_words(*this, many);
    case Kind::idle:
      return many + ", idle after one answer of " + path;
    case Kind::silent:
      return many + " without a byte";
    case Kind::half_head:
      return many + " with half of a header";
    case Kind::half_body:
      return many + " with half of a body";
    case Kind::stream:
      return many + " that read " + path + " to its end";
    case Kind::sse:
      return many + " that read the events of " + path;
    case Kind::websocket:
      return many + ", each a WebSocket at " + path;
    case Kind::grpc_stream:
      return many + ", each a stream of gRPC from " + path;
  }
  return many;
}

}  // namespace faultrig
