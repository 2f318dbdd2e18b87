#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/base/fd.h"
#include "harness/model/observation.h"
#include "harness/os/notify.h"
#include "harness/run/call_ends.h"
#include "harness/run/call_looks.h"
#include "harness/run/call_record.h"
#include "harness/run/dependency_proxy.h"
#include "harness/run/link_disk.h"
#include "harness/run/link_images.h"
#include "harness/run/link_recording.h"
#include "harness/run/loop.h"
#include "harness/run/made_calls.h"
#include "harness/run/rule_book.h"
#include "harness/run/shifted_clock.h"
#include "harness/run/waiting_caller.h"

namespace faultrig {

// What a supervisor tells the run.
struct SupervisorEvents {
  std::function<void(Observation)> record;
  std::function<std::chrono::nanoseconds()> now;  // the time since launch
  // What this trigger rule waits for has come.
  std::function<void(const CallRule&)> trigger;
  std::function<void(std::string)> lost;  // calls go unanswered: why
  std::function<ConnectFate(AskedConnect)>
      redirect;  // where a rule asks for it
  // This process is about to become the program of these names.
  std::function<void(int pid, const FileNames& names)> exec;
};

// What a supervisor has to know of its link.
struct SupervisorSetup {
  Link link = Link::command;
  Fd listener;
  // What is known of programs; must outlive it.
  ProgramStacks& programs;
  // The program whose own calls are never touched, seen by /proc/PID/exe
  // (the shim, below a filtered `go`); empty: none.
  std::string untouched = {};
  // Nor those of processes that this names: a witness may not be looked into.
  std::function<bool(int pid)> spared = {};
  // With a filter on execve: the child whose first exec is ours.
  int own_exec_of = 0;
  // Asked before a process makes exit_group(2): how long it is to wait until it
  // is asked again; nothing: it may. None: each may.
  std::function<std::optional<std::chrono::nanoseconds>(int pid)> before_exit =
      {};
  // Steps the wall clock of the link; must outlive it.
  ShiftedClock* clock = nullptr;
  // Bounds its disk; must outlive it.
  LinkDisk* disk = nullptr;
  // Records what is done to a folder; must outlive it.
  LinkRecording* recording = nullptr;
  // Takes images of its disk; must outlive it.
  LinkImages* images = nullptr;
  bool brief = false;  // Recorder::is_brief()
};

// Answers the calls that one listener intercepts, by the rules of its link.
// Every notification is answered, or told as lost.
class Supervisor {
 public:
  using Setup = SupervisorSetup;
  Supervisor(Loop& loop, RuleBook& rules, Setup setup, SupervisorEvents events);
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;
  ~Supervisor();

  // The last task under its filter has gone.
  bool hung_up() const { return hung_up_; }
  // How many calls have waited for an answer until now.
  std::size_t heard() const { return heard_; }

 private:
  using Caller = WaitingCaller;
  void on_ready(short events);
  void handle(const Notification& call);
  int process_of(int tid);
  bool waits_to_exit(const Caller& caller);
  bool is_ours(const Notification& call, const std::string& name, int pid);

  std::vector<Selected> fire_triggers(const CallView& view, Caller& caller);
  void tell_doubts(const Caller& caller, const CallView& view);
  void answer_and_tell(const Caller& caller, const SeenCall& seen,
                       const std::vector<Selected>& selected);
  // `at`: before the call was answered, for what comes of it is dated too.
  void tell_effect(const SeenCall& seen, const CallRule& rule,
                   std::chrono::nanoseconds at);
  // Each answers the call, now or later, and tells what became of it.
  Deed act(const Caller& caller, const SeenCall& seen, const CallRule& rule);
  Deed fail(const Caller& caller, int error);
  Deed delay(const Caller& caller, const SeenCall& seen, const CallRule& rule);
  Deed send_signal(const Caller& caller, const CallRule& rule);
  Deed shorten(const Caller& caller, const CallRule& rule);
  ConnectFate redirect(const Caller& caller, const SeenCall& seen);
  // False: it never ran, for its caller no longer waits or it is refused.
  bool let_run(const Caller& caller);
  bool refuse(const Caller& caller, const std::string& why);
  // Of a call that may want more than is left there.
  std::optional<Result<bool>> answer_of_disk(const Caller& caller);
  // False: its caller no longer waits.
  bool answer(const Caller& caller, std::int64_t value, int error);
  bool was_sent(const Result<bool>& sent);

  Loop& loop_;
  RuleBook& rules_;
  Setup setup_;
  SupervisorEvents events_;
  Notifier notifier_;
  std::map<int, int> process_by_thread_;
  CallEnds ends_;
  MadeCalls made_;
  bool hung_up_ = false;
  std::size_t heard_ = 0;
  CallLooks looks_;
  std::set<std::pair<int, std::string>> told_;  // what is told once a process
};

}  // namespace faultrig
