// They share the network namespace that the first of them makes: it stays as
// long as a descriptor of it is open (namespaces(7)), whoever of them ends.
#include "harness/run/needs.h"

#include <poll.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "harness/os/find_program.h"
#include "harness/os/shim_processes.h"
#include "harness/run/go_program.h"
#include "harness/run/go_tool.h"

namespace faultrig {

namespace {

using State = NeedLife::State;

constexpr std::chrono::milliseconds kStep{100};
// What even SIGKILL does not end in this time is given up.
constexpr std::chrono::milliseconds kDying{5000};

}  // namespace

Needs::Needs(Session& session, const Plan& plan)
    : session_(session), plan_(plan) {
  if (const auto& service = plan.scenario.workload.service) {
    for (const Need& need : service->needs) {
      lives_.push_back(std::make_unique<NeedLife>(session, need));
    }
  }
}

Result<std::vector<std::string>> Needs::environment_of(const Need& need) const {
  Workload workload = plan_.scenario.workload;
  workload.env = need.env;
  return workload_environment(session_.options().environment, workload);
}

// All, before anything starts.
Result<> Needs::build() {
  for (auto& life : lives_) {
    const Need& need = life->need();
    TRY_ASSIGN(std::vector<std::string> env, environment_of(need));
    if (!need.build) {
      // One that is nowhere is the workload's trouble: exec says so.
      programs_.push_back(
          find_program(need.command[0], env).value_or(need.command[0]));
      continue;
    }
    TRY_ASSIGN(GoProgram program,
               build_program(session_, *need.build, env,
                             plan_.scenario.workload.compile_within));
    programs_.push_back(program.path);
    if (!program.not_built.empty()) {
      life->never_started(program.not_built, *recorder_);
    }
  }
  return Ok{};
}

bool Needs::are(State state, const std::vector<std::string>& names) const {
  return std::all_of(names.begin(), names.end(), [&](const auto& name) {
    return std::any_of(lives_.begin(), lives_.end(), [&](const auto& life) {
      return life->need().name == name && life->state() == state;
    });
  });
}

Result<> Needs::start_due() {
  bool own = plan_.scenario.workload.service->own_network &&
             !session_.why_not(kNeedsNetworks);
  for (std::size_t i = 0; i < lives_.size(); ++i) {
    NeedLife& life = *lives_[i];
    if (life.state() != State::waiting ||
        !are(State::ready, life.need().needs)) {
      continue;
    }
    TRY_ASSIGN(std::vector<std::string> env, environment_of(life.need()));
    life.start({programs_[i], std::move(env), own, network_.get()}, loop_,
               *recorder_);
    if (own && !network_ && life.state() == State::started) {
      auto network = life.open_network();
      if (!network) {
        return Ok{};  // it has ended: the others have nowhere to go
      }
      network_ = std::move(*network);
    }
  }
  return Ok{};
}

Result<bool> Needs::start(Recorder& recorder) {
  recorder_ = &recorder;
  if (lives_.empty()) {
    return true;
  }
  TRY(build());
  recorder.launch();
  auto is = [](State state) {
    return [state](const auto& life) { return life->state() == state; };
  };
  auto any = [&](State state) {
    return std::any_of(lives_.begin(), lives_.end(), is(state));
  };
  loop_.watch(session_.launcher().fd(), POLLIN, [](short) {});
  while (!any(State::failed) && !any(State::ended)) {
    TRY(start_due());
    if (std::all_of(lives_.begin(), lives_.end(), is(State::ready))) {
      break;
    }
    loop_.step(kStep);
    TRY(take_ends());
  }
  for (auto& life : lives_) {
    life->leave(loop_);
  }
  return std::all_of(lives_.begin(), lives_.end(), is(State::ready));
}

Result<> Needs::take_ends() {
  while (session_.healthy()) {
    TRY_ASSIGN(auto ended, session_.launcher().next_end());
    if (!ended) {
      break;
    }
    (void)take(*ended);
  }
  if (session_.stopped()) {
    return internal_error("stopped");
  }
  return session_.healthy()
             ? Result<>(Ok{})
             : Result<>(internal_error("what starts the needs is gone"));
}

void Needs::share_network(std::vector<ChildStep>& steps,
                          std::vector<int>& fds) const {
  if (!network_) {
    steps.emplace_back(OwnNetwork{});
    return;
  }
  steps.emplace_back(EnterNetwork{static_cast<int>(fds.size())});
  fds.push_back(network_.get());
}

void Needs::join(Loop& loop, std::function<void(const std::string& why)> lost) {
  beside_ = &loop;
  lost_ = std::move(lost);
  for (auto& life : lives_) {
    life->listen(loop);
  }
}

void Needs::leave() {
  for (auto& life : lives_) {
    if (beside_ != nullptr) {
      life->leave(*beside_);
    }
  }
  beside_ = nullptr;
}

bool Needs::take(const Ended& told) {
  for (auto& life : lives_) {
    if (!life->take(told, *recorder_)) {
      continue;
    }
    if (beside_ != nullptr) {
      lost_(life->need().name + ", which it needs, has ended");
    }
    return true;
  }
  return false;
}

std::vector<int> Needs::pids() const {
  std::vector<int> all;
  for (const auto& life : lives_) {
    std::vector<int> some = life->pids();
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

bool Needs::is_needed(const std::string& name) const {
  return std::any_of(lives_.begin(), lives_.end(), [&](const auto& life) {
    const std::vector<std::string>& needs = life->need().needs;
    return life->is_there() &&
           std::find(needs.begin(), needs.end(), name) != needs.end();
  });
}

void Needs::stop_due() {
  for (auto& life : lives_) {
    auto until = life->grace_ends();
    if (!life->is_there()) {
      continue;
    }
    if (!until && !is_needed(life->need().name)) {
      life->stop(*recorder_);
    } else if (until && Loop::Clock::now() >= *until) {
      life->kill(*recorder_);
    }
  }
}

void Needs::end() {
  leave();
  if (lives_.empty() || recorder_ == nullptr) {
    return;
  }
  loop_.watch(session_.launcher().fd(), POLLIN, [](short) {});
  auto most = Loop::Clock::now() + kDying;
  for (auto& life : lives_) {
    life->listen(loop_);
    most += life->need().grace;
  }
  auto is_there = [](const auto& life) { return life->is_there(); };
  while (std::any_of(lives_.begin(), lives_.end(), is_there)) {
    stop_due();
    loop_.step(kStep);
    if (!take_ends() || Loop::Clock::now() > most) {
      break;  // what is left is killed
    }
  }
  for (auto& life : lives_) {
    life->leave(loop_);
    if (life->is_there()) {
      life->kill(*recorder_);
    }
  }
  loop_.unwatch(session_.launcher().fd());
  sweep();
}

// The lives of the service are over: nothing that the shim has started is to
// live on.
void Needs::sweep() {
  lives_.clear();
  if (session_.healthy() && has_children(session_.launcher().shim_pid())) {
    (void)kill_descendants(session_.launcher().shim_pid(), 5000);
  }
}

}  // namespace faultrig
