#include "harness/report/plan_text.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/model/go_words.h"
#include "harness/model/scenario_sweep.h"
#include "harness/report/crash_folder.h"
#include "harness/report/setup_text.h"

namespace faultrig {

namespace {

constexpr std::size_t kLabelWidth = 10;

// The text as it grows: a label in the first column, its lines beside it.
class Page {
 public:
  void add(std::string_view label, std::string_view line) {
    bool again = label == label_;
    label_ = label;
    text_ += fmt::format("{:<{}}{}\n", again ? "" : label, kLabelWidth,
                         for_one_line(line));
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
  std::string label_;
};

std::vector<std::string> interpreter_words(const Plan& plan) {
  if (plan.launch.interpreter) {
    return {"broken interpreter: " + plan.launch.interpreter->kind};
  }
  return witness_words(*plan.scenario.workload.go_test, "faultrig-shim",
                       "DOOR");
}

// Which go it is, only a run asks: the newest stands here.
constexpr int kNewestGo = 99;

void add_go_command(Page& page, const Plan& plan) {
  const GoTest& test = *plan.scenario.workload.go_test;
  if (plan.chain()) {
    page.add("command", shell_line(go_test_words(plan, test.go, kNewestGo,
                                                 interpreter_words(plan))));
    return;
  }
  std::vector<std::string> binary{"./TEST"};
  std::vector<std::string> words = test_binary_words(plan, kNewestGo, {});
  binary.insert(binary.end(), words.begin(), words.end());
  page.add("command", shell_line(go_build_words(test, test.go, "TEST")));
  page.add("command", shell_line(binary) + ", in the folder of its package");
}

void add_workload(Page& page, const Plan& plan) {
  const Workload& workload = plan.scenario.workload;
  if (plan.has_go()) {
    page.add("folder", workload.go_test->dir.string());
    add_go_command(page, plan);
  } else {
    page.add("folder",
             workload.cwd.empty() ? "the current one" : workload.cwd.string());
    page.add("command", shell_line(workload.command));
    if (workload.service && workload.service->build) {
      const GoBuild& build = *workload.service->build;
      page.add("command", "its program is built by: go build " +
                              join(build.flags, " ") + " " + build.package +
                              ", in " + build.dir.string());
    }
  }
  if (!workload.recover.empty()) {
    page.add("recover", shell_line(workload.recover) +
                            ", when all of that has ended, with the same "
                            "TMPDIR, which is the run's own");
  }
  if (plan.wants_test_events) {
    page.add("command", "its output goes through test2json afterwards");
  }
  if (plan.private_go_cache) {
    page.add("command", "with a GOCACHE of its own, removed afterwards");
  }
  if (plan.chain()) {
    page.add("compiling",
             fmt::format("{} at most, until the first test starts",
                         format_duration(workload.compile_within)));
  }
  page.add("deadline", fmt::format("{}: then SIGQUIT, 2s later SIGKILL for all",
                                   format_duration(workload.deadline)));
}

template <typename Map>
std::vector<std::string> keys_of(const Map& map) {
  std::vector<std::string> keys;
  keys.reserve(map.size());
  for (const auto& [key, value] : map) {
    keys.push_back(key);
  }
  return keys;
}

void add_environment(Page& page, const Workload& workload) {
  if (workload.clean_env) {
    std::vector<std::string> kept(kAlwaysKept.begin(), kAlwaysKept.end());
    kept.insert(kept.end(), workload.keep_env.begin(), workload.keep_env.end());
    page.add("env", "only " + join(kept, ", ") + " kept");
  }
  if (!workload.env.empty()) {
    page.add("env", "set: " + join(keys_of(workload.env), ", "));
  }
}

std::string rule_text(const CallRule& rule, const Plan& plan) {
  std::string text = rule.selects() + " " + rule.text();
  auto fault = static_cast<std::size_t>(rule.fault);
  if (rule.fault != kNoFault && fault < plan.scenario.faults.size()) {
    text += " (fault '" + plan.scenario.faults[fault].name + "')";
  }
  if (rule.role == CallRole::ends) {
    return text + "; releases the fault";
  }
  if (rule.is_trigger()) {
    text += rule.moment == CallMoment::listening
                ? "; a listen that succeeds fires the trigger"
                : "; the first match fires the trigger";
  } else if (!rule.active_from_start) {
    text += ", once the trigger has fired";
  }
  return text + (rule.in_kernel ? ", in the kernel" : "");
}

void add_link(Page& page, Link link, const Plan& plan) {
  std::string name(link_name(link));
  auto found = plan.launch.links.find(link);
  page.add(name, "in a cgroup of its own, with a witness that reports its end");
  if (found == plan.launch.links.end()) {
    return;
  }
  const LinkSetup& setup = found->second;
  if (setup.memory) {
    page.add(name, fmt::format("memory.max {}, swap {}{}{}",
                               format_bytes(setup.memory->max),
                               format_bytes(setup.memory->swap),
                               setup.memory->group ? ", killed as a group" : "",
                               setup.memory->from_start ? "" : ", later"));
  }
  for (const CountedCap& cap : setup.caps) {
    page.add(name, cap_text(cap));
  }
  if (setup.fds) {
    page.add(name,
             fmt::format("RLIMIT_NOFILE {}, soft and hard", setup.fds->max));
  }
  for (const ClockShift& shift : setup.clock) {
    page.add(name, fmt::format("its wall clock steps by {}{}",
                               format_step(shift.jump),
                               shift.from_start ? "" : ", later"));
  }
  if (setup.disk) {
    page.add(name, disk_text(*setup.disk));
  }
  if (setup.crash) {
    page.add(name, crash_folder_text(*setup.crash));
  }
  if (setup.network) {
    page.add(name, network_text(*setup.network));
    for (const PacketFault& packets : setup.network->packets) {
      page.add(name, packets_text(packets));
    }
  }
  for (const CallRule& rule : setup.rules) {
    page.add(name, rule_text(rule, plan));
  }
  for (FaultId fault : setup.held_for) {
    page.add(name,
             fmt::format(
                 "held at its exec, by ptrace(2), until fault "
                 "'{}' has come",
                 plan.scenario.faults[static_cast<std::size_t>(fault)].name));
  }
  if (!setup.env.empty()) {
    page.add(name, "env set: " + join(keys_of(setup.env), ", "));
  }
}

void add_need(Page& page, const Need& need) {
  std::vector<std::string> words = need.command;
  if (need.build) {
    words[0] = need.build->package;
  }
  page.add("need", need.name + ": " + shell_line(words));
  std::string behind =
      need.needs.empty() ? "" : ", behind " + join(need.needs, ", ");
  page.add("need", "  before the service" + behind + ", ready when " +
                       need.ready.words() + ", within " +
                       format_duration(need.ready_within));
  page.add("need", "  in a cgroup of its own; ended after the service, grace " +
                       format_duration(need.grace));
}

void add_service(Page& page, const Service& service) {
  page.add("service", "ready when " + service.ready.words() + ", within " +
                          format_duration(service.ready_within));
  page.add("service",
           "grace " + format_duration(service.grace) +
               " from the first signal that is to stop it, then SIGKILL");
  page.add("service", service.own_network
                          ? "a network of its own, where we may make one"
                          : "the network of this machine");
  if (service.pid1) {
    page.add("service", "process 1 of a PID namespace of its own");
  }
  const std::vector<std::string>& kept = service.keep;
  if (std::find(kept.begin(), kept.end(), ".") != kept.end()) {
    page.add("service",
             "in a copy of its folder, with a TMPDIR of its own: both end with "
             "the run");
  } else if (!kept.empty()) {
    page.add("service", "in a folder made for the run, with " +
                            join(kept, ", ") + " for its second life");
  }
  for (const Need& need : service.needs) {
    add_need(page, need);
  }
  for (const Load& load : service.load) {
    page.add("load", load.name + ": " + load.words());
  }
}

void add_links(Page& page, const Plan& plan) {
  if (plan.scenario.workload.service) {
    add_service(page, *plan.scenario.workload.service);
  }
  if (!plan.has_go()) {
    add_link(page, plan.scenario.workload.main_link(), plan);
    return;
  }
  add_link(page, Link::go, plan);
  add_link(page, Link::test, plan);
}

// What the workload could see of us: docs/transparency.md has all of it.
void add_differences(Page& page, const Plan& plan) {
  constexpr const char* kLabel = "differs";
  page.add(kLabel,
           "its parent is faultrig-shim, which adopts its orphans and takes it "
           "along when it dies");
  page.add(kLabel,
           "a session of its own without a terminal, stdin /dev/null, no other "
           "descriptors");
  page.add(kLabel,
           "no signal ignored or blocked; oom_score_adj 100 higher than ours");
  for (const auto& [link, setup] : plan.launch.links) {
    if (!setup.rules.empty() || setup.looks_at_exit) {
      page.add(kLabel, fmt::format("a seccomp filter at {}: io_uring and calls "
                                   "of other architectures get ENOSYS",
                                   link_name(link)));
    }
  }
  if (plan.chain()) {
    page.add(kLabel, fmt::format("GOTMPDIR{} for go alone, not for the test",
                                 plan.private_go_cache ? " and GOCACHE" : ""));
  }
}

// `send SIGTERM`, as far as a value has one short spelling.
std::string value_text(const Value& value) {
  struct Speller {
    std::string operator()(bool b) const { return b ? "true" : "false"; }
    std::string operator()(std::int64_t n) const { return std::to_string(n); }
    std::string operator()(double d) const { return fmt::format("{}", d); }
    std::string operator()(const std::string& s) const { return s; }
    std::string operator()(const std::vector<std::string>& list) const {
      return "[" + join(list, ", ") + "]";
    }
    std::string operator()(Bytes bytes) const { return format_bytes(bytes); }
    std::string operator()(std::chrono::nanoseconds time) const {
      return format_duration(time);
    }
    std::string operator()(const NumberTest& test) const { return test.text(); }
    std::string operator()(const Nth& nth) const { return nth.text(); }
    std::string operator()(
        const std::map<std::string, std::string>& map) const {
      return join(keys_of(map), ", ");
    }
    std::string operator()(const std::vector<CallPattern>& calls) const {
      return fmt::format("{} calls", calls.size());
    }
  };
  return std::visit(Speller{}, value);
}

std::string params_text(const Params& params) {
  std::vector<std::string> parts;
  for (const auto& [key, entry] : params.entries()) {
    bool is_signal = (key == "send" || key == "signal" || key == "by");
    const auto* number = std::get_if<std::int64_t>(&entry.value);
    const auto* error = key == "error" ? number : nullptr;
    std::string value = value_text(entry.value);
    if (is_signal && number != nullptr) {
      value = signal_name(static_cast<int>(*number));
    } else if (error != nullptr) {
      value = errno_name(static_cast<int>(*error));
    }
    parts.push_back(fmt::format("{} {}", key, value));
  }
  return join(parts, ", ");
}

void add_faults(Page& page, const Plan& plan) {
  const std::vector<Fault>& faults = plan.scenario.faults;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    const Fault& fault = faults[i];
    std::string line = fmt::format("{} {}", i, fault.injector);
    if (fault.name != fault.injector) {
      line += " '" + fault.name + "'";
    }
    line += fmt::format(" at {}, when: {}", fault.target(), fault.when.text());
    line += fault.until ? ", until: " + fault.until->text() : "";
    page.add("fault", line + (fault.optional ? ", optional" : ""));
    std::string params = params_text(fault.params);
    if (!params.empty()) {
      page.add("fault", "  " + params);
    }
  }
}

void add_sweep(Page& page, const ScenarioSweep& sweep) {
  page.add("sweep", fmt::format("over {}: runs without a fault of it first, "
                                "then one or more of each point",
                                over_name(sweep.over)));
  for (const std::string& text :
       {params_text(sweep.params), params_text(sweep.instants),
        params_text(sweep.until), sweep.peers_text()}) {
    if (!text.empty()) {
      page.add("sweep", "  " + text);
    }
  }
  for (const AllowedFinding& known : sweep.allowed) {
    page.add("allow",
             fmt::format("{} at site {}: {}", outcome_name(known.outcome),
                         known.site, known.because));
  }
}

}  // namespace

std::string plan_text(const Plan& plan) {
  const Scenario& scenario = plan.scenario;
  Page page;
  page.add("scenario", scenario.name);
  if (!scenario.about.empty()) {
    page.add("about", scenario.about);
  }
  page.add("seed", std::to_string(plan.seed));
  for (const std::string& need : plan.launch.needs) {
    page.add("needs", need);
  }
  if (!scenario.faults.empty() && !scenario.sweep) {
    page.add("golden", scenario.golden
                           ? "first the workload without faults; it must "
                             "exit 0"
                           : "no run without faults");
  }
  add_workload(page, plan);
  add_environment(page, scenario.workload);
  add_links(page, plan);
  add_differences(page, plan);
  add_faults(page, plan);
  for (const std::string& observed : scenario.observe.texts()) {
    page.add("observe", observed + "; in the run without faults too");
  }
  if (scenario.sweep) {
    add_sweep(page, *scenario.sweep);
  }
  for (const Expectation& expectation : scenario.expect) {
    page.add("expect", expectation.text);
  }
  return page.take();
}

}  // namespace faultrig
