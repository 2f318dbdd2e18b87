// The order in which a run does things: the first link is started through the
// shim server, the test binaries of a chain through the witnesses that `go`
// starts; the loop turns until the first one has ended; what is left is told.
#include <poll.h>

#include <csignal>
#include <filesystem>
#include <utility>

#include "harness/base/last_word.h"
#include "harness/os/shim_processes.h"
#include "harness/run/fresh_folder.h"
#include "harness/run/left_mounts.h"
#include "harness/run/live_run.h"

namespace faultrig {

namespace {

constexpr std::chrono::milliseconds kStep{1000};
// A look costs as much as the machine has processes, more than a short run; at
// the launch itself nobody has moved yet.
constexpr std::chrono::milliseconds kFirstLook{5};
// How often faultrig is looked at, which a workload may have stopped: not after
// each line that is printed.
constexpr std::chrono::milliseconds kParentSeen{100};

// Before the end itself, in whose light it is read.
void tell_last_word(Recorder& recorder, const Observation& ended,
                    const std::string& said) {
  Observation word;
  word.at = ended.at;
  word.source = Source::output;
  word.fact = Fact::last_word;
  word.link = ended.link;
  word.pid = ended.pid;
  word.text = said;
  recorder.add(word);
}

Observation of_shim(Fact fact, const RunProcess& process,
                    std::chrono::nanoseconds at) {
  Observation out;
  out.at = at;
  out.source = Source::shim;
  out.fact = fact;
  out.link = link_name(process.link);
  out.pid = process.pid;
  out.text = process.program;
  return out;
}

}  // namespace

// Who waits for this line of output?
RunOutput::Wanted LiveRun::take_line(const RunOutput::Line& line,
                                     TestLines lines) {
  bool told = service_ && service_->line(line.text);
  observers_.looks().line(line.text, line.is_stdout, lines);
  RunOutput::Wanted wanted = course_.line(line, lines);
  wanted.told = wanted.told || told;
  return wanted;
}

Result<> LiveRun::execute(const FirstLink& first) {
  if (course_.wants_lines() || observers_.looks().wants_lines() ||
      (service_ && service_->wants_lines())) {
    output_.hear(
        [this, lines = first.lines](const RunOutput::Line& line) {
          return take_line(line, lines);
        },
        recorder_);
  }
  end_.begin();
  watch_.watch_signals();
  loop_.start_clock();
  TRY(launch(first));
  loop_.after(kFirstLook, [this] { watch_.watch_for_escapes(); });
  if (!first.go_place.empty()) {
    loop_.after(kFirstLook, [this] { end_.watch_go(); });
  }
  deadline_.begin();
  TRY(wait_for_end());
  if (service_) {
    service_->ended();
  }
  course_.children().tell_ends();
  end_.settle();
  if (service_) {
    service_->gone();
  }
  door_.last_look();
  output_.finish(loop_, recorder_);
  links_.tell_all();
  if (plan_.has_go() && !plan_.chain()) {
    LastWord said(marks_its_lines(first.argv));
    said.take(output_.out());
    observers_.profiles().heard(said.word());
  }
  observers_.tell(session_);
  tell_mounts(session_, recorder_);
  end_.leave();
  recorder_.tell_end();
  return Ok{};
}

Result<> LiveRun::launch(const FirstLink& first) {
  TRY_ASSIGN(PipeEnds out, make_pipe(true));
  TRY_ASSIGN(PipeEnds err, make_pipe(true));
  LaunchOrder order{
      first.argv,
      observers_.profiles().settings(observers_.spans().settings(first.env)),
      {},
      "",
      holds(first.link)};
  door_.restore(first.restore);
  session_.go_leftovers().begin(first.go_place);
  std::vector<int> fds{out.write.get(), err.write.get()};
  TRY_ASSIGN(order.steps, links_.at(first.link).first_steps(first, fds));
  course_.tell_installed();
  recorder_.launch();
  recorder_.add(begun_with(first));
  LaunchPatience patience{plan_.scenario.workload.deadline,
                          [this] { return session_.stopped(); }};
  TRY_ASSIGN(StartedProcess process,
             session_.launcher().launch(order, fds, patience));
  processes_.begin(process.pid);
  output_.listen(loop_, std::move(out.read), std::move(err.read));
  std::string program =
      std::filesystem::path(first.argv[0]).filename().string();
  link_started(
      {first.link, process.pid, std::move(process.pidfd), program, order.hold},
      std::move(process.fds), process.exec_ns);
  return Ok{};
}

void LiveRun::link_started(RunProcess process, StartedFds fds,
                           std::int64_t exec_ns) {
  auto at = recorder_.since_launch(exec_ns);
  recorder_.add(of_shim(Fact::process_started, process, at));
  RunLink& link = links_.at(process.link);
  link.calls().started(process.pid, fds);
  observers_.started(process, at);
  if (fds.listener) {
    link.supervise(process, std::move(fds.listener));
  }
  const RunProcess& kept = processes_.add(std::move(process));
  if (!kept.held) {
    link_ready(kept.link);
  }
}

void LiveRun::link_ready(Link link) {
  if (link == Link::test) {
    deadline_.test_started();
  }
  observers_.ready(link);
  if (link == Link::service) {
    service_->started(processes_.first_pid(),
                      links_.at(link).has_own_network());
  }
  course_.link_ready(link);
}

// The kernel's counter of oom kills is read some time after it rose; whom it
// killed has not ended before.
void LiveRun::link_ended(RunProcess& process, const Ended& told) {
  process.ended = true;
  Observation ended =
      of_shim(Fact::process_ended, process, recorder_.since_launch(told.at_ns));
  ended.number = told.status;
  WaitStatus status(told.status);
  const RunLink& link = links_.at(process.link);
  if (status.killed() && status.signal() == SIGKILL) {
    link.tools().memory().tell_kills();
    recorder_.date_kills(ended.link, ended.at);
  }
  link.calls().ended(process.pid);
  if (told.listened) {
    tell_last_word(recorder_, ended, told.last_word);
  }
  recorder_.add(ended);
  observers_.ended(process.link, told, ended.at);
}

Result<> LiveRun::wait_for_end() {
  Loop::Clock::time_point parent_seen = Loop::Clock::now();
  while (!processes_.over()) {
    loop_.step(kStep);
    watch_.look();
    end_.take_ends();
    look_around();
    auto now = Loop::Clock::now();
    if (session_.options().stop_fd >= 0 && now - parent_seen >= kParentSeen) {
      parent_seen = now;
      keep_parent_going();
    }
    if (session_.stopped()) {
      end_.kill_everything();
      return internal_error("stopped");
    }
  }
  // What the witnesses said before `go` ended is in their sockets by now.
  constexpr int kMostTurns = 1000;
  for (int turn = 0; turn < kMostTurns && session_.healthy() &&
                     loop_.step(std::chrono::nanoseconds(0));
       ++turn) {
    end_.take_ends();
  }
  return Ok{};
}

void LiveRun::look_around() {
  course_.look_for_lost();
  course_.look();
  if (!processes_.over()) {
    observers_.looks().turn();
  }
  if (service_ && !processes_.over()) {
    service_->look();
  }
}

LiveRun::Yield LiveRun::take_yield() {
  Yield yield{recorder_.take(),
              output_.out(),
              output_.err(),
              observers_.profiles().take_files(),
              {}};
  const auto& again = plan_.launch.watch.again;
  if (service_ && again) {
    yield.acknowledged = service_->requests().acknowledged(again->finds);
  }
  return yield;
}

}  // namespace faultrig
