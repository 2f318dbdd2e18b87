#include "harness/run/runner.h"

#include <algorithm>
#include <set>
#include <utility>

#include "harness/base/last_word.h"
#include "harness/base/text.h"
#include "harness/model/go_words.h"
#include "harness/os/machine.h"
#include "harness/run/command.h"
#include "harness/run/crash_runs.h"
#include "harness/run/fresh_folder.h"
#include "harness/run/given_snapshots.h"
#include "harness/run/go_program.h"
#include "harness/run/go_tool.h"
#include "harness/run/interpreter_proof.h"
#include "harness/run/left_files.h"
#include "harness/run/live_run.h"
#include "harness/run/recover_run.h"
#include "harness/run/second_life.h"
#include "harness/run/test_events.h"
#include "harness/run/trace_end.h"

namespace faultrig {

namespace {

struct Prepared {
  std::vector<std::string> env;
  std::optional<GoCommand> go;
};

Result<Prepared> prepare_tools(Session& session, const Plan& plan) {
  const Workload& workload = plan.scenario.workload;
  Prepared out;
  out.env = workload_environment(session.options().environment, workload);
  if (workload.go_test) {
    TRY_ASSIGN(out.go, find_go(session, *workload.go_test, out.env));
  }
  return out;
}

// Sets a variable for go alone: the witness gives the program what it would
// have had. In place, so that not even the order is another.
void set_for_go(FirstLink& first, const std::string& name,
                const std::string& value) {
  auto given = std::find_if(
      first.env.begin(), first.env.end(),
      [&](const auto& entry) { return entry.starts_with(name + "="); });
  if (given == first.env.end()) {
    first.restore.push_back(name);
    first.env.push_back(join({name, value}, "="));
  } else {
    first.restore.push_back(*given);
    *given = join({name, value}, "=");
  }
}

// Where go, with this environment, makes its work folder.
std::string place_of_go(const std::vector<std::string>& env) {
  std::string place = "/tmp";
  for (std::string_view name : {"TMPDIR=", "GOTMPDIR="}) {
    for (const std::string& entry : env) {
      bool named = entry.starts_with(name) && entry.size() > name.size();
      place = named ? entry.substr(name.size()) : place;
    }
  }
  return place;
}

// go leaves its work folder when it is killed: ours ends with the run. Where go
// would fail for want of one, or was given one, nothing is changed.
void use_work_folder(FirstLink& first, const std::filesystem::path& folder) {
  bool given =
      std::any_of(first.env.begin(), first.env.end(), [](const auto& entry) {
        return entry.starts_with("GOTMPDIR=") && entry.size() > 9;
      });
  std::string place = place_of_go(first.env);
  bool could = !place.starts_with('/') || is_writable_folder(place);
  if (!given && !folder.empty() && could) {
    set_for_go(first, "GOTMPDIR", folder.string());
    first.go_place.clear();
  } else {
    first.go_place = place;
  }
}

// A cache that go fills under a low descriptor limit stays poisoned for every
// later run: a go that suffers gets one to throw away.
void use_private_cache(FirstLink& first, const LiveRun& run) {
  const std::filesystem::path& folder =
      run.work().empty() ? run.scratch() : run.work();
  set_for_go(first, "GOCACHE", (folder / "gocache").string());
}

// What builds a binary passes its environment to no test.
std::vector<std::string> build_environment(const Session& session,
                                           const Prepared& prepared) {
  FirstLink go;
  go.env = prepared.env;
  use_work_folder(go, session.work());
  return go.env;
}

TestLines lines_of_tests(const Plan& plan, const GoCommand& go) {
  if (asks_json(plan)) {
    return TestLines::json;
  }
  return plan.wants_test_events && go.minor >= 20 ? TestLines::marked
                                                  : TestLines::plain;
}

Result<FirstLink> wrapper_link(Session& session, const Plan& plan,
                               Prepared& prepared, const LiveRun& run) {
  FirstLink first;
  first.link = Link::go;
  first.env = prepared.env;
  first.lines = lines_of_tests(plan, *prepared.go);
  use_work_folder(first, run.work());
  TRY_ASSIGN(TestBinary binary,
             build_test(session, plan, *prepared.go,
                        build_environment(session, prepared)));
  first.not_built = binary.not_built;
  first.late = binary.late;
  std::string main_file = (run.scratch() / "main.go").string();
  TRY(write_program(main_file, "package main\n\nfunc main() {}\n", 0600));
  first.argv =
      wrapper_line(plan, *prepared.go, binary, run.exec_words(), main_file);
  first.folder = binary.folder;
  return first;
}

Result<FirstLink> first_link(Session& session, const Plan& plan,
                             Prepared& prepared, LiveRun& run) {
  const Workload& workload = plan.scenario.workload;
  FirstLink first;
  first.env = prepared.env;
  first.go_place = place_of_go(first.env);
  if (!workload.go_test) {
    first.link = workload.main_link();
    first.argv = workload.command;
    if (workload.service && workload.service->build) {
      TRY_ASSIGN(GoProgram program,
                 build_program(session, *workload.service->build,
                               build_environment(session, prepared),
                               workload.compile_within));
      first.argv[0] = program.path;
      first.not_built = program.not_built;
      first.folder = workload.cwd.string();
      return first;
    }
    first.folder = workload.cwd.string();
    // A program that is nowhere is the workload's trouble: exec says so.
    first.argv[0] =
        find_program(first.argv[0], first.env).value_or(first.argv[0]);
    return first;
  }
  first.lines = lines_of_tests(plan, *prepared.go);
  first.goflags = prepared.go->goflags;
  TRY(can_profile(plan.scenario.observe, first.goflags));
  if (plan.chain() && has_flag(words_of_goflags(first.goflags), "json")) {
    return usage_error(
        "GOFLAGS has -json, which changes what go prints: say `flags: [-json]` "
        "instead");
  }
  if (plan.chain() && plan.wrapper != Wrapper::go_test) {
    return wrapper_link(session, plan, prepared, run);
  }
  if (plan.chain()) {
    first.link = Link::go;
    first.argv = go_test_words(plan, prepared.go->path, prepared.go->minor,
                               run.exec_words());
    first.folder = workload.go_test->dir.string();
    use_work_folder(first, run.work());
    if (plan.private_go_cache) {
      use_private_cache(first, run);
    }
    return first;
  }
  TRY_ASSIGN(TestBinary binary,
             build_test(session, plan, *prepared.go,
                        build_environment(session, prepared)));
  first.not_built = binary.not_built;
  first.late = binary.late;
  first.link = Link::test;
  first.argv = {binary.path};
  for (std::string& flag : run.profile_flags()) {
    first.argv.push_back(std::move(flag));
  }
  first.argv.insert(first.argv.end(), binary.args.begin(), binary.args.end());
  first.folder = binary.folder;
  return first;
}

// How the last process of this link ended; nothing if none did.
std::optional<WaitStatus> end_of(Link link,
                                 const std::vector<Observation>& trace) {
  std::optional<WaitStatus> end;
  for (const Observation& seen : trace) {
    if (seen.fact == Fact::process_ended && seen.link == link_name(link)) {
      end = WaitStatus(static_cast<int>(seen.number));
    }
  }
  return end;
}

std::vector<FaultId> kernel_faults(const Plan& plan) {
  std::vector<FaultId> faults;
  for (const auto& [link, setup] : plan.launch.links) {
    for (const CallRule& rule : setup.rules) {
      if (rule.in_kernel) {
        faults.push_back(rule.fault);
      }
    }
  }
  return faults;
}

// A rule that only the kernel sees leaves no trace of its own. What proves it
// is the experiment: the same workload, that filter and nothing else added, no
// longer exits 0. What the golden run has left, a folder that is there already,
// would do that too: so golden runs come behind, two, since some workloads fail
// every other time.
constexpr int kGoldenRunsBehind = 2;

Result<> prove_kernel_rules(Session& session, const Plan& plan, Link first,
                            Evidence::Parts& parts) {
  std::vector<FaultId> faults = kernel_faults(plan);
  std::optional<WaitStatus> end = end_of(first, parts.trace);
  if (faults.empty() || parts.golden != Golden::good || !end || end->clean()) {
    return Ok{};
  }
  for (int behind = 0; behind < kGoldenRunsBehind; ++behind) {
    TRY_ASSIGN(GoldenResult again, run_golden(session, plan));
    if (again.golden != Golden::good) {
      parts.golden = again.golden;
      parts.golden_trouble =
          "when it was run again, behind the faulty run: " + again.trouble;
      return Ok{};
    }
  }
  for (FaultId fault : faults) {
    Observation proof;
    proof.at = parts.trace.back().at;
    proof.fact = Fact::fault_activated;
    proof.fault = fault;
    proof.text =
        "the golden runs before and behind it exited 0, this one did not, and "
        "only the filter differs";
    parts.trace.push_back(proof);
  }
  return Ok{};
}

Evidence::Parts parts_of(const Plan& plan, const Prepared& prepared,
                         const std::string& version, LiveRun::Yield yield) {
  Evidence::Parts parts;
  parts.provenance.kernel = kernel_version();
  parts.provenance.go = prepared.go ? prepared.go->version : "";
  parts.provenance.faultrig = version;
  parts.provenance.seed = plan.seed;
  parts.trace = std::move(yield.trace);
  parts.out = std::move(yield.out);
  parts.err = std::move(yield.err);
  parts.files = std::move(yield.files);
  add_snapshots(plan.scenario, parts.files);
  for (const Fault& fault : plan.scenario.faults) {
    parts.fault_names.push_back(fault.name);
    parts.injectors.push_back(fault.injector);
  }
  return parts;
}

// Evidence of a run in which go made no test binary to start, as where go test
// made none.
void tell_not_built(const Plan& plan, const FirstLink& first, LiveRun& run) {
  Observation told;
  told.source = Source::go;
  told.fact = first.late ? Fact::deadline_passed : Fact::never_started;
  told.link = first.late ? "" : link_name(plan.scenario.workload.main_link());
  told.number = first.late ? plan.scenario.workload.compile_within.count() : 0;
  told.text = first.late ? "" : first.not_built;
  run.recorder().add(told);
  run.recorder().tell_end();
}

// Of those that the service needs, which end after its last life.
void add_ends_of(Needs& needs, Recorder& recorder,
                 std::vector<Observation>& trace) {
  needs.end();
  for (Observation& seen : recorder.take()) {
    trace.push_back(std::move(seen));
  }
}

// Those of the service's first life that were told.
std::set<std::int64_t> pids_of_service(const Plan& plan,
                                       const std::vector<Observation>& trace) {
  const auto& service = plan.scenario.workload.service;
  std::set<std::int64_t> pids;
  if (service && service->pid1) {
    pids.insert(1);  // as it is told itself
  }
  for (const Observation& seen : trace) {
    if (seen.fact == Fact::process_started || seen.fact == Fact::leftover) {
      pids.insert(seen.pid);
    }
  }
  return pids;
}

// Runs what was made ready, to its end. False: it was not started, or not
// watched to its end, which is told.
Result<bool> live(Session& session, const Plan& plan, const FirstLink& first,
                  Needs& needs, LiveRun& run) {
  if (!first.not_built.empty()) {
    tell_not_built(plan, first, run);
    return false;
  }
  TRY_ASSIGN(bool ready, needs.start(run.recorder()));
  if (!ready) {
    run.recorder().tell_end();
    return false;
  }
  Result<> done = run.execute(first);
  if (!done && session.stopped()) {
    return done.error();
  }
  if (!done) {
    Observation never;
    never.source = Source::shim;
    never.fact = done.error().what.starts_with("exec ") ? Fact::never_started
                                                        : Fact::trouble;
    never.link = link_name(first.link);
    never.error = done.error().os_errno;
    never.text = done.error().what;
    run.recorder().add(never);
  }
  return done.has_value();
}

}  // namespace

Result<Evidence> run_plan(Session& session, const Plan& asked,
                          const GoldenResult& golden, CallDetail detail) {
  TRY_ASSIGN(Prepared prepared, prepare_tools(session, asked));
  TRY_ASSIGN(ServiceFolder folder, ServiceFolder::make(session, asked));
  Plan plan = asked;
  plan.scenario.workload.cwd = folder.path();
  Needs needs(session, plan);
  LiveRun run(session, plan, needs);
  if (detail == CallDetail::brief) {
    run.recorder().tell_briefly();
  }
  TRY(run.prepare({}));
  TRY_ASSIGN(FirstLink first, first_link(session, plan, prepared, run));
  TRY(use_fresh_folder(session, plan, first));
  TRY(begin_recording(session, plan, first));
  session.learnt().top = folder.top();
  LeftFiles left(plan.scenario.workload, session.learnt());
  TRY_ASSIGN(bool lived, live(session, plan, first, needs, run));
  LiveRun::Yield yield = run.take_yield();
  add_at_end(yield.trace,
             left.look(pids_of_service(plan, yield.trace), yield.trace));
  FirstLife life{first, needs, yield.acknowledged};
  Evidence::Parts parts =
      parts_of(plan, prepared, session.options().version, std::move(yield));
  if (lived) {
    add_second_life(session, plan, life, folder, parts.trace);
  }
  if (lived) {
    add_recover_run(session, plan, first, needs, parts);
  }
  add_ends_of(needs, run.recorder(), parts.trace);
  parts.golden = golden.golden;
  parts.golden_trouble = golden.trouble;
  if (plan.has_go() && !plan.chain()) {
    tell_last_word(marks_its_lines(first.argv), parts);
  }
  if (plan.wants_test_events) {
    auto events =
        read_test_events(session, *prepared.go, prepared.env, run.scratch(),
                         {parts.out, asks_json(plan), !plan.chain()});
    if (!events) {
      Observation trouble;
      trouble.text = events.error().what;
      events = std::vector<Observation>{trouble};
    }
    add_at_end(parts.trace, *std::move(events));
    parts.out = without_marks(std::move(parts.out));
  }
  prove_interpreter(plan, run.scratch(), parts);
  TRY(prove_kernel_rules(session, plan, first.link, parts));
  return Evidence(std::move(parts));
}

}  // namespace faultrig
