// What a golden run may lack: the faults, and nothing else. Each type is taken
// apart field by field, so that a new field does not compile until somebody has
// said here what becomes of it.
#include "harness/model/golden_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/parse/scenario_reader.h"
#include "harness/plan/planner.h"

namespace faultrig {
namespace {

using ::testing::IsEmpty;

Plan planned(const std::string& yaml) {
  ReadScenario read =
      read_scenario(yaml, {"x", "/x.yaml", false}, full_language());
  EXPECT_TRUE(read.scenario) << yaml;
  Planned out = make_plan(*read.scenario, 7);
  EXPECT_TRUE(out.plan) << (out.plan ? "" : out.troubles.front().what);
  return out.plan.value_or(Plan());
}

void compare(const CallRule& was, const CallRule& is) {
  const auto& [fault, calls, action, number, nth, chance, path, fd, origin,
               peer, active, role, most, moment, test, in_kernel] = is;
  EXPECT_EQ(fault, kNoFault);
  EXPECT_EQ(calls, was.calls);
  EXPECT_EQ(action, CallAction::observe);
  EXPECT_EQ(number, 0);
  EXPECT_EQ(nth.has_value(), was.nth.has_value());
  EXPECT_EQ(chance, was.chance);
  EXPECT_EQ(path, was.path);
  EXPECT_EQ(fd, was.fd);
  EXPECT_EQ(origin, was.origin);
  EXPECT_EQ(peer, was.peer);
  EXPECT_EQ(active, was.active_from_start);
  EXPECT_EQ(role, CallRole::acts);
  EXPECT_EQ(most, 0);
  EXPECT_EQ(moment, was.moment);
  EXPECT_EQ(test, was.test);
  EXPECT_EQ(in_kernel, was.in_kernel);
}

void compare(const LinkSetup& was, const LinkSetup& is) {
  const auto& [memory, caps, fds, rules, dependencies, names, clock, disk,
               crash, network, exit, env, held_for] = is;
  ASSERT_EQ(crash.has_value(), was.crash.has_value());
  if (crash) {
    EXPECT_EQ(crash->path, was.crash->path);
    EXPECT_EQ(crash->fault, kNoFault);
  }
  ASSERT_EQ(disk.has_value(), was.disk.has_value());
  if (disk) {
    EXPECT_EQ(disk->path, was.disk->path);
    EXPECT_EQ(disk->counts_inodes, was.disk->counts_inodes);
    EXPECT_EQ(disk->fault, kNoFault);
    EXPECT_EQ(disk->size + disk->inodes, 0U);
    EXPECT_FALSE(disk->full);
  }
  ASSERT_EQ(network.has_value(),
            was.network.has_value() && !was.network->is_cut_off());
  EXPECT_TRUE(!network || network->packets.empty());
  EXPECT_EQ(exit, was.looks_at_exit);
  ASSERT_EQ(clock.size(), was.clock.size());
  for (const ClockShift& shift : clock) {
    EXPECT_EQ(shift.fault, kNoFault);
    EXPECT_EQ(shift.jump.count(), 0);
  }
  EXPECT_THAT(dependencies, IsEmpty());
  EXPECT_THAT(names, IsEmpty());
  EXPECT_FALSE(memory);
  EXPECT_EQ(is.controllers(), was.controllers());
  for (const CountedCap& cap : caps) {
    EXPECT_FALSE(cap.max);
  }
  EXPECT_FALSE(fds);
  EXPECT_EQ(env, was.env);
  EXPECT_EQ(held_for, was.held_for);
  ASSERT_EQ(rules.size(), was.rules.size());
  for (std::size_t i = 0; i < rules.size(); ++i) {
    compare(was.rules[i], rules[i]);
  }
  EXPECT_EQ(is.needs_listener(), was.needs_listener());
}

void compare(const Launch& was, const Launch& is) {
  const auto& [links, interpreter, stops_service, watch, recoveries, needs] =
      is;
  EXPECT_FALSE(watch.health || watch.again);
  EXPECT_THAT(watch.files, IsEmpty());
  EXPECT_THAT(recoveries, IsEmpty());
  EXPECT_FALSE(interpreter);
  EXPECT_EQ(stops_service, was.stops_service);
  EXPECT_EQ(needs, was.needs);
  ASSERT_EQ(links.size(), was.links.size());
  for (const auto& [link, setup] : links) {
    compare(was.links.at(link), setup);
  }
}

void compare(const Plan& was, const Plan& is) {
  const auto& [scenario, launch, seed, events, cache, wrapper, fresh] = is;
  EXPECT_THAT(scenario.faults, IsEmpty());
  EXPECT_THAT(scenario.expect, IsEmpty());
  EXPECT_EQ(scenario.workload.key(), was.scenario.workload.key());
  EXPECT_EQ(scenario.observe.key(), was.scenario.observe.key());
  compare(was.launch, launch);
  EXPECT_EQ(seed, was.seed);
  EXPECT_EQ(events, was.wants_test_events);
  EXPECT_EQ(cache, was.private_go_cache);
  EXPECT_EQ(wrapper, was.wrapper);
  EXPECT_EQ(fresh, was.fresh_folder);
}

const std::string kChain = "workload:\n  go_test: {dir: ., packages: ./a}\n";
const std::string kExpect =
    "expect:\n  - tests: {TestA: fail}\n  - calls: {call: [open, openat]}\n";

TEST(GoldenPlan, DiffersByTheFaultsAlone) {
  for (const char* faults :
       {"syscall: {call: openat, error: EIO, nth: 3, path: '*/a'}",
        "syscall: {call: fsync, error: EIO, static: true}",
        "syscall: {call: '%file', delay: 1ms, when: {call: fsync, nth: 2}}",
        "syscall: {call: read, short: 1B, chance: 10%, fd: file}",
        "signal: {send: SIGTERM, when: {listening: true}}",
        "memory: {max: 64MiB, at: go}", "fds: {max: 64}",
        "dependency: {to: 80, does: hang}", "dns: {answer: none}",
        "processes: {max: 20}", "cpu: {max: 10%}", "clock: {jump: -1h}",
        "disk: {path: $TMPDIR, size: 1MiB}",
        "disk: {path: data, inodes: 9, full: true}",
        "interpreter: {broken: missing}"}) {
    SCOPED_TRACE(faults);
    Plan plan = planned(kChain + "faults:\n  - " + faults + "\n" + kExpect);
    compare(plan, without_faults(plan));
  }
}

// Who watches is the same in both.
TEST(GoldenPlan, RecordsTheSameFolder) {
  Plan plan = planned(
      "workload: {command: [a], recover: [b]}\nfaults:\n  - crash: {path: "
      "data}\nexpect:\n  - recover: {exited: 0}\n");
  compare(plan, without_faults(plan));
  Plan other = plan;
  other.launch.links.at(Link::command).crash->path = "x";
  EXPECT_NE(golden_key(plan), golden_key(other));
}

TEST(GoldenPlan, HasTheSameObservers) {
  const std::string fault =
      "faults:\n  - fds: {max: 64}\nexpect:\n  - test: {exited: 1}\n";
  Plan seen =
      planned(kChain + "observe: [goroutines: {at: [test, end]}]\n" + fault);
  EXPECT_TRUE(without_faults(seen).launch.links.at(Link::test).looks_at_exit);
  EXPECT_TRUE(without_faults(seen).wants_test_events);
  compare(seen, without_faults(seen));
  Plan more = planned(kChain + "observe: [goroutines: {every: 1s}]\n" + fault);
  EXPECT_NE(golden_key(seen), golden_key(planned(kChain + fault)));
  EXPECT_NE(golden_key(seen), golden_key(more));
}

// Whom a fault tells to stop is not told in its golden run: who hangs then does
// so because of the fault.
TEST(GoldenPlan, KnowsThatAFaultWouldHaveStoppedTheService) {
  const std::string service = "workload: {service: {command: [a]}}\n";
  auto stops = [&](const std::string& signal) {
    Plan plan = planned(service + "faults:\n  - signal: {send: " + signal +
                        "}\n" + "expect:\n  - service: hung\n");
    return without_faults(plan).launch.stops_service;
  };
  EXPECT_TRUE(stops("SIGTERM"));
  EXPECT_TRUE(stops("SIGINT"));
  EXPECT_FALSE(stops("SIGHUP"));
}

// A rule that the kernel alone carries out is gone from the filter; that there
// is one, and what it refuses, stays.
TEST(GoldenPlan, HasAFilterWhereAStaticRuleWas) {
  Plan plan = planned(
      "workload: {command: [a]}\nfaults:\n  - syscall: {call: fsync, error: "
      "EIO, static: true}\nexpect:\n  - command: {exited: 1}\n");
  Plan golden = without_faults(plan);
  EXPECT_FALSE(golden.launch.links.at(Link::command).rules.empty());
}

TEST(GoldenPlan, IsSharedByThoseWhoseFaultsAloneDiffer) {
  auto key = [](const std::string& fault) {
    return golden_key(planned(kChain + "faults:\n  - " + fault +
                              "\nexpect:\n  - test: {exited: 1}\n"));
  };
  EXPECT_EQ(key("syscall: {call: fsync, error: EIO}"),
            key("syscall: {call: fsync, delay: 1s}"));
  EXPECT_EQ(key("syscall: {call: fsync, error: EIO, static: true}"),
            key("syscall: {call: read, error: EIO, static: true}"));
  EXPECT_EQ(key("signal: {send: SIGTERM, when: {after: 1s}}"),
            key("memory: {max: 64MiB}"));
  EXPECT_NE(key("signal: {send: SIGTERM}"), key("memory: {max: 64MiB}"));
  EXPECT_NE(key("syscall: {call: fsync, error: EIO}"),
            key("syscall: {call: fsync, error: EIO, static: true}"));
  EXPECT_NE(key("syscall: {call: fsync, error: EIO}"),
            key("syscall: {call: read, error: EIO}"));
  EXPECT_NE(key("signal: {send: SIGTERM}"), key("fds: {max: 64, at: go}"));
}

}  // namespace
}  // namespace faultrig
