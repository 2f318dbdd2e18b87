#include "harness/run/run_links.h"

#include <utility>

namespace faultrig {

Result<> RunLinks::prepare(const std::filesystem::path& scratch) {
  const Plan& plan = tools_.plan;
  std::vector<Link> wanted{plan.scenario.workload.main_link()};
  if (plan.has_go()) {
    wanted = plan.chain() ? std::vector{Link::go, Link::test}
                          : std::vector{Link::test};
  }
  for (Link link : wanted) {
    RunLink& made = links_.try_emplace(link, link, tools_).first->second;
    TRY(made.prepare(scratch));
  }
  if (plan.chain() && at(Link::go).tools().memory().is_limited()) {
    TRY_ASSIGN(witness_group_, tools_.session.take_group(Session::Group::used));
  }
  return Ok{};
}

void RunLinks::select(FaultId fault, bool select) const {
  for (const auto& [name, link] : links_) {
    link.calls().select(fault, select);
  }
}

void RunLinks::activate_trigger(FaultId fault, bool ends) const {
  for (const auto& [name, link] : links_) {
    link.calls().activate_trigger(fault, ends);
  }
}

bool RunLinks::is_watched(Link link) const {
  auto found = links_.find(link);
  return found != links_.end() && found->second.is_watched();
}

std::size_t RunLinks::heard() const {
  std::size_t calls = 0;
  for (const auto& [name, link] : links_) {
    calls += link.heard();
  }
  return calls;
}

std::vector<int> RunLinks::members() const {
  std::vector<int> all;
  for (const auto& [name, link] : links_) {
    std::vector<int> some = link.group().members();
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

void RunLinks::kill() const {
  for (const auto& [name, link] : links_) {
    link.group().kill();
  }
}

std::vector<Fd> RunLinks::population_events() const {
  std::vector<Fd> events;
  for (const auto& [name, link] : links_) {
    auto event = link.group().population_event();
    if (!event) {
      return {};
    }
    events.push_back(std::move(event).value());
  }
  return events;
}

void RunLinks::tell_all() const {
  for (const auto& [name, link] : links_) {
    link.calls().last_look();
    link.tools().tell_all();
    link.calls().tell();
  }
}

void RunLinks::stop_answering() {
  for (auto& [name, link] : links_) {
    link.stop_answering();
  }
}

void RunLinks::give_back() {
  for (auto& [name, link] : links_) {
    tools_.session.give_back(link.take_group());
  }
  tools_.session.give_back(std::move(witness_group_));
}

}  // namespace faultrig
