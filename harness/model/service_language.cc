// The sections of the language that services have.
#include "harness/model/schema.h"

namespace faultrig {

namespace {

// Behind what both a service and what it needs say of their program.
std::vector<Field> with_program(std::vector<Field> own) {
  std::vector<Field> fields{
      {.key = "command",
       .kind = Kind::list,
       .summary = "the program and its arguments"},
      {.key = "env",
       .kind = Kind::environment,
       .summary = "variables to set for it"},
      {.key = "cwd",
       .kind = Kind::text,
       .summary = "where it runs; absent: the scenario's folder"},
      {.key = "ready_within",
       .kind = Kind::duration,
       .summary = "the most that it may take to get ready",
       .fallback = "10s"}};
  fields.insert(fields.end(), own.begin(), own.end());
  return fields;
}

}  // namespace

const Section& service_section() {
  static const Section section{
      .name = "service",
      .summary = "a program that runs until it is told to stop",
      .fields = with_program({
          {.key = "grace",
           .kind = Kind::duration,
           .summary = "from the first stop signal to our SIGKILL",
           .fallback = "10s"},
          {.key = "network",
           .kind = Kind::choice,
           .summary = "own: a network namespace with loopback alone, "
                      "where we may make one; shared: this machine's",
           .fallback = "own",
           .choices = {"own", "shared"}},
          {.key = "pid1",
           .kind = Kind::boolean,
           .summary = "true: it is process 1 of a PID namespace of its "
                      "own; takes CAP_SYS_ADMIN",
           .fallback = "false"},
          {.key = "keep",
           .kind = Kind::list,
           .summary = "folders that a second life gets; .: all, a copy"},
      }),
      .exactly_one_of = {{"command", "go_build"}}};
  return section;
}

const Section& ready_section() {
  static const Section section{
      .name = "ready",
      .summary = "when a service counts as ready",
      .fields =
          {
              {.key = "http",
               .kind = Kind::text,
               .summary = "when this path, or URL, answers with `status`"},
              {.key = "status",
               .kind = Kind::integer,
               .summary = "beside http: the status to wait for",
               .fallback = "200",
               .least = 100},
              {.key = "tcp",
               .kind = Kind::port,
               .summary = "when a connection to this port is taken; true: to "
                          "the one it listens on"},
              {.key = "grpc",
               .kind = Kind::text,
               .summary = "when grpc.health.v1 says that this service is "
                          "serving; true: the server as a whole; in a URL "
                          "such as https:///NAME also over TLS"},
              {.key = "output",
               .kind = Kind::regexp,
               .summary = "at the first line of its output that matches"},
              {.key = "listening",
               .kind = Kind::port,
               .summary = "when it listens; on this port, or, true, on any"},
              {.key = "file",
               .kind = Kind::glob,
               .summary = "when such a file is there, relative to `cwd`"},
          },
      .exactly_one_of = {
          {"http", "grpc", "tcp", "output", "listening", "file"}}};
  return section;
}

const Section& go_build_section() {
  static const Section section{
      .name = "go_build",
      .summary = "a Go package that is compiled once and is the program",
      .fields = {
          {.key = "dir",
           .kind = Kind::text,
           .summary = "the folder go runs in, relative to the scenario's file",
           .fallback = "."},
          {.key = "package",
           .kind = Kind::text,
           .summary = "the package to build",
           .fallback = "."},
          {.key = "flags",
           .kind = Kind::list,
           .summary = "flags for go build, such as -race"},
          {.key = "args",
           .kind = Kind::list,
           .summary = "arguments of the program"},
      }};
  return section;
}

const Section& need_section() {
  static const Section section{
      .name = "needs",
      .summary =
          "another service that it needs: started before it, in its "
          "network, and ended after it; no fault hits it",
      .fields = with_program({
          {.key = "name",
           .kind = Kind::text,
           .summary = "what its link of the exit chain is called",
           .required = true},
          {.key = "grace",
           .kind = Kind::duration,
           .summary = "from our SIGTERM, when nothing needs it any more, "
                      "to our SIGKILL",
           .fallback = "2s"},
          {.key = "needs",
           .kind = Kind::list,
           .summary = "names of others that it needs itself"},
      }),
      .exactly_one_of = {{"command", "go_build"}}};
  return section;
}

const Section& load_section() {
  static const Section section{
      .name = "load",
      .summary =
          "what is asked of the service while it runs, by a process of "
          "ours that no fault hits",
      .fields =
          {
              {.key = "name",
               .kind = Kind::text,
               .summary = "a name to cite it by in expect",
               .fallback = "load"},
              {.key = "rate",
               .kind = Kind::rate,
               .summary = "requests at a fixed rate, answered or not; absent: "
                          "each asks again when it was answered"},
              {.key = "connections",
               .kind = Kind::integer,
               .summary = "the most at once",
               .fallback = "1",
               .least = 1},
              {.key = "keep_alive",
               .kind = Kind::boolean,
               .summary = "whether a connection takes more than one request",
               .fallback = "true"},
              {.key = "find",
               .kind = Kind::text,
               .summary = "the path at which request `${n}` is found again; "
                          "absent: the one it was written to"},
              {.key = "open",
               .kind = Kind::choice,
               .summary = "connections that stay open, by what is said on them",
               .choices = {"idle", "silent", "half_header", "half_body",
                           "stream", "sse", "websocket", "grpc_stream"}},
              {.key = "path",
               .kind = Kind::text,
               .summary = "beside open: the path to ask for",
               .fallback = "/"},
              {.key = "count",
               .kind = Kind::integer,
               .summary = "beside open: how many",
               .fallback = "1",
               .least = 1},
              {.key = "message",
               .kind = Kind::text,
               .summary = "beside grpc_stream: what is sent, encoded"},
              {.key = "streams",
               .kind = Kind::integer,
               .summary = "over HTTP/2, at once on each",
               .fallback = "100",
               .least = 1},
          },
      .exactly_one_of = {{"http", "grpc", "open"}}};
  return section;
}

const Section& grpc_section() {
  static const Section section{
      .name = "grpc",
      .summary = "a call of gRPC with one message and one answer",
      .fields =
          {
              {.key = "call",
               .kind = Kind::text,
               .summary = "what is called: /package.Service/Method"},
              {.key = "message",
               .kind = Kind::text,
               .summary = "the message, encoded; `${n}` in it is the number "
                          "of the call, from 1"},
              {.key = "status",
               .kind = Kind::integer,
               .summary = "the status of gRPC that an answer must have; "
                          "absent: 0, OK",
               .least = 0},
              {.key = "answer",
               .kind = Kind::regexp,
               .summary = "what is to be found in the first 64 KiB of an "
                          "answer"},
          },
      .shorthand = "call"};
  return section;
}

const Section& http_section() {
  static const Section section{
      .name = "http",
      .summary = "what is asked",
      .fields =
          {
              {.key = "get", .kind = Kind::text, .summary = "GET this path"},
              {.key = "post", .kind = Kind::text, .summary = "POST to it"},
              {.key = "put", .kind = Kind::text, .summary = "PUT to it"},
              {.key = "delete", .kind = Kind::text, .summary = "DELETE it"},
              {.key = "head", .kind = Kind::text, .summary = "HEAD of it"},
              {.key = "body",
               .kind = Kind::text,
               .summary = "what is sent; `${n}` in it, and in the path, is "
                          "the number of the request, from 1"},
              {.key = "pieces",
               .kind = Kind::integer,
               .summary = "in how many pieces the body is sent",
               .fallback = "1",
               .least = 1},
              {.key = "pause",
               .kind = Kind::duration,
               .summary = "how long we wait before the next piece",
               .fallback = "100ms"},
              {.key = "chunked",
               .kind = Kind::boolean,
               .summary = "whether the body goes in chunks, without a "
                          "Content-Length",
               .fallback = "false"},
              {.key = "version",
               .kind = Kind::choice,
               .summary = "of HTTP; 2 without TLS begins at once, with prior "
                          "knowledge",
               .fallback = "1.1",
               .choices = {"1.1", "2"}},
              {.key = "answer",
               .kind = Kind::regexp,
               .summary = "what is to be found in the first 64 KiB of the "
                          "body of an answer"},
              {.key = "status",
               .kind = Kind::integer,
               .summary = "the status that an answer must have; absent: any "
                          "below 500",
               .least = 100},
          },
      .shorthand = "get",
      .exactly_one_of = {{"get", "post", "put", "delete", "head"}}};
  return section;
}

}  // namespace faultrig
