#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/request.h"

namespace faultrig {

// Where in its life a service is told to stop.
enum class Phase {
  exec,           // before its first instruction
  runtime_start,  // the loader and the language's runtime
  before_listen,  // its own start, until listen(2)
  listening,      // from the first listen(2) that succeeded until it is ready
  ready,          // ready, and nobody asks for anything
  loaded,         // with requests under way
  draining        // told a second time
};
inline constexpr std::size_t kPhases = 7;
// `before listen`.
std::string_view phase_name(Phase phase);

// A moment at which a service is told to stop.
struct Instant {
  enum class Tie { start, call, listening, ready };
  Phase phase = Phase::exec;
  Tie tie = Tie::start;
  // Tie::call: which calls are counted (`%network`, `openat`), which of them,
  // how that one is called, on which path, and when it came when it was
  // recorded, from exec on.
  std::string counted;
  std::int64_t nth = 0;
  std::string call;
  std::string path;
  std::chrono::nanoseconds at{0};
  std::chrono::nanoseconds after{0};  // beyond what it is tied to
  // Phase::draining: from the first signal to the second.
  std::chrono::nanoseconds again{0};

  // `exec`, `listen (%network 5)`, `ready + 100ms`, on one line.
  std::string text() const;
  // `at exec`, `before listen (%network 5)`, `at ready + 100ms`.
  std::string moment() const;
};

// Of the requests without a whole answer, those that the service had not read,
// by where they were when it was told to stop.
struct RequestPlaces {
  std::size_t backlog = 0;
  std::size_t unread = 0;
  std::size_t half_sent = 0;
  std::size_t after = 0;
  std::size_t before = 0;        // ended already
  std::size_t asked_before = 0;  // ended already, answered or not
  std::size_t in_flight = 0;     // it had begun to read them, answered or not
  std::size_t under_way = 0;     // begun and not ended, wherever they were
  std::size_t unknown = 0;       // nobody could see where they were
  std::map<int, std::size_t> statuses;  // of the answers before
};

// What became of the requests of one run.
struct RequestCounts : RequestPlaces {
  std::size_t answered = 0;
  std::size_t wrong = 0;
  std::size_t cut = 0;
  std::size_t reset = 0;
  std::size_t refused = 0;
  std::size_t timed_out = 0;
  std::size_t unsent = 0;
  std::size_t own_limit = 0;
  std::size_t never_sent = 0;  // due by the rate, and no connection was free
  std::size_t lost = 0;  // of those without a whole answer: what the service
                         // had read when it was told to stop
  std::size_t misanswered = 0;  // it had read them, and answered them otherwise
                                // than those before

  void add(const RequestCounts& other);
};

// Names and members of RequestCounts, in the order of reports.
struct RequestColumn {
  std::string_view name;
  std::size_t RequestCounts::*count;
  std::optional<RequestEnd> end = std::nullopt;  // that is counted
  std::string_view place = {};  // of those without an answer, where they were
};
const std::array<RequestColumn, 16>& request_columns();

// The action of files_seen about one that a service left: its path is relative
// to the service's folder, below `$TMPDIR`, or whole, its text what it is.
inline constexpr std::string_view kFileLeft = "left";

// How a service ended that was told to stop.
struct StopOutcome {
  enum class End {
    exited,     // number: the code
    unhandled,  // by the default action of the signal
    own_hand,   // it handled the signal, and killed itself by it
    raised,     // it killed itself by it, and nothing shows that it handled it
    own_process,  // another of its processes sent it the signal
    killed,       // by another signal; number
    hung,         // it lived on until its grace was over: killed by us
    never,        // the moment did not come
    unknown       // nobody can tell; why
  };
  End end = End::unknown;
  int number = 0;
  RequestCounts requests;
  std::vector<std::string> left;  // processes that outlived it
  // Sockets and pid files that it left, `socket run/x.sock`; only of one that
  // ended by itself: who is killed cannot clean up.
  std::vector<std::string> left_files;
  std::chrono::nanoseconds took{0};  // from the signal to the end
  bool listened = false;             // it had called listen(2) when it was told
  bool by_itself = false;            // unknown: it had ended before it was told
  bool unready = false;              // unknown: it lived, and was never ready
  std::string why;                   // never, unknown
  // Of the faults that stand beside what tells it: those that took no effect.
  std::vector<std::string> without;
  // hung: where its goroutines stood, the likeliest reason first, some of them.
  std::vector<std::string> hanging;

  // Does it say how the service ended?
  bool is_told() const { return end != End::never && end != End::unknown; }
  // Does nothing show that it handled the signal of which it died?
  bool is_unhandled() const {
    return end == End::unhandled || end == End::raised;
  }
  // `exited 0`, `killed unhandled`, `hung`.
  std::string end_text() const;
  // The same with what was lost or left, without numbers: runs that say the
  // same ended alike.
  std::string text() const;
};

// A call that a service made from exec until it was ready.
struct RecordedCall {
  std::string name;
  std::string path;
  std::chrono::nanoseconds at{0};  // since exec
};

// A run in which nobody told the service to stop.
struct Recording {
  std::string trouble;   // why there is no map; empty: it was ready
  bool unready = false;  // trouble: it lived, and was not ready in time
  // Why each try runs in the service's folder itself; empty: in a copy of it.
  std::string in_place;
  std::string how;  // http, tcp, output, file
  std::string shown_by;
  std::int64_t port = 0;
  std::string unasked;  // why no request is asked of it; empty: it is asked
  bool own_network = true;
  // Files that it wrote outside of the folder and the TMPDIR that each try has
  // of its own: all tries share them.
  std::vector<std::string> shared;
  // Of such the sockets and pid files that it left, `socket /run/x.sock`: each
  // try meets them.
  std::vector<std::string> left;
  std::chrono::nanoseconds ready{0};  // since exec
  std::vector<RecordedCall> calls;    // in their order
};

// What a stop when idle has to look like.
enum class Graceful { zero, signal, any };
std::string_view graceful_name(Graceful graceful);

// k of n, and what that says of all: between low and high, 19 of 20 times.
struct Share {
  int k = 0;
  int n = 0;
  double low = 0;
  double high = 1;
};

struct MapPoint {
  Instant instant;
  std::vector<StopOutcome> tries;

  // How often each text() came, those that are told.
  std::map<std::string, int> outcomes() const;
  int told() const;
  // The most frequent of them; nothing if none is told.
  std::optional<std::string> main_outcome() const;
};

// Neighbouring points of one phase that ended alike.
struct MapWindow {
  Phase phase = Phase::exec;
  Instant from;
  Instant to;
  std::string outcome;
  Share share;
};

struct MapFinding {
  enum class What {
    idle_stop,    // a stop when idle is none of those that are allowed
    idle_varies,  // it does not end alike each time that it is idle
    other_code,   // another exit code than when idle
    unhandled,    // the default action of the signal, or `raised`
    killed,       // by another signal
    hung,
    lost,         // requests that it had read
    misanswered,  // such requests, otherwise than those before
    left,         // processes
    left_file     // sockets of unix(7), pid files
  };
  What what = What::idle_stop;
  std::string outcome;     // `exited 1`, or what was lost or left
  std::size_t point = 0;   // where it came most often
  std::size_t points = 1;  // how many of this phase say the same; of
                           // left_file: of all
  Share share;             // of the tries there
  std::string scenario;    // file that repeats it, once it is written
};

// What was asked of the service.
struct MapAsked {
  std::vector<std::string> command;
  std::string signal = "SIGTERM";
  std::vector<std::string> faults;  // that stand in every try
  Graceful graceful = Graceful::zero;
  bool strict_start = false;
  bool url_named = false;  // somebody chose what is asked for
  int port = 0;            // to ask at; 0: that at which it was ready
  int times = 5;
};

struct ShutdownMap {
  enum class Verdict { clean, findings, could_not_tell };
  MapAsked asked;
  Recording golden;
  std::vector<MapPoint> points;  // in the order of a life
  std::vector<MapWindow> windows;
  std::vector<MapFinding> findings;
  Verdict verdict = Verdict::could_not_tell;
  std::string because;               // the verdict in one line
  std::vector<std::string> remarks;  // what the verdict does not cover
  std::string interrupted;           // what was not run; empty: all was
  std::string collided;  // how one ended that ran beside another; empty: none
  std::chrono::nanoseconds took{0};
};

// The stop that others are compared with: the last one at which it is idle, as
// it ended most often. Null: none.
const StopOutcome* idle_stop(const ShutdownMap& map);

// An end_text() behind `it`: `it exited 0`, `it was killed unhandled`.
std::string end_clause(const std::string& end);

// `no finding`, `findings`, `could not tell`.
std::string_view map_verdict_name(ShutdownMap::Verdict verdict);
// `an exit code of its own that differs ...`, without place and number.
std::string finding_text(const MapFinding& finding, const ShutdownMap& map);

}  // namespace faultrig
