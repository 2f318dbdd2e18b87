#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace faultrig {

// When a service counts as ready.
struct Ready {
  enum class Kind {
    serving,    // something listens, takes a connection, and answers HTTP if it
                // answers anything
    listening,  // a socket of the service's listens
    tcp,        // a connection to a port is taken
    http,       // a path answers with a status
    output,     // a line was printed
    file,       // a file is there
  };
  Kind kind = Kind::serving;
  std::string text;  // http: a path; output: RE2; file: glob
  bool tls = false;  // http: over TLS, whosever certificate it has
  std::string host;  // http: as HttpTarget
  int port = 0;      // tcp, http, listening; 0: the one it listens on
  int status = 200;  // http

  std::string words() const;  // as in a plan: `/healthz answers 200`
};

// What is asked of a service while it runs.
struct Load {
  enum class Kind {
    http,       // requests, at a rate
    idle,       // keep-alive connections that have had one answer and wait
    silent,     // connections without a byte
    half_head,  // half of a request's header, then nothing
    half_body,  // a header, half of its body, then nothing
  };
  Kind kind = Kind::http;
  std::string name;            // to cite it: `load` when none is given
  std::string method = "GET";  // http
  std::string path = "/";
  bool tls = false;           // whosever certificate it has
  std::string host;           // as HttpTarget
  int port = 0;               // 0: the one it listens on
  std::string body;           // `${n}` in it is the request's number, from 1
  std::optional<int> status;  // what an answer has; none: any below 500
  double rate = 0;            // requests a second, open loop; 0: each
                              // connection asks again when it was answered
  int connections = 1;        // http: the most at once; others: how many
  bool keep_alive = true;     // http: a connection takes more than one

  std::string words() const;  // as in a plan: `GET /slow, 100/s, ...`
};

// A Go package that is compiled to be run.
struct GoBuild {
  std::filesystem::path dir;  // absolute after reading
  std::string package = ".";
  std::vector<std::string> flags;
};

// A program that runs until it is told to stop.
struct Service {
  std::optional<GoBuild> build;  // what the program is made from, if anything
  Ready ready;
  std::chrono::nanoseconds ready_within = std::chrono::seconds(10);
  // From the first signal that is to stop it to our SIGKILL.
  std::chrono::nanoseconds grace = std::chrono::seconds(10);
  std::vector<Load> load;
  bool own_network = true;  // a network namespace of its own, where allowed
};

}  // namespace faultrig
