#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/base/controller.h"
#include "harness/base/result.h"
#include "harness/model/clock_shift.h"
#include "harness/model/crash.h"
#include "harness/model/dependency.h"
#include "harness/model/disk.h"
#include "harness/model/dns_fault.h"
#include "harness/model/network_fault.h"
#include "harness/model/scenario.h"

namespace faultrig {

// Which descriptors a call must work on to be selected.
enum class FdKind { any_but_stdio, file, socket, pipe, stdio };

// The kind called `file`, `socket`, `pipe` or `stdio` in a scenario; any but
// stdio for anything else.
FdKind fd_kind_named(std::string_view name);
// Its name; empty for any but stdio.
std::string_view fd_kind_name(FdKind kind);

// What happens to a call that a rule selects.
enum class CallAction {
  observe,   // runs as if nothing were there; recorded
  error,     // does not run; returns -number
  returns,   // does not run; returns number
  shorten,   // moves at most number bytes
  delay,     // runs number nanoseconds later
  signal,    // its process gets signal number, then it runs
  redirect,  // a connect(2) comes to us first, and is led on
};

// `error`, `returns`, `short`, `delay`, `signal`, `redirect`, or `observe`.
std::string_view call_action_name(CallAction action);

// What a rule is for.
enum class CallRole {
  acts,    // on the calls, or watches them
  begins,  // it is a part of its fault's trigger
  ends,    // of its `until`
};

// What of a call a trigger waits for.
enum class CallMoment {
  before,     // it is about to run
  after,      // it has run
  listening,  // a listen(2) has succeeded, on port `number`; 0: on any
  accepted,   // accept(2) has given a connection, `number` in all
};

// What else has to be true of a call that a rule selects.
enum class CallTest {
  none,
  fd_limit,    // only EMFILE can answer it
  names_peer,  // sendto(2): it names an address
  no_urging,   // tgkill(2): no SIGURG, with which Go's runtime urges itself on
};

// Selects calls of one link's processes, and what becomes of them.
struct CallRule {
  FaultId fault = kNoFault;
  std::vector<std::string> calls;
  CallAction action = CallAction::observe;
  std::int64_t number = 0;
  std::optional<Nth> nth;        // over the whole process tree
  std::optional<double> chance;  // 0..1, from the plan's seed
  std::string path;              // glob; empty: any
  FdKind fd = FdKind::any_but_stdio;
  CallOrigin origin;
  std::string peer;               // glob of an address; empty: any, and none
  bool active_from_start = true;  // else from the fault's trigger on
  CallRole role = CallRole::acts;
  std::int64_t most = 0;                   // effects; 0: no bound
  CallMoment moment = CallMoment::before;  // of a trigger
  CallTest test = CallTest::none;
  bool in_kernel = false;  // static SECCOMP_RET_ERRNO, unseen by us

  bool watches_fd_limit() const { return test == CallTest::fd_limit; }
  // What happens to a selected call: `fails with EIO`.
  std::string text() const;
  // Which calls it selects: `the 3rd fsync of *.db`.
  std::string selects() const;
  // Is execve(2) or execveat(2) among its calls?
  bool names_exec() const;
  bool is_trigger() const { return role != CallRole::acts; }
};

struct MemoryLimit {
  FaultId fault = kNoFault;
  Bytes max;
  Bytes swap;
  bool group = false;
  bool from_start = true;  // else from the fault's trigger on
};

// A cap on a link's group whose meetings the kernel counts: pids.max in tasks,
// cpu.max in microseconds of each kCpuPeriod, memory.high in bytes
// (cgroup_caps.h).
struct CountedCap {
  FaultId fault = kNoFault;
  Controller controller = Controller::pids;
  std::optional<std::uint64_t> max;  // none: the golden run's, in such a group
  bool from_start = true;            // else from the fault's trigger on
};

// Bounds numbers of new descriptors: RLIMIT_NOFILE, soft and hard.
struct FdLimit {
  FaultId fault = kNoFault;
  std::uint64_t max = 0;
};

// An `-exec` program that does not work (interpreter.cc).
struct BrokenProgram {
  FaultId fault = kNoFault;
  std::string kind;  // missing, not_executable, bad_shebang, ...
  int code = 0;      // kind exits
  int signal = 0;    // kind killed
};

// How one link will be started: what injectors ask for, as data.
struct LinkSetup {
  std::optional<MemoryLimit> memory;
  std::vector<CountedCap> caps;
  std::optional<FdLimit> fds;
  std::vector<CallRule> rules;
  std::vector<Dependency> dependencies;  // for rules that redirect
  std::vector<DnsFault> names;           // as well
  std::vector<ClockShift> clock;         // steps of its wall clock
  std::optional<OwnDisk> disk;
  std::optional<CrashFolder> crash;
  std::optional<OwnNet> network;
  bool looks_at_exit = false;  // at goroutines, before exit_group(2) is made
  std::map<std::string, std::string> env;
  // Faults that are to be in effect before a process of this link runs its
  // first instruction: it is held at its exec meanwhile.
  std::vector<FaultId> held_for;

  // An error where the link has one, or the other: what is laid over a folder
  // hides it.
  Result<> add_disk(OwnDisk own);
  Result<> add_crash(CrashFolder folder);
  // An error where that contradicts what it has.
  Result<> add_network(OwnNet own);
  // Adds a cap; an error where the link has one of that kind.
  Result<> add_cap(const CountedCap& cap);
  std::set<Controller> controllers() const;
  // Memory that others were charged for, and their counts, are to be in nobody
  // else's way: is the group to be a new one?
  bool wants_fresh_group() const { return memory || !caps.empty(); }
  bool needs_listener() const;
  // Descriptors of the workload's, for a rule that is carried out on one, or
  // its listener's, which has to be fetched where a rule stops its start.
  bool needs_copies() const;
};

// What is looked for once a fault has been released.
struct Recovery {
  std::vector<FaultId> faults;
  std::string output;  // RE2 of a line; empty: none
  std::string load;    // empty: any load's requests
  bool requests = false;
  bool by_call = false;                // nobody notes when that has come
  std::chrono::nanoseconds within{0};  // 0: to the end
};

// What Injector::prepare may add to.
struct Launch {
  std::map<Link, LinkSetup> links;
  std::optional<BrokenProgram> interpreter;
  // A fault tells the service to stop: its golden run is not told, and ended by
  // SIGKILL.
  bool stops_service = false;
  ServiceWatch watch;
  std::vector<Recovery> recoveries;
  // What this machine must have: `a writable memory cgroup`, `seccomp user
  // notification`, ...; checked before anything starts.
  std::vector<std::string> needs;
};

// Names for Launch::needs.
inline constexpr const char* kNeedsMemoryCgroup = "a writable memory cgroup";
inline constexpr const char* kNeedsMemoryHigh = "cgroup v2 for memory";
inline constexpr const char* kNeedsFreezer = "a cgroup to freeze";
inline constexpr const char* kNeedsPids = "a writable pids cgroup";
inline constexpr const char* kNeedsCpu = "a writable cpu cgroup";
inline constexpr const char* kNeedsNotify = "seccomp user notification";
inline constexpr const char* kNeedsSeccomp = "seccomp filters";
inline constexpr const char* kNeedsCopies = "pidfd_getfd(2)";
inline constexpr const char* kNeedsForcedWrites =
    "writes to a program's code (/proc/PID/mem)";
inline constexpr const char* kNeedsDisk = "a disk of its own (tmpfs)";
inline constexpr const char* kNeedsExt4 = "ext4 on a loop device";
inline constexpr const char* kNeedsXfs = "xfs on a loop device";
inline constexpr const char* kNeedsNetwork = "a network of its own";
inline constexpr const char* kNeedsPackets =
    "nf_tables in a network of its own";
inline constexpr const char* kNeedsTraceReader =
    "faultrig-timeline, which reads execution traces";
inline constexpr const char* kNeedsTrace = "ptrace(2) of a child";
inline constexpr const char* kNeedsSamples =
    "samples of a process's time (perf_event_open(2))";
inline constexpr const char* kNeedsMountOrUser =
    "CAP_SYS_ADMIN or an ordinary user";

// What stands around the test binary of a chain: go test, or, for the atlas of
// exit codes, something else that starts it and tells how it ended.
enum class Wrapper { go_test, go_run, shell, pipeline };

// A scenario resolved: everything a run will do, and nothing else.
struct Plan {
  Scenario scenario;
  Launch launch;
  std::uint64_t seed = 1;
  bool wants_test_events = false;  // -v, and test2json afterwards
  bool private_go_cache = false;   // a fault hits `go` itself
  Wrapper wrapper = Wrapper::go_test;
  // What is run gets a TMPDIR of its own, and tests of mode binary a copy of
  // their package's folder.
  bool fresh_folder = false;

  bool has_go() const { return scenario.workload.go_test.has_value(); }
  // A disk of a link is to be its TMPDIR.
  bool own_tmpdir() const;
  bool chain() const {
    return has_go() && scenario.workload.go_test->mode == GoTest::Mode::chain;
  }
};

}  // namespace faultrig
