#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/dependency_deed.h"
#include "harness/model/go_stack.h"
#include "harness/model/verdict.h"

namespace faultrig {

// A place in a program from which it makes a system call. Where no stack is
// known, all calls of that name together. Or a peer: an address to which it
// connects, from wherever.
struct CallSite {
  std::string id;  // site_of(), or the address; empty: no stack is known
  std::string call;
  std::string entry;  // the function of the standard library that was called
  std::vector<GoFrame> frames;  // the program's, innermost first
  CallOwner owner = CallOwner::unknown;
  std::int64_t calls = 0;  // in one recording, the most
  int recordings = 0;      // in so many of them it was seen
  std::string path;        // that its first call named
  // The test functions under which it was called, subtests' own ones too. A
  // goroutine of its own is under none.
  std::vector<std::string> tests;
  // Of its calls those under each test function, the most in one recording;
  // with no name those under none.
  std::map<std::string, std::int64_t> calls_in;
  bool is_peer = false;
  // Calls of one kind in the same functions share an id. Of those that come
  // there over other lines: which call at the site is the first such one. Of
  // the first line 1.
  std::int64_t first = 1;

  // `store.(*DB).Sync (db.go:80) < store.(*DB).Put (db.go:41)`, or `any of the
  // program`; of a peer its address, and who connected first.
  std::string place() const;
  // `, site 4f2a91c0`, by which a place is known; of a peer nothing.
  std::string mark() const;
};

// Which of a site's calls fail: the first, the first in each test function,
// all.
enum class Each { once, per_test, from_then_on };
// So many test functions, no more, are taken by their names.
inline constexpr std::size_t kMostTests = 64;
std::string_view each_name(Each each);
// `once in each test`, for people.
std::string_view each_words(Each each);
std::optional<Each> each_named(std::string_view name);

// What is done to a call.
enum class Harm {
  error,    // it does not run, and fails
  kill,     // its process ends before it, by SIGKILL
  shorten,  // it moves less than it was to
  delay,    // it runs later
  peer      // what it connects to does something
};

// One thing that a sweep of call sites tries.
struct FaultPoint {
  std::size_t site = 0;  // of SiteSweep::sites
  int error = 0;
  Each each = Each::once;
  Harm harm = Harm::error;
  std::int64_t amount = 0;  // bytes that move at most; nanoseconds of a delay
  // Which call of the site, from 1; with `from_then_on` that and all behind it.
  std::int64_t nth = 1;
  // What a peer does, and from when on: `start`, or a trigger in YAML.
  DependencyDeed deed = {};
  std::string when = {};

  // `EIO`, `SIGKILL`, `SIGKILL at its call 3`, `short 1B`, `delay 1s`, `hang`.
  std::string fault() const;
  // Which calls, or connections, for people: `once`, `from the start`.
  std::string which() const;
};

// `fsync EIO`, `hang of localhost:6379`.
std::string deed_at(const CallSite& site, const FaultPoint& point);

// A test function that said that it failed.
struct FailedTest {
  std::string name;   // `TestPut/twice`
  bool said = false;  // and what it printed of that names the error
};

// What became of the requests to a service that were not answered as asked.
struct RequestTrouble {
  std::int64_t all = 0;      // that were sent
  std::int64_t waiting = 0;  // without an answer until it was told to stop
  std::int64_t broken = 0;   // that ended without a whole answer, before that
  std::int64_t wrong = 0;    // answered, and not as asked
  std::int64_t told = 0;     // of these with a status of 500 or more
  std::string status;        // of the first of them
  // Why it did not get ready, where it said so: `/ is answered with 503`.
  std::string unready;
};

// What one run has shown of its tests, or of what was asked of a service.
struct RunOfTests {
  // Calls at the site under each test function; with no name those under none.
  // Calls that were only counted are in neither.
  std::map<std::string, std::int64_t> calls;
  std::vector<FailedTest> failing;
  // The test functions in which the fault took effect; with no name under none.
  std::set<std::string> hit;
  // Of each line of SiteRun::said the test below whose name it stands:
  // `TestPut/twice`; empty: below none.
  std::vector<std::string> said_in;
  RequestTrouble requests;  // of a service, which has no tests
};

// What one run has shown, the recording of all calls or the trial of a point.
struct SiteRun {
  enum class End {
    passed,
    failed,    // a test said so, or a command exited with another code than 0
    exited,    // the test binary did, and no test had said so
    panicked,  // by a Go panic
    fatal,     // by an error that ends Go's runtime
    killed,    // by a signal
    hung,      // it lived on at its deadline
    unknown    // nobody can tell: trouble
  };
  End end = End::unknown;
  std::string end_text;  // `exited 1`, `panic: ...`
  std::string trouble;
  std::int64_t effects = 0;  // how often the fault took effect
  std::int64_t calls = 0;    // at the site
  // Lines of its output that name the error: its words, its name, or the path
  // that the call was about.
  std::vector<std::string> said;
  RunOfTests tests;
  // The function that crashed or waits, and its place.
  std::string top;
  bool top_is_test = false;  // it is of a test
  // Which of its faults took effect, by their places in the scenario.
  std::vector<int> hit;
  // What the command said that looked afterwards at what is kept: `exited 1:
  // no record 7`. Empty: all is there, or nobody looked.
  std::string lost;
  std::vector<std::string> left;  // processes that outlived it
  std::string output;             // of a recording, the end of it
  std::vector<CallSite> sites;    // of a run whose calls were all told
  std::chrono::nanoseconds took{0};

  std::int64_t told() const;  // calls of those sites
};

enum class SiteOutcome {
  surfaced,   // it failed, and said what for
  failed,     // it failed, without a word of the error
  handled,    // it passed, and something made up for the error
  swallowed,  // it passed, and nothing shows that anybody noticed
  crashed,    // a panic or a fatal signal, in the program
  runtime,    // Go's runtime gave up
  exited,     // os.Exit, without a verdict of a test
  hung,
  lost,    // what was acknowledged is not there afterwards, or does not open
  leaked,  // processes are left that are not without the fault
  flaky,   // tries of it end differently
  never,   // the call was not made
  unknown  // nobody can tell
};
inline constexpr std::size_t kSiteOutcomes = 13;
std::string_view outcome_name(SiteOutcome outcome);
// Is it something to look at?
bool is_finding(SiteOutcome outcome);
// Is one try of it enough?
bool is_plain(SiteOutcome outcome);

struct SitePoint {
  FaultPoint point;
  SiteOutcome outcome = SiteOutcome::unknown;
  std::map<SiteOutcome, int> times;
  std::string because;
  std::vector<std::string> tests;  // with per_test: those in which it failed
  std::string allowed;   // why this finding is known; empty: it is not
  std::string scenario;  // file that repeats it, once it is written
  // What a scenario expects of each run, and did not come in one of its tries.
  std::vector<Finding> unmet = {};
  // Its fault took effect, whatever that came to.
  bool hit = false;
};

// A finding that is known, as a baseline tells it.
struct AllowedFinding {
  std::string site;
  std::string call;  // empty: any
  SiteOutcome outcome = SiteOutcome::swallowed;
  std::string because;
  bool met = false;  // it was found again
};

// What a sweep over what a program depends on asks for.
struct PeersAsked {
  // As `to` of a fault `dependency` has them; empty: all that it connects to,
  // but what it listens on itself.
  std::vector<std::string> to;
  std::vector<DependencyDeed> does{{DependencyMode::refuse},
                                   {DependencyMode::hang},
                                   {DependencyMode::reset}};
  std::vector<std::string> when{"start"};  // as FaultPoint::when

  std::string text() const;  // `does [hang], when [start]`
};

inline const std::vector<Each> kEachOfPeers{Each::from_then_on};

// What was asked for.
struct SweepAsked {
  std::string what;                // `./store`, `-- ./server`
  std::vector<std::string> calls;  // names; empty: swept_calls()
  std::vector<int> errors;         // empty: the first that fits the call, or
                                   // none, where something else is asked for
  bool kill = false;
  std::optional<std::int64_t> shorten;  // to so many bytes
  std::optional<std::int64_t> delay;    // by so many nanoseconds
  std::string in;                       // glob of a function; empty: any
  std::vector<Each> each{Each::once, Each::from_then_on};
  // `program`, `runtime` or `any`: whose calls.
  std::string of = "program";
  // What else of a call is asked for, by the keys of a scenario: site, path,
  // fd, peer.
  std::map<std::string, std::string> only = {};
  // In place of calls: what they connect to.
  std::optional<PeersAsked> peers = {};
};

struct SiteSweep {
  enum class Verdict { clean, findings, could_not_tell };
  SweepAsked asked;
  std::string trouble;          // why there is no sweep; empty: there is one
  std::int64_t calls = 0;       // of one recording
  std::vector<CallSite> sites;  // all that were recorded
  std::size_t swept = 0;        // so many of them were made to fail
  std::vector<SitePoint> points;
  std::vector<AllowedFinding> allowed;
  std::size_t left = 0;  // points that were not tried: interrupted, or no time
  Verdict verdict = Verdict::could_not_tell;
  std::string because;
  std::chrono::nanoseconds recording{0};  // what one took
  std::chrono::nanoseconds took{0};

  std::map<SiteOutcome, int> counts() const;  // of points; allowed ones apart
  int allowed_points() const;
};

// What one command has swept: a program, or packages one after another.
struct SiteSweeps {
  std::string what;  // as it was asked for: `./...`
  std::vector<SiteSweep> sweeps;
  std::vector<std::string> untested;   // packages without tests
  std::vector<std::string> not_begun;  // packages: interrupted, or no time
  // What scenarios have made to fail, one each: for coverage alone.
  std::vector<SiteSweep> beside = {};
  SiteSweep::Verdict verdict = SiteSweep::Verdict::could_not_tell;
  std::string because;
  std::chrono::nanoseconds took{0};

  // Is it one sweep, and nothing to be said beside it?
  bool is_lone() const;
  // The sweeps, and what scenarios have made to fail.
  std::vector<SiteSweep> covering() const;
  std::size_t points() const;  // that were tried
  std::size_t left() const;    // that were not, as far as they are known
  std::map<SiteOutcome, int> counts() const;
  int allowed_points() const;
  // What a baseline knows and none of them has met. Of sweeps that were cut
  // short nobody can say so: then none.
  std::vector<AllowedFinding> gone() const;
};
std::string_view sweep_verdict_name(SiteSweep::Verdict verdict);

}  // namespace faultrig
