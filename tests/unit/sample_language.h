#pragma once

#include <vector>

#include "harness/model/schema.h"

namespace faultrig {

// Injectors and expectations of the tests' own, with every Kind and every
// rule of a Section somewhere, so that these tests need no registry.
inline const Section& sample_memory() {
  static const Section section{
      .name = "memory",
      .summary = "the kernel kills what needs more than this",
      .fields = {{.key = "max",
                  .kind = Kind::size,
                  .summary = "the most memory",
                  .required = true},
                 {.key = "swap",
                  .kind = Kind::size,
                  .summary = "the most swap",
                  .fallback = "0"},
                 {.key = "group",
                  .kind = Kind::boolean,
                  .summary = "kill the whole cgroup at once",
                  .fallback = "false"}}};
  return section;
}

inline const Section& sample_signal() {
  static const Section section{
      .name = "signal",
      .summary = "sends a signal",
      .fields = {{.key = "send",
                  .kind = Kind::signal,
                  .summary = "which one",
                  .required = true},
                 {.key = "to",
                  .kind = Kind::choice,
                  .summary = "to whom",
                  .fallback = "test",
                  .choices = {"test", "go", "command", "group", "tree"}},
                 {.key = "times",
                  .kind = Kind::integer,
                  .summary = "how often",
                  .fallback = "1",
                  .least = 1},
                 {.key = "every",
                  .kind = Kind::duration,
                  .summary = "how long between two of them",
                  .fallback = "100ms"}},
      .shorthand = "send"};
  return section;
}

inline const Section& sample_syscall() {
  static const Section section{
      .name = "syscall",
      .summary = "makes system calls fail",
      .fields =
          {{.key = "call",
            .kind = Kind::calls,
            .summary = "which calls",
            .required = true},
           {.key = "error",
            .kind = Kind::error_number,
            .summary = "fails with this error"},
           {.key = "returns", .kind = Kind::integer, .summary = "returns this"},
           {.key = "delay",
            .kind = Kind::duration,
            .summary = "runs this much later"},
           {.key = "nth", .kind = Kind::nth, .summary = "which of the calls"},
           {.key = "chance",
            .kind = Kind::percent,
            .summary = "how many of the calls"},
           {.key = "path",
            .kind = Kind::glob,
            .summary = "only calls on such a path"}},
      .exactly_one_of = {{"error", "returns", "delay"}}};
  return section;
}

inline const Section& sample_link(std::string_view name) {
  static const std::vector<Field> fields{
      {.key = "exited", .kind = Kind::count, .summary = "its exit code"},
      {.key = "killed_by", .kind = Kind::signal, .summary = "its signal"},
      {.key = "started",
       .kind = Kind::choice,
       .summary = "whether it began",
       .choices = {"never_started"}}};
  static const Section test{
      .name = "test",
      .summary = "how the test binary ended",
      .fields = fields,
      .shorthand = "started",
      .exactly_one_of = {{"exited", "killed_by", "started"}}};
  static const Section go{.name = "go",
                          .summary = "how go test ended",
                          .fields = fields,
                          .exactly_one_of = {{"exited", "killed_by"}}};
  static const Section command{.name = "command",
                               .summary = "how the command ended",
                               .fields = fields,
                               .exactly_one_of = {{"exited", "killed_by"}}};
  return name == "test" ? test : name == "go" ? go : command;
}

inline const Section& sample_leftovers() {
  static const Section section{
      .name = "leftovers",
      .summary = "processes that outlived the workload",
      .fields = {{.key = "count",
                  .kind = Kind::count,
                  .summary = "how many",
                  .required = true}},
      .shorthand = "count"};
  return section;
}

inline const Section& sample_output() {
  static const Section section{.name = "output",
                               .summary = "what was printed",
                               .fields = {{.key = "contains",
                                           .kind = Kind::texts,
                                           .summary = "such a text"},
                                          {.key = "matches",
                                           .kind = Kind::regexp,
                                           .summary = "a line that matches"}},
                               .needs_any = true};
  return section;
}

inline const Section& sample_tests() {
  static const Section section{
      .name = "tests",
      .summary = "how single tests ended",
      .any_key = Field{.key = "name of a test",
                       .kind = Kind::choice,
                       .summary = "how it ended",
                       .choices = {"pass", "fail", "skip", "unfinished"}}};
  return section;
}

inline const Section& sample_calls() {
  static const Section section{.name = "calls",
                               .summary = "the calls that were seen",
                               .fields = {{.key = "sequence",
                                           .kind = Kind::sequence,
                                           .summary = "calls in this order",
                                           .required = true}}};
  return section;
}

inline const Section& sample_took_effect() {
  static const Section section{
      .name = "took_effect",
      .summary = "a fault that took effect",
      .fields = {{.key = "fault",
                  .kind = Kind::text,
                  .summary = "its name",
                  .required = true},
                 {.key = "times", .kind = Kind::count, .summary = "how often"}},
      .shorthand = "fault"};
  return section;
}

inline const Section& sample_ended() {
  static const Section section{
      .name = "ended",
      .summary = "the time from a fault to the end",
      .fields = {{.key = "within",
                  .kind = Kind::duration,
                  .summary = "the most it may take",
                  .required = true},
                 {.key = "after", .kind = Kind::text, .summary = "the fault"}}};
  return section;
}

inline const Language& sample_language() {
  static const Language language{
      .injectors = {&sample_memory(), &sample_signal(), &sample_syscall()},
      .expectations = {&sample_link("test"), &sample_link("go"),
                       &sample_link("command"), &sample_leftovers(),
                       &sample_output(), &sample_tests(), &sample_calls(),
                       &sample_took_effect(), &sample_ended()}};
  return language;
}

}  // namespace faultrig
