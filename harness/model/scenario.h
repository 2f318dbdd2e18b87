#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/link.h"
#include "harness/model/observe.h"
#include "harness/model/service.h"
#include "harness/model/values.h"

namespace faultrig {

struct ScenarioSweep;

struct GoTest {
  std::filesystem::path dir;  // absolute after reading
  std::vector<std::string> packages{"."};
  std::string run;   // empty: not given
  std::string skip;  // empty: not given
  std::int64_t count = 1;
  std::vector<std::string> flags;
  std::vector<std::string> args;
  std::string timeout;  // go's own, as written; empty: not given
  std::vector<std::string> exec;
  std::string go = "go";
  enum class Mode { chain, binary } mode = Mode::chain;
};

// In `recover`: what go_build of the service has built.
inline constexpr std::string_view kBuiltProgram = "${program}";

struct Workload {
  // Exactly one of go_test, a command, and a service, whose program `command`
  // is then.
  std::optional<GoTest> go_test;
  std::vector<std::string> command;
  std::optional<Service> service;
  // Run when all that has ended, on the same folders; empty: nothing. Its
  // first word may be kBuiltProgram.
  std::vector<std::string> recover;
  std::map<std::string, std::string> env;
  bool clean_env = false;
  std::vector<std::string> keep_env;  // with clean_env: names that stay
  std::filesystem::path cwd;          // absolute; command only
  std::chrono::nanoseconds deadline = std::chrono::seconds(60);
  // What go may take until the first test has been started.
  std::chrono::nanoseconds compile_within = std::chrono::minutes(10);
  Place place;

  // The link that the author's faults hit when they name none.
  Link main_link() const;
  // Two workloads with the same key do the same thing (for golden runs).
  std::string key() const;
};

struct Trigger {
  // `after` stands alone here: beside another form it is its `delay`.
  // `when` is one of the parts; a fault waits for all of them.
  enum class When {
    start,
    after,
    output,
    test,
    call,
    listening,
    accepted,   // so many connections
    ready,      // the service is
    in_flight,  // so many of its requests are unanswered at once
    answered,   // so many of its requests were answered
    fault,      // another fault took effect
    release,    // another fault was released
    effects     // of an `until`: so often its fault took effect
  };
  When when = When::start;
  Params params;  // of trigger_section() or until_section()
  // By the keys that are there; the start where none is.
  static Trigger of(Params keys);
  // What must have come, without its delay. Empty: the start.
  std::vector<When> parts() const;
  bool waits_for(When part) const;
  // Does it wait for something that only a service has?
  bool of_service() const;
  // From the moment that `when` names to that of the fault.
  std::chrono::nanoseconds delay() const;
  std::string text() const;  // as in a plan: `after 200ms`
};

inline constexpr std::int64_t kNoBound =
    std::numeric_limits<std::int64_t>::max();

// One element of `faults`.
struct Fault {
  std::string injector;
  std::string name;  // to cite it; the injector's name when none is given
  Link at = Link::test;
  // Glob of a program: the processes below that link which run it suffer the
  // fault. Empty: the link itself does.
  std::string child;
  Trigger when;
  // Then it is released; its delay counts from the moment at which the fault
  // is active. None: it lasts to the end.
  std::optional<Trigger> until;
  bool optional = false;  // it need not take effect
  Params params;
  Place place;

  // How often it can take effect, by its `times` and `nth`; else kNoBound.
  std::int64_t most_effects() const;
  // Is it released some time, by its `until` or after its own `for`?
  bool is_released() const { return until || params.has("for"); }
  // `test`, `child sh`: who suffers it, for people.
  std::string target() const;
  // `when`, and `until` where there is one; borrowed.
  std::vector<const Trigger*> triggers() const;
};

// The faults that a name means, but for the fault `but` itself: those of this
// name, or of this injector.
std::vector<FaultId> faults_called(const std::vector<Fault>& faults,
                                   std::string_view name, FaultId but);

// One element of `expect`.
struct Expectation {
  std::string type;
  Params params;
  Place place;
  std::string text;  // the clause on one line, as the author wrote it
};

// What the author wrote, every value checked and with its place.
struct Scenario {
  std::string name;            // `memory/killed_by_oom`
  std::filesystem::path file;  // as given on the command line
  std::string about;
  std::vector<std::string> tags;
  std::vector<std::string> needs;  // capabilities: `CAP_SYS_ADMIN`
  Workload workload;
  std::vector<Fault> faults;
  std::vector<Expectation> expect;
  Observers observe;
  bool golden = true;
  // What is tried in many runs; its faults stand in each. Null: there is one
  // run.
  std::shared_ptr<const ScenarioSweep> sweep;
};

}  // namespace faultrig
