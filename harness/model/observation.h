#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/go_stack.h"

namespace faultrig {

// Who saw a fact.
enum class Source { harness, kernel, cgroup, seccomp, shim, go, output };

// What happened. The comment names the fields of Observation it fills.
enum class Fact {
  run_started,       // text: the command line of the first link; action: the
                     // GOFLAGS of a go test; number: the wall clock at that
                     // moment, nanoseconds since the epoch; 0: not known
  process_started,   // link, pid, text: program
  process_ended,     // link, pid, number: raw wait status, text: program
  never_started,     // link, text: why (`errno` text, broken interpreter)
  fault_installed,   // fault, text: how
  fault_activated,   // fault, text: the proof
  trigger_fired,     // fault, text: what fired it
  signal_sent,       // fault, link, pid, number: signal
  call_intercepted,  // once for each call. fault: the one that answered it (or
                     // -1), link, pid, call, path, fd, number: which of the
                     // rule's calls (from 1), action: what was done with it,
                     // error: what it really failed with, because of us; text:
                     // of kill(2) and its like `SIGTERM to itself`, of flock(2)
                     // `LOCK_EX|LOCK_NB`; peers
  calls_untold,      // number: how many more such calls, beyond those told one
                     // by one; link, call, path, fd, error as of each of them,
                     // action `any path`: path left out. No call: anything
  limit_hit,         // fault, link, pid, text: which limit
  oom_kill,          // fault, link, number: kills since the last one
  peak_memory,       // link, number: bytes
  test_event,        // text: test name, action: pass, fail, skip, run
  output_line,       // stream, text: a line that a trigger waited for
  output_cut,        // stream, number: bytes left out
  deadline_passed,   // number: nanoseconds allowed
  leftover,          // pid, text: a process that outlived the workload
  supervision_lost,  // text: why intercepted calls went unanswered
  trouble,           // text: an error of ours or of the machine
  run_ended,         // number: nanoseconds of the whole run
  limit_installed,   // link, text: memory, fds or pids; number: bytes or count
  signal_passed,     // link, number: signal, action: si_code, pid: sender or
                     // 0, text: its command; came to the witness, which passed
                     // it on
  signal_from,       // link, number: the signal that killed it, action:
                     // si_code, pid: sender or 0, text: who, or `unknown`
  user_time,         // link, number: nanoseconds
  system_time,       // link, number: nanoseconds
  largest_process,   // link, number: bytes, resident set (ru_maxrss)
  most_descriptors,  // link, number: open at once, the most that was seen
  most_processes,    // link, number: at once, the most that was seen
  most_threads,      // link, number: at once, as the kernel counted
  last_word,         // link, pid, text: PASS, FAIL or nothing, what the testing
                     // package said last; number: tests that it said it ran;
                     // action: `no tests to run`
  go_crash,          // link, action: panic, fatal or signal; text: its first
                     // line, call: the function at its top
  last_output,       // stream, text: the last lines; link: of a need
  not_known,         // text: what cannot be known here, and why
  call_refused,      // link, pid, call, error, text: why faultrig refused it
  path_unread,       // fault, link, pid, call, text: why nobody knows whether
                     // the fault was meant for it
  mount_removed,     // path: a mount point that the workload left below a
                     // folder of ours, and that we took off
  effects_untold,    // fault, number: how often it took effect beyond the times
                     // told one by one
  our_signal,        // link, pid, number: signal that faultrig itself sent to
                     // end it, text: why
  trigger_lost,      // fault, text: why its trigger can no longer fire
  fault_released,    // fault, text: what released it
  release_lost,      // fault, text: why it can no longer be released
  answered_again,    // stream: name of the load, fault: whose release came
                     // before, number: nanoseconds from when it was sent; the
                     // first request sent since then that was answered as asked
  calls_hidden,      // link, pid, call, text: by which the workload asked for
                     // what may answer its calls from then on, before faultrig
                     // hears of them
  answered_before,   // link, call: a filter that was there before ours, a
                     // container's, answers it before faultrig hears of it;
                     // text: why nobody knows whether it does
  service_ready,     // link, number: port or 0, action: http, tcp, output or
                     // file, text: what showed it
  service_unready,   // link, text: why it did not get ready
  service_stopped,   // link, pid, number: signal with which faultrig ended a
                     // service that no fault stops, text: why
  grace_passed,      // link, number: nanoseconds from the first stop signal on
  request,           // stream: name of the load, number: status or 0, action:
                     // how it ended (RequestEnd), error: errno, text: where it
                     // was when the first stop signal came (InFlight, before,
                     // after or unknown), call: its word, at: of its end
  requests_untold,   // stream, number: how many more, action and text: as each;
                     // path: the status of each, if any, call: its word
  load_ended,        // stream, number: requests planned
  stop_begun,        // fault, link, text: what a platform does, and when
  listens_at,        // link, text: the addresses on which it listens from now
                     // on, number: nanoseconds since the look before
  health,            // link, number: the status with which its ready URL
                     // answers from now on, or 0, error: errno
  files_seen,        // path: a glob, action: start, told or end, number: how
                     // many, text: one of them; error: 1 where each is as it
                     // was at the start; left: a path, text: socket, pid file
  longest_request,   // stream, number: nanoseconds from when it was due to its
                     // end, action and text: as of a request
  second_ready,      // link, number: nanoseconds from its second start on
  second_unready,    // link, text: why its second life did not get ready
  write_found,       // stream, number: how many acknowledged writes the second
                     // life gave back
  write_lost,        // stream, number: the request, text: what it said instead
  need_ready,        // link, number: port or 0, text: where it listens
  need_unready,      // link, text: why it did not get ready
  goroutines_seen,   // link, pid, number: how many stand at the same place,
                     // action: in this state, in Go's words, stack: the place,
                     // as a dump shows it; text: when we looked; call: which
                     // function made them, names: the numbers of the first of
                     // them
  goroutines_unseen,  // link, pid, number: how many more, 0: all; text: why;
                      // action: of a look its moment
  asked_again,        // stream: name of the load, fault: whose release came
                      // before, at: when the first request since then was due
  recover_said,       // link, text: what the command of `recover` printed, its
                      // last 16 KiB of a stream
  name_asked,         // fault, link, pid, text: a question to a resolver that
                      // the fault could have met, and was not about; once each
  goroutine_look,     // link, pid, number: how many goroutines it has, but the
                      // runtime's own; action: at which moment (observe.h),
                      // text: of which test or fault; 0: why it could not be
                      // looked at. Of one look: at
  goroutines_there,   // of the look before it: as goroutines_seen, text: moment
  state_tried,   // fault, link, number: the raw wait status of the command of
                 // `recover` on a folder as a crash may leave it, -1: it never
                 // started; action: which kind of state, text: when power went
                 // and what is lost; names: the first that is lost, where the
                 // folder lacks it; path: of the folder in the evidence, if any
  unrecorded,    // fault, link, pid, call, text: what was done to such a folder
                 // and not seen
  profile_kept,  // link, pid, action: of what (observe.h), path: of the file in
                 // the evidence, number: nanoseconds that it covers, text: the
                 // program, names: what its values are, their unit, and for
                 // how much of that one sample stands (0: each event counts)
  profile_there,   // of the profile before it. action, number: its value, stack
  profile_untold,  // of the profile before it. action, number: the value of all
                   // stacks beyond those told, text: how many they are
  profile_lost,    // link, pid, action, text: why there is none
  span,            // link, at: of its end, number: nanoseconds that it took,
                   // text: its name, stream: its service, action: its status,
                   // pid: as its resource says, or 0, names: of its trace, of
                   // itself, of its parent, its kind, what its status says, the
                   // type of its error (model/span.h)
  spans_lost,      // number: how many, 0: not known; text: why; link, pid: of
                   // the process that may have told them
  child_seen,      // link, pid, text: the program that it runs from now on, as
                   // its execve(2) called it; one that a fault is at
  child_ended,     // link, pid, text: its program, number: raw wait status; of
                   // one that a fault was sent to
  trace_kept,      // link, pid, path: of the execution trace in the evidence,
                   // number: nanoseconds that it covers, text: the program,
                   // names: its form, 26 for that of Go 1.26, and why there
                   // is no more of it, empty: it is whole
  trace_lost,      // link, pid, text: why there is none
  waited,          // of the trace of that pid, all waits of a kind at a place;
                   // at: when the longest began, number: nanoseconds of that
                   // one, action: on what (model/timeline.h), text: in Go's
                   // words, stack; names: how many they are, all their
                   // nanoseconds, whose the longest was, `open` where it was
                   // not over, who woke it, and in which function
  collected,       // of the trace of that pid: pauses or cycles of garbage
                   // collection (action); at, number: of the longest, names:
                   // how many, all their nanoseconds
  steps_taken,     // of the trace of that pid. number: how many goroutines did
                   // just this, text: the first of them, names: kind, name and
                   // function of each step; action: `cut`, there are more
  timeline_untold,  // of the trace of that pid. action: waited, steps_taken;
                    // number: how many more, names: the longest of them
};

// Where a request was when the service was told to stop, beside the words of
// model/request.h for what was in flight.
inline constexpr std::string_view kPlaceBefore = "before";  // it had ended
inline constexpr std::string_view kPlaceAfter = "after";    // it began later
inline constexpr std::string_view kPlaceUnknown = "unknown";

// The action of calls_untold where calls of many paths are in one sum.
inline constexpr std::string_view kAnyPath = "any path";

std::string_view source_name(Source source);
std::string_view fact_name(Fact fact);
std::optional<Source> source_named(std::string_view name);
std::optional<Fact> fact_named(std::string_view name);

// One timestamped fact from one source. Unused fields stay as they are here
// and are left out of evidence.jsonl.
struct Observation {
  std::chrono::nanoseconds at{0};  // since launch, monotonic clock
  Source source = Source::harness;
  Fact fact = Fact::trouble;
  int fault = -1;    // index into the plan's faults
  std::string link;  // test, go, command, service, or the name of a need
  std::int64_t pid = 0;
  std::int64_t number = 0;
  int error = 0;  // errno value
  std::string call;
  std::string path;
  std::vector<std::string> names;  // what else the files of `path` are called
  std::string unread;  // why a path of the call could not be read, if so
  std::string fd;      // file, socket, pipe, stdio; empty: nothing of these
  std::string action;
  std::string stream;  // stdout, stderr
  std::string text;
  // Of a call_intercepted, calls_untold, path_unread, goroutines_seen,
  // goroutines_there.
  GoStackPtr stack;
  std::string site;  // of a call: the id of its call site, if it has one
  // Of a call on a socket the address of its other side; of accept(2) those of
  // the connections that wait, of which it takes one. Nothing: nobody looked,
  // or could see.
  std::optional<std::vector<std::string>> peers;
};

// `test killed by SIGKILL`, `fault 'memory' took effect: ...`: one short line
// for reports and `because`, safe for a terminal, without the time. Without a
// name the fault is shown by its index.
std::string describe(const Observation& observation,
                     std::string_view fault_name = {});

}  // namespace faultrig
