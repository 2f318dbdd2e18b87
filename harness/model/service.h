#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
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
    grpc,       // grpc.health.v1 says that it is serving
    output,     // a line was printed
    file,       // a file is there
  };
  Kind kind = Kind::serving;
  std::string text;  // http: a path; grpc: a service, empty: the whole server;
                     // output: RE2; file: glob
  bool tls = false;  // http, grpc: over TLS, whosever certificate it has
  std::string host;  // http: as HttpTarget
  int port = 0;      // tcp, http, listening; 0: the one it listens on
  int status = 200;  // http

  std::string words() const;  // as in a plan: `/healthz answers 200`
};

// What is asked of a service while it runs.
struct Load {
  // How a body is sent.
  struct Sending {
    int pieces = 1;
    std::chrono::nanoseconds pause{0};  // between two pieces
    bool chunked = false;               // http1: without a Content-Length
  };
  enum class Kind {
    http,         // requests, at a rate
    idle,         // keep-alive connections that have had one answer and wait
    silent,       // connections without a byte
    half_head,    // half of a request's header, then nothing
    half_body,    // a header, half of its body, then nothing
    stream,       // an answer without an end, asked for once
    sse,          // the same, of text/event-stream
    websocket,    // a WebSocket, on which we say nothing
    grpc_stream,  // a call of gRPC whose answers have no end, made once
  };
  enum class Protocol { http1, http2, grpc };
  Kind kind = Kind::http;
  std::string name;  // to cite it: `load` when none is given
  Protocol protocol = Protocol::http1;
  std::string method = "GET";  // http
  std::string path = "/";
  bool tls = false;  // whosever certificate it has
  std::string host;  // as HttpTarget
  int port = 0;      // 0: the one it listens on
  std::string body;  // `${n}` in it, and in `path`, is the request's
                     // number, from 1; of gRPC: the message
  Sending sending;
  std::optional<int> status;  // what an answer has; none: any below 500, of
                              // gRPC OK
  std::string answer;         // RE2, found in the first 64 KiB of the answer's
                              // body; empty: any will do
  double rate = 0;            // requests a second, open loop; 0: each
                              // connection asks again when it was answered
  int connections = 1;        // http: the most at once; others: how many
  int streams = 1;            // http2, grpc: the most at once on a connection
  bool keep_alive = true;     // http: a connection takes more than one
  std::string find;  // the path at which a write is found again; empty:
                     // its own

  // Is each asked for once, and stays open?
  bool is_once() const;
  // Is nothing asked on these connections that is to be answered?
  bool is_held() const;
  std::string words() const;  // as in a plan: `GET /slow, 100/s, ...`
};

// A Go package that is compiled to be run.
struct GoBuild {
  std::filesystem::path dir;  // absolute after reading
  std::string package = ".";
  std::vector<std::string> flags;
};

// A service that another one needs: started before it and ready before it, in
// its network; no fault hits it; ended after it.
struct Need {
  std::string name;  // of its link
  std::vector<std::string> command;
  std::optional<GoBuild> build;            // as Service::build
  std::map<std::string, std::string> env;  // all that is set for it
  std::filesystem::path cwd;               // absolute after reading
  Ready ready;
  std::chrono::nanoseconds ready_within = std::chrono::seconds(10);
  // From our SIGTERM, once nothing needs it any more, to our SIGKILL.
  std::chrono::nanoseconds grace = std::chrono::seconds(2);
  std::vector<std::string> needs;  // names of others
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
  bool pid1 = false;        // the first process of a PID namespace of its own
  // Folders that a second life gets; none: it runs in the workload's folder.
  std::vector<std::string> keep;
  std::vector<Need> needs;  // each behind all that it needs itself
};

// How a platform means the next signal that stops the service.
struct ServiceStop {
  int signal = 0;
  std::chrono::nanoseconds load_for{0};  // from now on, then nothing new
  std::chrono::nanoseconds grace{0};     // from that signal to our SIGKILL
};

// A life after the end of the first one, on the folders that it kept.
struct SecondLife {
  std::chrono::nanoseconds ready_within = std::chrono::seconds(10);
  std::string finds;  // the load whose writes are asked for; empty: none
};

// What is watched of a service because an expectation asks for it.
struct ServiceWatch {
  bool health = false;             // from its stop on
  bool each_ask = false;           // how many are in flight then
  std::vector<std::string> files;  // globs, relative to where it runs
  std::optional<SecondLife> again;
};

}  // namespace faultrig
