#include "harness/run/link_calls.h"

#include <algorithm>
#include <utility>

#include "harness/os/own_user.h"
#include "harness/os/vdso_clock.h"
#include "harness/run/older_answers.h"

namespace faultrig {

namespace {

// All calls of such a name are stopped, whatever a narrower rule asks for.
void add_wider(std::vector<FilterRule>& rules, std::vector<FilterRule> more) {
  for (FilterRule& wide : more) {
    if (wide.tests.empty()) {
      std::erase_if(rules, [&](const FilterRule& rule) {
        return rule.call == wide.call && !rule.kernel_error;
      });
    }
    rules.push_back(std::move(wide));
  }
}

// A child of the shim that cannot exec gives up by _exit(127), while the shim
// waits for it and nobody could answer.
FilterRule exit_rule() {
  FilterRule rule;
  rule.call = "exit_group";
  rule.tests = {{0, FilterRule::Test::Is::other, 127}};
  return rule;
}

}  // namespace

void LinkCalls::add_spaces(std::vector<ChildStep>& steps, bool own_network,
                           const std::string& tmpdir) const {
  bool makes_network = network && own_network;
  if (needs_own_user() && (makes_network || disk)) {
    steps.emplace_back(OwnUser{});
  }
  if (makes_network) {
    steps.emplace_back(OwnNetwork{});
    rule_network(steps);
  }
  if (disk) {
    steps.emplace_back(disk->step(tmpdir));
  }
  if (auto image = images ? images->step() : std::nullopt) {
    steps.emplace_back(*std::move(image));
  }
}

void LinkCalls::rule_network(std::vector<ChildStep>& steps) const {
  if (network) {
    steps.emplace_back(network->step());
  }
}

bool LinkCalls::hide_exec() const {
  return disk || network || (filter && filter->stops_exec);
}

void LinkCalls::started(int pid, StartedFds& fds) const {
  if (disk && !fds.disk.empty()) {
    disk->add(std::move(fds.disk));
  }
  if (network && !fds.network.empty()) {
    network->add(pid, std::move(fds.network));
  }
}

void LinkCalls::ended(int pid) const {
  if (network) {
    network->ended(pid);
  }
}

void LinkCalls::tell() const {
  if (network) {
    network->tell();
  }
}

void LinkCalls::select(FaultId fault, bool select) const {
  if (rules) {
    rules->select(fault, select);
    names->select(fault, select);
    proxy->select(fault, select);
  }
  if (clock) {
    clock->select(fault, select);
  }
  if (disk) {
    disk->select(fault, select);
  }
  if (recording) {
    recording->select(fault, select);
  }
  if (images) {
    images->select(fault, select);
  }
  if (network) {
    network->select(fault, select);
  }
}

void LinkCalls::last_look() const {
  if (relay) {
    relay->last_look();
    names->last_look();
  }
}

// A sockaddr has no more bytes than this: the kernel says EINVAL.
ConnectFate LinkCalls::redirect(AskedConnect asked) const {
  constexpr std::int32_t kMostAddress = 128;  // sockaddr_storage
  auto size = static_cast<std::int32_t>(asked.call.args[2]);
  if (asked.name == "connect" && (size < 0 || size > kMostAddress)) {
    return {};
  }
  ConnectFate fate = relay->take(asked);
  return fate.what == ConnectFate::What::left ? proxy->take(std::move(asked))
                                              : fate;
}

void LinkCalls::activate_trigger(FaultId fault, bool ends) const {
  if (rules) {
    rules->activate_trigger(fault, ends);
  }
}

Result<LinkCalls> make_link_calls(Link link, const LinkSetup& setup,
                                  std::uint64_t seed,
                                  const LinkCallTools& tools) {
  LinkCalls out;
  if (setup.network) {
    out.network = std::make_unique<LinkNetwork>(
        link, *setup.network,
        LinkNetwork::Tools{tools.loop, tools.record, tools.over});
  }
  if (setup.rules.empty() && setup.clock.empty() && !setup.disk &&
      !setup.crash && !setup.looks_at_exit) {
    return out;
  }
  out.rules = std::make_unique<RuleBook>(setup.rules, seed);
  out.names = std::make_unique<DnsBook>(setup.names, link, tools.record);
  out.relay = std::make_unique<DnsRelay>(tools.loop, *out.names);
  out.proxy = std::make_unique<DependencyProxy>(
      tools.loop, DependencyBook(setup.dependencies, link, tools.record),
      *out.names);
  std::vector<FilterRule> filter = out.rules->filter_rules();
  if (!setup.clock.empty()) {
    out.clock = std::make_unique<ShiftedClock>(
        link, setup.clock, ShiftedClock::Tools{tools.record, tools.processes});
    std::vector<FilterRule> more = clock_filter_rules();
    filter.insert(filter.end(), more.begin(), more.end());
  }
  if (setup.disk) {
    out.disk = std::make_shared<LinkDisk>(link, *setup.disk, tools.record);
    tools.session.learnt().disk = out.disk;
    add_wider(filter, out.disk->filter_rules());
  }
  if (setup.crash && !setup.crash->image.empty()) {
    out.images = std::make_shared<LinkImages>(link, *setup.crash, tools.record);
    tools.session.learnt().images = out.images;
    add_wider(filter, LinkImages::filter_rules(setup.clock.empty()));
  } else if (setup.crash) {
    out.recording =
        std::make_shared<LinkRecording>(link, *setup.crash, tools.record);
    tools.session.learnt().recording = out.recording;
    bool maps =
        std::any_of(filter.begin(), filter.end(),
                    [](const FilterRule& rule) { return rule.call == "mmap"; });
    add_wider(filter, LinkRecording::filter_rules(maps));
  }
  if (setup.looks_at_exit) {
    filter.push_back(exit_rule());
  }
  // What the kernel answers alone takes no listener: where there can be one,
  // it hears of what we refuse.
  bool listener =
      setup.needs_listener() || !tools.session.why_not(kNeedsNotify);
  TRY_ASSIGN(out.filter, compile_filter(filter, listener));
  for (Observation& told : answered_before(tools.session, link, setup.rules)) {
    tools.record(std::move(told));
  }
  return out;
}

}  // namespace faultrig
