// What a workload leaves behind shows in nothing that it did itself: another
// program has to look. It is a run of its own, of which we keep the end and
// what it printed; in its trace no fault can be meant.
#include "harness/run/recover_run.h"

#include <algorithm>
#include <utility>

#include "harness/model/golden_plan.h"
#include "harness/os/find_program.h"
#include "harness/run/crash_runs.h"
#include "harness/run/trace_end.h"

namespace faultrig {

namespace {

// As much of each stream as a reader wants; the last of it tells why.
constexpr std::size_t kMostKept = 16 << 10;

Plan plan_of(const Plan& plan) {
  Plan recover = without_faults(plan);
  Workload& workload = recover.scenario.workload;
  workload.command = std::exchange(workload.recover, {});
  workload.go_test.reset();
  workload.service.reset();
  recover.scenario.observe.spans.reset();
  recover.launch = Launch();
  recover.wants_test_events = false;
  recover.private_go_cache = false;
  recover.wrapper = {};
  return recover;
}

// Where the service had a network of its own, its needs still are in that, and
// at the same address outside of it may stand a stranger.
bool had_own_network(Session& session, const Plan& plan) {
  const auto& service = plan.scenario.workload.service;
  return service && service->own_network && !session.why_not(kNeedsNetworks);
}

// What it looks at may lie on a disk that only the workload saw.
std::optional<LinkDisk::Place> disk_left(Session& session) {
  auto disk = session.learnt().disk.lock();
  if (!disk) {
    return std::nullopt;
  }
  disk->outlive();
  return disk->place();
}

Observation about(Fact fact) {
  Observation out;
  out.source = Source::shim;
  out.fact = fact;
  out.link = link_name(Link::recover);
  return out;
}

std::string last_of(const std::string& text) {
  return text.size() <= kMostKept ? text : text.substr(text.size() - kMostKept);
}

// Its own end, and what we did to it; a command has no other processes that
// have a link.
std::vector<Observation> told(LiveRun::Yield yield, const Result<>& done) {
  std::vector<Observation> facts;
  for (Observation& seen : yield.trace) {
    if (seen.fact == Fact::process_ended || seen.fact == Fact::our_signal) {
      seen.link = link_name(Link::recover);
      facts.push_back(std::move(seen));
    }
  }
  if (!done) {
    facts.push_back(about(Fact::never_started));
    facts.back().text = done.error().what;
    facts.back().error = done.error().os_errno;
  }
  for (const std::string* text : {&yield.out, &yield.err}) {
    if (!text->empty()) {
      facts.push_back(about(Fact::recover_said));
      facts.back().source = Source::output;
      facts.back().text = last_of(*text);
    }
  }
  return facts;
}

}  // namespace

FirstLink recover_link(Session& session, const Plan& plan,
                       const FirstLink& first) {
  FirstLink link;
  link.link = Link::command;
  link.argv = plan.scenario.workload.recover;
  link.env = first.env;
  link.folder = first.folder;
  link.argv[0] =
      link.argv[0] == kBuiltProgram
          ? first.argv[0]
          : find_program(link.argv[0], link.env).value_or(link.argv[0]);
  link.beside_needs = had_own_network(session, plan);
  link.disk = disk_left(session);
  return link;
}

std::vector<Observation> run_recover(Session& session, const Plan& plan,
                                     const FirstLink& link, Needs& needs) {
  Plan recover = plan_of(plan);
  LiveRun run(session, recover, needs);
  Result<> done = run.prepare({});
  if (done) {
    done = run.execute(link);
  }
  return told(run.take_yield(), done);
}

void add_recover_run(Session& session, const Plan& plan, const FirstLink& first,
                     Needs& needs, Evidence::Parts& parts) {
  if (plan.scenario.workload.recover.empty() || session.stopped()) {
    return;
  }
  if (auto images = session.learnt().images.lock()) {
    add_image_runs({session, plan, first, needs}, *images, parts);
    return;
  }
  if (auto recording = session.learnt().recording.lock()) {
    add_crash_runs({session, plan, first, needs}, *recording, parts);
    return;
  }
  FirstLink link = recover_link(session, plan, first);
  add_at_end(parts.trace, run_recover(session, plan, link, needs));
}

}  // namespace faultrig
