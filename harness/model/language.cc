#include "harness/model/call_origin.h"
#include "harness/model/schema.h"

namespace faultrig {

const Section& scenario_section() {
  static const Section section{
      .name = "scenario",
      .summary = "one test run on purpose under bad conditions",
      .fields = {
          {.key = "about",
           .kind = Kind::text,
           .summary = "what the scenario shows, in one sentence"},
          {.key = "tags",
           .kind = Kind::list,
           .summary = "words to select scenarios by (run --tag)"},
          {.key = "needs",
           .kind = Kind::list,
           .summary = "capabilities that the workload needs, such as "
                      "CAP_SYS_ADMIN (capabilities(7)); without them it is "
                      "skipped"},
          {.key = "golden",
           .kind = Kind::boolean,
           .summary = "whether the workload is run once without faults first, "
                      "and must then exit 0",
           .fallback = "true"},
      }};
  return section;
}

const Section& workload_section() {
  static const Section section{
      .name = "workload",
      .summary = "what is run: Go tests, a command or a service",
      .fields =
          {
              {.key = "command",
               .kind = Kind::list,
               .summary = "the program and its arguments"},
              {.key = "recover",
               .kind = Kind::list,
               .summary = "a command that looks at what it has left"},
              {.key = "env",
               .kind = Kind::environment,
               .summary = "variables to set, beside the inherited ones"},
              {.key = "clean_env",
               .kind = Kind::keep_names,
               .summary =
                   "inherit no variables, or only those named; PATH, HOME, "
                   "GOPATH, GOCACHE, GOMODCACHE, GOROOT and GOPROXY "
                   "always: without them no program is found, and go "
                   "builds nothing"},
              {.key = "cwd",
               .kind = Kind::text,
               .summary =
                   "where a command runs, relative to the scenario's file; "
                   "absent: the folder of that file"},
              {.key = "deadline",
               .kind = Kind::duration,
               .summary =
                   "the most that the run may take, with go_test from the "
                   "start of the first test on; then SIGQUIT, and 2s later "
                   "SIGKILL",
               .fallback = "60s"},
              {.key = "compile_within",
               .kind = Kind::duration,
               .summary = "the most that go may take, compiling, until it "
                          "starts a test",
               .fallback = "10m"},
          },
      .exactly_one_of = {{"go_test", "command", "service"}}};
  return section;
}

const Section& go_test_section() {
  static const Section section{
      .name = "go_test",
      .summary = "a run of go test",
      .fields = {
          {.key = "packages",
           .kind = Kind::texts,
           .summary = "the packages to test",
           .fallback = "."},
          {.key = "dir",
           .kind = Kind::text,
           .summary = "the folder go runs in, relative to the scenario's file",
           .fallback = "."},
          {.key = "run",
           .kind = Kind::regexp,
           .summary = "the tests to run (-run)"},
          {.key = "skip",
           .kind = Kind::regexp,
           .summary = "the tests to leave out (-skip, from Go 1.20 on)"},
          {.key = "count",
           .kind = Kind::integer,
           .summary = "how often each test runs (-count)",
           .fallback = "1",
           .least = 1},
          {.key = "flags",
           .kind = Kind::list,
           .summary = "other flags for go test, such as -race"},
          {.key = "args",
           .kind = Kind::list,
           .summary = "arguments for the test binary (behind -args)"},
          {.key = "timeout",
           .kind = Kind::text,
           .summary = "go's own time limit (-timeout), such as 1m30s"},
          {.key = "exec",
           .kind = Kind::list,
           .summary = "your own -exec program and its arguments"},
          {.key = "go",
           .kind = Kind::text,
           .summary = "the go command to use; a name is looked up on PATH",
           .fallback = "go"},
          {.key = "mode",
           .kind = Kind::choice,
           .summary = "chain: a real go test; binary: compile with go test -c "
                      "and run the test binary in its package's folder",
           .fallback = "chain",
           .choices = {"chain", "binary"}},
      }};
  return section;
}

const Section& fault_common_section() {
  static const Section section{
      .name = "fault",
      .summary = "keys that every fault takes, beside its own",
      .fields = {
          {.key = "at",
           .kind = Kind::target,
           .summary = "the link of the chain that suffers the fault, or a "
                      "process that it started, {child: NAME}, by the name of "
                      "its program; absent: test, or command or service where "
                      "the workload is one",
           .choices = {"test", "go", "command", "service"}},
          {.key = "name",
           .kind = Kind::text,
           .summary = "a name to cite the fault by in expect; absent: the "
                      "injector's"},
          {.key = "optional",
           .kind = Kind::boolean,
           .summary = "true: the fault need not take effect for the run to "
                      "prove something",
           .fallback = "false"},
      }};
  return section;
}

namespace {

// A call, and what stands beside it.
std::vector<Field> call_triggers() {
  return {
      {.key = "call",
       .kind = Kind::calls,
       .summary = "at the first such system call; nth, path, fd, peer, "
                  "in, site and of beside it say which"},
      {.key = "nth",
       .kind = Kind::nth,
       .summary = "beside call: which of the calls, counted over the whole "
                  "process tree"},
      {.key = "path",
       .kind = Kind::glob,
       .summary = "beside call: only calls on such a path"},
      {.key = "fd",
       .kind = Kind::choice,
       .summary = "beside call: only calls on such a descriptor",
       .choices = {"file", "socket", "pipe", "stdio"}},
      peer_field(),
      origin_fields()[0],
      origin_fields()[1],
      origin_fields()[2],
      {.key = "side",
       .kind = Kind::choice,
       .summary = "beside call: before it runs, or after it has run",
       .fallback = "before",
       .choices = {"before", "after"}},
  };
}

std::vector<Field> service_triggers() {
  return {
      {.key = "accepted",
       .kind = Kind::integer,
       .summary = "so many connections accepted (accept(2))",
       .least = 1},
      {.key = "listening",
       .kind = Kind::port,
       .summary = "true: at the first listen(2) that succeeded; a "
                  "number: at the first on this port"},
      {.key = "ready",
       .kind = Kind::boolean,
       .summary = "true: when the service is ready"},
      {.key = "in_flight",
       .kind = Kind::integer,
       .summary = "so many requests of the load unanswered at once",
       .least = 1},
      {.key = "answered",
       .kind = Kind::integer,
       .summary = "so many requests of the load answered",
       .least = 1},
      {.key = "fault",
       .kind = Kind::text,
       .summary = "the fault of this name took effect"},
      {.key = "release",
       .kind = Kind::text,
       .summary = "the fault of this name was released"},
  };
}

}  // namespace

const Section& trigger_section() {
  static const Section section = [] {
    Section out{
        .name = "when",
        .summary =
            "the moment from which a fault is active: start, the default, or "
            "when all that is named here has come; a call is waited for when "
            "the rest has",
        .fields =
            {
                {.key = "after",
                 .kind = Kind::duration,
                 .summary =
                     "this long after the start, or after what stands beside"},
                {.key = "output",
                 .kind = Kind::regexp,
                 .summary =
                     "at the first line of stdout or stderr that matches"},
                {.key = "test",
                 .kind = Kind::text,
                 .summary = "when go test announces this test (=== RUN)"},
            },
        .needs_any = true};
    for (const auto& more : {call_triggers(), service_triggers()}) {
      out.fields.insert(out.fields.end(), more.begin(), more.end());
    }
    return out;
  }();
  return section;
}

const Section& until_section() {
  static const Section section = [] {
    Section out{
        .name = "until",
        .summary =
            "the moment at which a fault is released: when all that is named "
            "here has come since it is active; takes what `when` takes, and",
        .fields = trigger_section().fields,
        .needs_any = true};
    out.fields.push_back({.key = "effects",
                          .kind = Kind::integer,
                          .summary = "so often the fault took effect",
                          .least = 1});
    return out;
  }();
  return section;
}

}  // namespace faultrig
