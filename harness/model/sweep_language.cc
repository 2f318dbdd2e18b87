// The keys of `sweep` and `allow`.
#include "harness/model/call_origin.h"
#include "harness/model/scenario_sweep.h"

namespace faultrig {

const Section& sweep_section() {
  static const Section kSection{
      .name = "sweep",
      .summary = "many runs in place of one, each with another fault",
      .exactly_one_of = {{"calls", "stop", "limits", "dependencies"}}};
  return kSection;
}

const Section& sweep_calls_section() {
  static const Section kSection{
      .name = "sweep.calls",
      .summary = "each call site of the program is made to fail",
      .fields = with_origin(
          {{.key = "call",
            .kind = Kind::calls,
            .summary = "name, list of names, or class; absent: those on files "
                       "and sockets that can fail, without close"},
           {.key = "errors",
            .kind = Kind::texts,
            .summary = "what they fail with, EIO or [EIO, ENOSPC]; absent: "
                       "the first that the call's manual page has"},
           {.key = "each",
            .kind = Kind::texts,
            .summary = "which of the calls there: once, the first in the run; "
                       "per_test, the first in each test function; "
                       "from_then_on, all; absent: once and from_then_on"},
           {.key = "path",
            .kind = Kind::glob,
            .summary = "only calls on a path that matches"},
           {.key = "fd",
            .kind = Kind::choice,
            .summary = "only calls on such a descriptor; without it, any but "
                       "0, 1 and 2",
            .choices = {"file", "socket", "pipe", "stdio"}}})};
  return kSection;
}

const Section& sweep_stop_section() {
  static const Section kSection{
      .name = "sweep.stop",
      .summary = "a service is told to stop, at each of many moments",
      .fields = {{.key = "signal",
                  .kind = Kind::signal,
                  .summary = "by which it is told",
                  .fallback = "SIGTERM"},
                 {.key = "steps",
                  .kind = Kind::integer,
                  .summary = "so many moments are looked at first; more "
                             "between those that differ",
                  .fallback = "30",
                  .least = 1},
                 {.key = "times",
                  .kind = Kind::integer,
                  .summary = "so often at most a moment is tried; three fifths "
                             "of that, and three, if they agree",
                  .fallback = "5",
                  .least = 1}}};
  return kSection;
}

const Section& stop_over_section() {
  static const Section kSection{
      .name = "sweep.stop.over",
      .summary = "what the moments are counted by",
      .fields = {{.key = "calls",
                  .kind = Kind::calls,
                  .summary = "the calls that it makes while it starts: names, "
                             "or classes such as '%network,%file'"},
                 {.key = "time",
                  .kind = Kind::duration,
                  .summary = "so long from its start on, in even steps"}},
      .exactly_one_of = {{"calls", "time"}}};
  return kSection;
}

const Section& stop_until_section() {
  static const Section kSection{
      .name = "sweep.stop.over.until",
      .summary = "the moment to which the calls are counted",
      .fields = {{.key = "ready",
                  .kind = Kind::boolean,
                  .summary = "until the service is ready, as without `until`"},
                 {.key = "listening",
                  .kind = Kind::boolean,
                  .summary = "until its first listen(2)"}},
      .exactly_one_of = {{"ready", "listening"}}};
  return kSection;
}

const Section& sweep_limits_section() {
  static const Section kSection = [] {
    Section section{.name = "sweep.limits",
                    .summary =
                        "each limit is lowered, by itself, until the workload "
                        "passes no more",
                    .needs_any = true};
    for (const Limit& limit : all_limits()) {
      section.fields.push_back({.key = limit.name,
                                .kind = Kind::choice,
                                .summary = limit.summary,
                                .choices = {"least"}});
    }
    return section;
  }();
  return kSection;
}

const Section& sweep_dependencies_section() {
  static const Section kSection{
      .name = "sweep.dependencies",
      .summary = "what the program connects to refuses, hangs, breaks",
      .fields = {{.key = "to",
                  .kind = Kind::texts,
                  .summary = "addresses, as a fault `dependency` has them, one "
                             "or a list; absent: all to which it connects "
                             "without a fault, but what it listens on itself"},
                 {.key = "each",
                  .kind = Kind::texts,
                  .summary = "which connections meet it: once, the first one; "
                             "from_then_on, all; absent: from_then_on"}}};
  return kSection;
}

const Section& allow_section() {
  static const Section kSection{
      .name = "allow",
      .summary = "a finding of a sweep that is known",
      .fields = {{.key = "site",
                  .kind = Kind::text,
                  .summary = "the id of the call site, 6 digits at least; "
                             "of a dependency its address, as it is told",
                  .required = true,
                  .filled = true},
                 {.key = "call", .kind = Kind::text, .summary = "its call"},
                 {.key = "outcome",
                  .kind = Kind::choice,
                  .summary = "what it is known to come to",
                  .required = true,
                  .choices = {"swallowed", "failed", "crashed", "exited",
                              "hung", "lost", "leaked", "flaky"}},
                 {.key = "because",
                  .kind = Kind::text,
                  .summary = "why that is so, or why it may be",
                  .required = true,
                  .filled = true}}};
  return kSection;
}

}  // namespace faultrig
