#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "harness/inject/injector.h"
#include "harness/inject/run.h"
#include "harness/run/capture.h"
#include "harness/run/goroutine_looks.h"
#include "harness/run/link_calls.h"
#include "harness/run/link_group.h"
#include "harness/run/loop.h"
#include "harness/run/needs.h"
#include "harness/run/recorder.h"
#include "harness/run/recoveries.h"
#include "harness/run/run_profiles.h"
#include "harness/run/run_spans.h"
#include "harness/run/runner.h"
#include "harness/run/service_life.h"
#include "harness/run/supervisor.h"
#include "harness/run/test_events.h"
#include "harness/run/triggers.h"
#include "harness/run/witnesses.h"

namespace faultrig {

// The program that a run starts first.
struct FirstLink {
  Link link = Link::command;
  std::vector<std::string> argv;
  std::vector<std::string> env;
  std::string folder;
  // What `env` has for go alone, as StepOrder::restore.
  std::vector<std::string> restore;
  // Where a go that this starts leaves its work folders; empty: in ours.
  std::string go_place;
  TestLines lines = TestLines::plain;
  // Why there is nothing to start: TestBinary::not_built.
  std::string not_built;
  bool late = false;
  bool beside_needs = false;  // in the network of a service that had its own
  std::optional<LinkDisk::Place> disk;  // of one that has ended
  std::string goflags;                  // that go has
};

// One execution: its cgroups, processes, timers and recorder; owns them, ends
// with them.
class LiveRun final : public Run {
 public:
  // `needs`: of the service, all ready; none for another workload.
  LiveRun(Session& session, const Plan& plan, Needs& needs);
  ~LiveRun() override;
  LiveRun(const LiveRun&) = delete;
  LiveRun& operator=(const LiveRun&) = delete;

  // Makes groups, limits, filters, injectors and the witnesses' door ready.
  // `seek`: what a service is asked for once it is ready, in a second life.
  Result<> prepare(std::vector<SoughtWrite> seek = {});
  // The words of a -exec program that is a witness of this run.
  std::vector<std::string> exec_words() const;
  // Those that a test binary gets, which we start ourselves.
  std::vector<std::string> profile_flags() {
    return profiles_.flags(RunProfiles::kNoWitness);
  }
  // Starts it and waits until it has ended, all that belongs to it is gone or
  // killed, and all it said is recorded.
  Result<> execute(const FirstLink& first);

  struct Yield {
    std::vector<Observation> trace;
    std::string out;
    std::string err;
    std::map<std::string, std::string> files;  // as Evidence::Parts has them
    // Of the writes that a second life has to find.
    std::vector<std::uint64_t> acknowledged;
  };
  Yield take_yield();
  Recorder& recorder() { return recorder_; }
  // For the work of go; empty where go could not work either.
  const std::filesystem::path& work() const { return work_.path(); }

  // Run: what injectors may touch.
  const std::filesystem::path& scratch() const override;
  std::chrono::nanoseconds now() const override { return recorder_.now(); }
  void record(Observation observation) override;
  std::vector<LiveProcess> processes(Link link) const override;
  Result<int> send_signal(const std::string& to, int signal) override;
  GroupTools& group(Link link) override { return *links_.at(link).tools; }
  void tell_release(FaultId fault, const std::string& why) override;
  void select_calls(FaultId fault, bool select) override;
  void expect_stop(const ServiceStop& stop) override;
  void after(std::chrono::nanoseconds delay,
             std::function<void()> then) override;
  void use_exec_program(const std::filesystem::path& program) override;
  std::string witness_line() const override;
  std::string announce_line(FaultId fault) const override;

 private:
  struct Process {
    Link link = Link::command;
    int pid = 0;
    Fd pidfd;
    std::string program;
    bool held = false;  // link_ready() comes when it is
    bool ended = false;
    int witness = RunProfiles::kNoWitness;
  };
  // What one link's processes are started with.
  struct LinkState {
    Cgroup group;
    std::unique_ptr<LinkGroup> tools;  // of `group`
    bool escaped = false;
    LinkCalls calls;
  };

  // live_run.cc
  Session::Group group_kind_for(Link link) const;
  Result<> prepare_link(Link link);
  void link_started(Process process, StartedFds fds, std::int64_t exec_ns);
  // A process of this link is its program, and at its first instruction.
  void link_ready(Link link);
  void link_ended(Process& process, const Ended& ended);
  bool holds(Link link) const;
  void fire(FaultId fault, const std::string& why);
  void arm(FaultId fault);
  void release(FaultId fault, const std::string& why);
  void lose(const std::string& why);

  // live_launch.cc
  std::vector<ChildStep> steps_for(Link link, int first_slot,
                                   std::vector<int>& fds) const;
  Result<> launch(const FirstLink& first);
  void supervise(const Process& process, Fd listener);

  // live_door.cc
  Result<> open_door();
  WitnessEvents witness_events();
  WitnessOrders witness_orders(const Hello& hello);
  void take_announcement(const Announce& announced);
  void tell_last_word(const Observation& ended, const std::string& said);

  // live_end.cc
  Result<> wait_for_end();
  void take_ends();
  void take_held();
  bool everything_ended() const;
  std::vector<int> survivors() const;
  std::vector<Fd> watch_populations();
  void settle();
  void kill_everything();
  void kill_survivors();
  Capture capture_lines(const char* stream, TestLines lines);
  void finish_output();
  int root() const;

  // live_deadline.cc
  bool awaits_a_test() const;
  std::chrono::nanoseconds allowed() const;
  bool go_compiles() const;
  void on_deadline();
  void tell_our_signal(const LiveProcess& process, int signal,
                       const std::string& why);
  bool may_call(Link link) const;
  void look_for_lost_triggers();
  void tell_lost_triggers(const std::vector<LostTrigger>& lost);

  // live_service.cc
  ServiceLife::Tools service_tools(std::vector<SoughtWrite> seek);
  bool has_own_network(Link link) const;
  std::vector<int> service_pids() const;
  void look_around();

  // live_watch.cc
  void watch_for_escapes();
  void watch_for_go();
  void look_for_go();
  void tell_escapes(Link link);
  void take_signals();
  void lose_time();
  void end_by_force(const std::string& why);
  void tell_immortals();

  Session& session_;
  const Plan& plan_;
  Needs& needs_;
  Loop loop_;
  Recorder recorder_;
  TempDir folder_;
  TempDir work_;                      // of go
  std::vector<std::string> restore_;  // what only go is to have
  std::map<Link, LinkState> links_;
  Cgroup witness_group_;  // used when `go` itself is capped
  std::vector<std::unique_ptr<Injector>> injectors_;  // by FaultId
  std::vector<FaultId> waiting_to_arm_;
  std::set<FaultId> armed_;
  std::unique_ptr<Triggers> triggers_;
  std::unique_ptr<Witnesses> witnesses_;
  std::unique_ptr<ServiceLife> service_;  // where the workload is one
  Recoveries recoveries_;
  GoroutineLooks looks_;
  RunProfiles profiles_;
  RunSpans spans_;
  std::vector<std::unique_ptr<Supervisor>> supervisors_;
  std::map<int, Process> processes_;  // by pid
  int first_pid_ = 0;
  bool news_awaited_ = false;  // of its end, past the deadline
  bool first_ended_ = false;
  bool deadline_passed_ = false;
  std::optional<std::chrono::nanoseconds> first_test_at_;
  bool stood_still_ = false;
  std::string exec_program_;
  Fd out_pipe_;
  Fd err_pipe_;
  Capture out_;
  Capture err_;
};

}  // namespace faultrig
