#include "harness/run/live_run.h"

#include <csignal>
#include <utility>

#include "harness/os/cgroup_member.h"
#include "harness/run/goroutine_facts.h"
#include "harness/run/injector_reach.h"
#include "harness/run/service_folder.h"
#include "harness/run/signalling.h"

namespace faultrig {

namespace {

// One package is one test binary: has that been started, and ended?
bool tests_are_over(const Plan& plan, const RunDeadline& deadline,
                    const RunProcesses& processes) {
  const auto& packages = plan.scenario.workload.go_test->packages;
  bool one = packages.size() == 1 &&
             packages[0].find("...") == std::string::npos &&
             packages[0].find_first_of("./") != std::string::npos;
  return one && deadline.has_tests() && processes.of(Link::test).empty();
}

}  // namespace

LiveRun::LiveRun(Session& session, const Plan& plan, Needs& needs)
    : session_(session),
      plan_(plan),
      links_({session, plan, needs, loop_, recorder_, link_events()}),
      door_(session.shim(), {plan, loop_, recorder_, processes_, links_},
            door_news()),
      course_({plan, loop_, recorder_, processes_, output_}, injectors_reach(),
              course_events()),
      observers_(plan, {loop_, recorder_, session.learnt().programs,
                        [this](Link link) { return processes_.of(link); }}),
      end_({session, needs, loop_, recorder_, processes_, links_, door_},
           end_events()),
      deadline_({plan, loop_, recorder_, processes_, session.learnt().programs,
                 observers_.looks(), end_}),
      watch_({session, loop_, recorder_, processes_, links_}),
      output_(session.options().keep_output) {
  recorder_.tell_each(session.options().hear);
}

LiveRun::~LiveRun() {
  end_.leave();
  service_.reset();
  course_.disarm();
  links_.stop_answering();
  door_.close();
  links_.give_back();
}

Result<> LiveRun::prepare(std::vector<SoughtWrite> seek) {
  session_.learnt().programs.forget_removed();
  // A plain command needs no files of ours.
  if (plan_.chain() || plan_.wants_test_events || observers_.want_folder()) {
    TRY_ASSIGN(folders_.scratch, session_.make_folder());
  }
  TRY(observers_.open(scratch()));
  if (plan_.chain()) {
    folders_.work = session_.make_work_folder().value_or(TempDir());
  }
  TRY(links_.prepare(scratch()));
  if (plan_.scenario.workload.service) {
    // A golden run is not told to do what a fault will tell it.
    bool golden = plan_.launch.stops_service && plan_.scenario.faults.empty();
    service_ = std::make_unique<ServiceLife>(plan_.scenario.workload,
                                             golden ? SIGKILL : SIGTERM,
                                             service_tools(std::move(seek)));
  }
  TRY(course_.prepare());
  if (plan_.chain()) {
    TRY(door_.open(scratch()));
  }
  return course_.install();
}

LinkEvents LiveRun::link_events() {
  LinkEvents events;
  events.over = [this] { return processes_.over(); };
  events.family = [this] { return end_.survivors().family(); };
  events.called = [this](const CallRule& rule) {
    course_.triggers().call_seen(rule);
  };
  events.before_exit = [this](Link link, int pid) {
    return observers_.looks().before_exit(link, pid);
  };
  events.is_witness = [this](int pid) { return door_.is_witness(pid); };
  events.children = [this]() -> Children& { return course_.children(); };
  events.is_ours = [this](const std::string& address) {
    return observers_.spans().are_taken_at(address);
  };
  return events;
}

DoorNews LiveRun::door_news() {
  DoorNews news;
  news.root = [this] { return end_.survivors().root(); };
  news.holds = [this] { return holds(Link::test); };
  news.flags = [this](int witness) {
    return observers_.profiles().flags(witness);
  };
  news.started = [this](RunProcess process, StartedFds fds,
                        std::int64_t exec_ns) {
    link_started(std::move(process), std::move(fds), exec_ns);
  };
  news.ready = [this] { link_ready(Link::test); };
  news.ended = [this](RunProcess& process, const Ended& ended) {
    link_ended(process, ended);
  };
  return news;
}

std::unique_ptr<Run> LiveRun::injectors_reach() {
  ReachEvents events;
  events.survivors = [this] { return end_.survivors().pids(); };
  events.before_signal = [this](int signal) {
    observers_.looks().before_stop(signal);
  };
  events.children = [this]() -> Children& { return course_.children(); };
  events.service = [this] { return service_.get(); };
  events.released = [this](FaultId fault, const std::string& why) {
    course_.tell_release(fault, why);
  };
  return std::make_unique<InjectorReach>(
      InjectorReach::Tools{scratch(), loop_, recorder_, processes_, links_,
                           door_},
      std::move(events));
}

CourseEvents LiveRun::course_events() {
  CourseEvents events;
  events.await_call = [this](FaultId fault, bool ends) {
    links_.activate_trigger(fault, ends);
  };
  events.released = [this](const std::string& fault) {
    observers_.looks().came(LookMoment::release, fault);
  };
  events.may_call = [this](Link link) {
    return links_.is_watched(link) || link != Link::test || !plan_.chain() ||
           !tests_are_over(plan_, deadline_, processes_);
  };
  events.is_ending = [this] { return processes_.over() || deadline_.passed(); };
  events.hopeless = [this](const std::string& why) { end_.by_force(why); };
  return events;
}

EndEvents LiveRun::end_events() {
  EndEvents events;
  events.ended = [this](RunProcess& process, const Ended& ended) {
    link_ended(process, ended);
  };
  events.ready = [this](Link link) { link_ready(link); };
  events.last_look = [this] { course_.last_look(); };
  events.stopping = [this](int pid) { observers_.profiles().stopping(pid); };
  return events;
}

ServiceLife::Tools LiveRun::service_tools(std::vector<SoughtWrite> seek) {
  return {loop_,
          recorder_,
          course_.triggers(),
          course_.recoveries(),
          links_.at(Link::service).group(),
          [this] {
            return processes_of(links_.at(Link::service).group(),
                                processes_.first_pid());
          },
          [this](int signal) {
            observers_.looks().before_stop(signal);
            Result<int> sent =
                signal_processes(processes_.of(Link::service), signal);
            return sent && *sent > 0;
          },
          [this](const std::string& why) {
            tell_goroutines(recorder_, session_.learnt().programs,
                            processes_.of(Link::service), why);
            end_.by_force(why);
          },
          [this] { observers_.looks().came(LookMoment::ready); },
          plan_.launch.watch,
          [this] {
            return keeps_all(plan_.scenario.workload)
                       ? session_.learnt().tmp.path()
                       : std::filesystem::path();
          },
          std::move(seek),
          session_.options().patience};
}

// For faults only until those that need it have come: a run of many packages
// starts many tests. Into a network of its own spans go from its first moment.
bool LiveRun::holds(Link link) {
  auto setup = plan_.launch.links.find(link);
  const RunLink& one = links_.at(link);
  bool apart = one.has_own_network() || one.calls().network;
  bool for_spans =
      observers_.spans().wanted() && apart && !session_.why_not(kNeedsTrace);
  bool for_samples = observers_.profiles().takes_samples() &&
                     link == plan_.scenario.workload.main_link();
  return for_spans || for_samples ||
         (setup != plan_.launch.links.end() &&
          course_.awaits_any(setup->second.held_for));
}

}  // namespace faultrig
