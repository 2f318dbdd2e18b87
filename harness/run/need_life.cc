// It is started like the service itself, but for what faults want of it: no
// filter, no limit. Its driver only asks whether it is ready, and is gone then.
#include "harness/run/need_life.h"

#include <poll.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <utility>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/os/cgroup_member.h"
#include "harness/os/living_thread.h"
#include "harness/os/shim_processes.h"
#include "harness/run/captured_pipe.h"
#include "harness/run/driver_facts.h"

namespace faultrig {

namespace {

constexpr std::size_t kKept = 32 << 10;       // bytes of each stream
constexpr std::size_t kLastWords = 12 << 10;  // of these, told
constexpr std::chrono::milliseconds kFileLook{5};
constexpr int kDyingMilliseconds = 1000;

}  // namespace

NeedLife::NeedLife(Session& session, const Need& need)
    : session_(session),
      need_(need),
      sign_(need.ready, need.cwd),
      out_(kKept, {}),
      err_(kKept, {}) {
  if (sign_.is_a_line()) {
    auto look = [this](std::string_view line) {
      if (driver_ && sign_.is(line)) {
        driver_->be_ready();
      }
    };
    out_ = Capture(kKept, look);
    err_ = Capture(kKept, look);
  }
}

NeedLife::~NeedLife() {
  if (is_there() && group_.members().empty()) {
    (void)signal_pidfd(process_.pidfd.get(), SIGKILL);  // it may be gone
  }
  session_.give_back(std::move(group_));
}

Observation NeedLife::about(Fact fact, Source source) const {
  Observation out;
  out.fact = fact;
  out.source = source;
  out.link = need_.name;
  out.pid = pid_;
  return out;
}

void NeedLife::never_started(const std::string& why, Recorder& recorder) {
  Observation never = about(Fact::never_started, Source::shim);
  never.text = why;
  recorder.add(never);
  state_ = State::failed;
}

void NeedLife::start(const NeedStart& how, Loop& loop, Recorder& recorder) {
  if (auto launched = launch(how, recorder); !launched) {
    never_started(launched.error().what, recorder);
    return;
  }
  state_ = State::started;
  listen(loop);
  if (auto probed = probe(how, loop, recorder); !probed) {
    recorder.add(driver_lost("whether " + need_.name +
                             " is ready is not known: " + probed.error().what));
    state_ = State::failed;
  }
}

Result<> NeedLife::launch(const NeedStart& how, Recorder& recorder) {
  TRY_ASSIGN(group_, session_.take_group(Session::Group::used));
  TRY_ASSIGN(PipeEnds out, make_pipe(true));
  TRY_ASSIGN(PipeEnds err, make_pipe(true));
  LaunchOrder order{need_.command, how.env, {}, "", false};
  order.argv[0] = how.program;
  std::vector<int> fds{out.write.get(), err.write.get()};
  for (int join : group_.join_fds()) {
    order.steps.push_back(JoinCgroup{static_cast<int>(fds.size())});
    fds.push_back(join);
  }
  order.steps.push_back(EnterFolder{need_.cwd.string()});
  if (how.network >= 0) {
    order.steps.push_back(EnterNetwork{static_cast<int>(fds.size())});
    fds.push_back(how.network);
  } else if (how.own_network) {
    order.steps.push_back(OwnNetwork{});
  }
  LaunchPatience patience{need_.ready_within,
                          [this] { return session_.stopped(); }};
  TRY_ASSIGN(StartedProcess process,
             session_.launcher().launch(order, fds, patience));
  pid_ = process.pid;
  process_ = {std::filesystem::path(how.program).filename().string(),
              std::move(process.pidfd), std::move(out.read),
              std::move(err.read)};
  Observation started = about(Fact::process_started, Source::shim);
  started.at = recorder.since_launch(process.exec_ns);
  started.text = process_.program;
  recorder.add(started);
  return Ok{};
}

Result<Fd> NeedLife::open_network() const { return network_of(pid_); }

Result<> NeedLife::probe(const NeedStart& how, Loop& loop, Recorder& recorder) {
  DriveOrder order;
  order.service.ready = need_.ready;
  order.service.ready_within = need_.ready_within;
  order.pids = [this] { return pids(); };
  Fd network;
  if (how.own_network) {
    auto opened = open_network();
    // Who is about to end has none any more: its end is told.
    if (!opened && wait_ended(process_.pidfd.get(), kDyingMilliseconds)) {
      return Ok{};
    }
    TRY_ASSIGN(network, std::move(opened));
    order.network = network.get();
  }
  TRY_ASSIGN(Driver driver, Driver::start(order));
  driver_.emplace(std::move(driver));
  loop.watch(driver_->fd(), POLLIN,
             [this, &loop, &recorder](short) { take_news(loop, recorder); });
  if (sign_.is_a_file()) {
    look_for_file(loop);
  }
  return Ok{};
}

void NeedLife::look_for_file(Loop& loop) {
  if (!driver_) {
    return;
  }
  if (sign_.is_there()) {
    driver_->be_ready();
  } else {
    loop.after(kFileLook, [this, &loop] { look_for_file(loop); });
  }
}

void NeedLife::take_news(Loop& loop, Recorder& recorder) {
  auto news = driver_->news();
  for (const DriverNews& one :
       news ? *news
            : std::vector<DriverNews>{DriverFailed{news.error().what}}) {
    if (const auto* ready = std::get_if<ServiceReady>(&one)) {
      Observation told = about(Fact::need_ready, Source::harness);
      told.number = ready->port;
      told.text = join(ready->addresses, ", ");
      told.at = recorder.since_launch(ready->at_ns);
      recorder.add(told);
      state_ = State::ready;
    } else if (const auto* never = std::get_if<NeverReady>(&one)) {
      Observation told = about(Fact::need_unready, Source::harness);
      told.text = "within " + format_duration(need_.ready_within) + ": " +
                  valid_utf8(never->why);
      recorder.add(told);
      state_ = State::failed;
    } else if (const auto* failed = std::get_if<DriverFailed>(&one)) {
      recorder.add(driver_lost("whether " + need_.name +
                               " is ready is not known: " + failed->why));
      state_ = State::failed;
    }
  }
  if (state_ != State::started) {
    end_probe(loop);
  }
}

void NeedLife::end_probe(Loop& loop) {
  if (driver_) {
    loop.unwatch(driver_->fd());
    driver_.reset();
  }
}

void NeedLife::listen(Loop& loop) {
  listen_to(loop, process_.out, out_);
  listen_to(loop, process_.err, err_);
}

void NeedLife::leave(Loop& loop) {
  end_probe(loop);
  for (const Fd* pipe : {&process_.out, &process_.err}) {
    if (*pipe) {
      loop.unwatch(pipe->get());
    }
  }
}

bool NeedLife::take(const Ended& told, Recorder& recorder) {
  if (told.pid != pid_ || !is_there()) {
    return false;
  }
  Observation ended = about(Fact::process_ended, Source::shim);
  ended.at = recorder.since_launch(told.at_ns);
  ended.number = told.status;
  ended.text = process_.program;
  recorder.add(ended);
  read_rest(process_.out, out_);
  read_rest(process_.err, err_);
  tell_output("stdout", out_, recorder);
  tell_output("stderr", err_, recorder);
  state_ = State::ended;
  return true;
}

void NeedLife::tell_output(const char* stream, const Capture& said,
                           Recorder& recorder) const {
  std::string text = said.text();
  if (text.empty()) {
    return;
  }
  Observation last = about(Fact::last_output, Source::output);
  last.stream = stream;
  last.text = text.substr(text.size() - std::min(text.size(), kLastWords));
  recorder.add(last);
}

// What has ended may have left others in its group.
std::vector<int> NeedLife::pids() const {
  return is_there() ? processes_of(group_, pid_) : group_.members();
}

void NeedLife::tell_signal(int signal, Recorder& recorder) {
  if (has_ended(process_.pidfd.get())) {
    return;
  }
  Observation ours = about(Fact::our_signal, Source::harness);
  ours.number = signal;
  ours.text =
      signal == SIGKILL ? "its grace was over" : "nothing needs it any more";
  recorder.add(ours);
}

void NeedLife::stop(Recorder& recorder) {
  tell_signal(SIGTERM, recorder);
  (void)signal_pidfd(process_.pidfd.get(), SIGTERM);  // it may have ended
  until_ = Loop::Clock::now() + need_.grace;
}

void NeedLife::kill(Recorder& recorder) {
  tell_signal(SIGKILL, recorder);
  group_.kill();
  (void)signal_all(pids(), SIGKILL);
}

}  // namespace faultrig
