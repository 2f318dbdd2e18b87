#include "harness/run/session.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/machine/abilities.h"
#include "harness/os/cgroup_caps.h"
#include "harness/os/machine.h"
#include "harness/os/shim_folders.h"
#include "harness/os/signals.h"

namespace faultrig {

namespace {

// The shim keeps its own above 60, and passes some.
constexpr std::uint64_t kFewestDescriptors = 128;
// One for each link: runs that ask for fresh ones would fill the pool for ever.
constexpr std::size_t kMostPooled = 3;

// Asked once of a group of its own before the golden run, which has no cap:
// what is to meet one would use all that is there, and the kernel might choose
// us.
template <typename Set>
Result<> can_set(Session& session, const std::string& name,
                 const std::set<Controller>& more, Set set) {
  std::string& known = session.learnt().words[name];
  if (!known.empty()) {
    return Ok{};
  }
  TRY_ASSIGN(Cgroup group, session.take_group(Session::Group::fresh, more));
  Result<> taken = set(group);
  session.give_back(std::move(group));
  known = taken ? "taken" : "";
  return taken;
}

Result<> can_cap(Session& session, const MemoryLimit& limit) {
  return can_set(session,
                 "memory.max " + std::to_string(limit.max.count) + "+" +
                     std::to_string(limit.swap.count),
                 {}, [&](Cgroup& group) {
                   return group.limit_memory(limit.max, limit.swap,
                                             limit.group);
                 });
}

Result<> can_cap(Session& session, const CountedCap& cap) {
  return can_set(session,
                 std::string(controller_name(cap.controller)) + ".max " +
                     std::to_string(cap.max.value_or(0)),
                 {cap.controller}, [&](const Cgroup& group) {
                   return set_cap(group, cap.controller, cap.max);
                 });
}

}  // namespace

Session::Session(Options options, Launcher launcher, TempDir scratch)
    : options_(std::move(options)),
      scratch_(std::move(scratch)),
      launcher_(std::move(launcher)) {}

Session::~Session() = default;

Result<Session> Session::open(Options options) {
  TRY_ASSIGN(std::filesystem::path shim, find_shim());
  CgroupPlaces places = find_cgroup_places();
  remove_leftovers(places.folders());
  std::string name = owner_name();
  TRY(need_descriptors(kFewestDescriptors));
  TRY_ASSIGN(Fd signals, take_job_signals());
  TRY_ASSIGN(Launcher launcher, Launcher::start(shim));
  take_all_descriptors();
  TRY_ASSIGN(TempDir scratch, make_scratch(name));
  auto work = faultrig::make_work_folder(name + ".go");
  Session session(std::move(options), std::move(launcher), std::move(scratch));
  session.name_ = name;
  session.shim_ = shim;
  session.places_ = places;
  session.signals_ = std::move(signals);
  if (work) {
    session.work_ = std::move(work).value();
  }
  TRY(session.tell_what_we_own());
  return session;
}

Result<> Session::tell_what_we_own() {
  std::vector<std::string> folders{scratch_.path().string()};
  if (!work_.path().empty()) {
    folders.push_back(work_.path().string());
  }
  return launcher_.own(groups_.owned, folders);
}

// What is there stays; what was refused may have been for want of a process.
std::optional<std::string> Session::why_not(const std::string& need) {
  if (there_.contains(need)) {
    return std::nullopt;
  }
  auto why = missing(need, {places_, options_.environment});
  if (!why) {
    there_.insert(need);
  }
  return why;
}

Result<> Session::can_run(const Plan& plan) {
  for (const std::string& need : plan.launch.needs) {
    if (auto why = why_not(need)) {
      return unsupported_error(*why);
    }
  }
  for (const auto& [link, setup] : plan.launch.links) {
    if (setup.memory) {
      TRY(can_cap(*this, *setup.memory));
    }
    for (const CountedCap& cap : setup.caps) {
      TRY(can_cap(*this, cap));
    }
  }
  return Ok{};
}

Result<Cgroup> Session::take_group(Group kind,
                                   const std::set<Controller>& more) {
  if (kind == Group::used && more.empty() && !groups_.free.empty()) {
    Cgroup group = std::move(groups_.free.back());
    groups_.free.pop_back();
    return group;
  }
  std::string name = name_ + "." + std::to_string(++made_);
  // Told before it is made: were we to die in between, nothing is forgotten.
  // The shim tidies from the last one on: what is frozen dies in no other.
  std::vector<std::string> places(more.size());
  std::transform(more.begin(), more.end(), places.begin(),
                 [this](Controller one) { return places_.of(one); });
  places.insert(places.end(), {places_.memory, places_.kill});
  for (const std::string& place : places) {
    if (!place.empty()) {
      groups_.owned.push_back(join({place, name}, "/"));
    }
  }
  TRY(tell_what_we_own());
  return Cgroup::make(places_, name, more);
}

void Session::give_back(Cgroup group) {
  if (group.folders().empty()) {
    return;
  }
  bool wanted = options_.pool_groups && groups_.free.size() < kMostPooled;
  bool fit = wanted && group.reset();
  if (!fit && !group.members().empty()) {
    fit = group.kill() && wanted && group.reset();
  }
  if (fit) {
    groups_.free.push_back(std::move(group));
    return;
  }
  std::vector<std::string> gone = group.folders();
  group = Cgroup();
  std::erase_if(groups_.owned, [&](const std::string& path) {
    return std::find(gone.begin(), gone.end(), path) != gone.end() &&
           access(path.c_str(), F_OK) != 0;
  });
}

Result<TempDir> Session::make_folder() {
  // As long in each run: it may be part of the address of a socket, which has
  // 107 bytes at most (unix(7)).
  std::filesystem::path path = scratch_.path() / fmt::format("r{:04}", ++made_);
  TRY(make_own_folder(path.string()));
  return TempDir(path);
}

// Its name is short: what go builds there may be the address of a socket.
std::optional<TempDir> Session::make_work_folder() {
  std::filesystem::path path = work_.path() / std::to_string(++made_);
  if (work_.path().empty() || !make_own_folder(path.string())) {
    return std::nullopt;
  }
  return TempDir(path);
}

bool Session::stopped() const {
  if (options_.stop_fd < 0) {
    return false;
  }
  pollfd wait{options_.stop_fd, POLLRDHUP, 0};
  return poll(&wait, 1, 0) == 1;
}

}  // namespace faultrig
