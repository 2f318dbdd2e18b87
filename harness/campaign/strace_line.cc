// strace(1), `inject=`: error, retval, signal, delay_enter in microseconds, and
// when=F..L+S. It counts for each thread, we for all; and of calls on a
// descriptor it takes those on 0, 1 and 2 too, which we leave alone: for what a
// program does to its own output there is no such line.
#include "harness/campaign/strace_line.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "harness/base/names.h"
#include "harness/base/text.h"

namespace faultrig {

namespace {

constexpr std::array<std::string_view, 12> kOnOutput{
    "read",  "write", "readv", "writev", "pread64", "pwrite64",
    "close", "fstat", "fcntl", "ioctl",  "dup",     "newfstatat"};

bool is_on_output(const std::string& call) {
  return std::find(kOnOutput.begin(), kOnOutput.end(), call) != kOnOutput.end();
}

bool is_sayable(const CallRule& rule) {
  bool chosen = rule.chance || !rule.path.empty() || !rule.peer.empty() ||
                rule.origin.asks() || rule.fd != FdKind::any_but_stdio ||
                rule.watches_fd_limit();
  return !chosen && rule.active_from_start && !rule.is_trigger() &&
         std::none_of(rule.calls.begin(), rule.calls.end(), is_on_output);
}

// Empty: strace cannot do it.
std::string harm_text(const CallRule& rule) {
  switch (rule.action) {
    case CallAction::error:
      return "error=" + std::string(errno_name(static_cast<int>(rule.number)));
    case CallAction::returns:
      return fmt::format("retval={}", rule.number);
    case CallAction::signal:
      return "signal=" +
             std::string(signal_name(static_cast<int>(rule.number)));
    case CallAction::delay:
      return fmt::format("delay_enter={}", rule.number / 1000);
    default:
      return "";
  }
}

std::string inject_text(const CallRule& rule) {
  std::string out = "inject=" + join(rule.calls, ",") + ":" + harm_text(rule);
  return rule.nth ? out + ":when=" + rule.nth->text() : out;
}

// One rule for each fault, or nothing.
std::vector<CallRule> rules_of(const Plan& plan) {
  std::vector<CallRule> rules;
  std::size_t faults = plan.scenario.faults.size();
  auto link = plan.launch.links.find(plan.scenario.workload.main_link());
  if (link != plan.launch.links.end()) {
    std::copy_if(link->second.rules.begin(), link->second.rules.end(),
                 std::back_inserter(rules),
                 [](const CallRule& rule) { return rule.fault != kNoFault; });
  }
  std::set<FaultId> known;
  for (const CallRule& rule : rules) {
    known.insert(rule.fault);
  }
  bool each = known.size() == faults && rules.size() == faults;
  return each ? rules : std::vector<CallRule>();
}

// The program, and what is to be done before; nothing: strace cannot start it.
std::optional<std::string> program_line(const Workload& workload,
                                        const std::string& strace) {
  if (workload.service || workload.clean_env || !workload.env.empty()) {
    return std::nullopt;
  }
  if (!workload.go_test) {
    return "cd " + shell_quote(workload.cwd.string()) + " && " + strace + " " +
           shell_line(workload.command);
  }
  const GoTest& test = *workload.go_test;
  bool plain = test.packages.size() == 1 && test.exec.empty() &&
               test.packages[0].find("...") == std::string::npos &&
               test.flags.empty() && test.args.empty() && test.skip.empty();
  if (!plain) {
    return std::nullopt;
  }
  std::string package = shell_quote(test.packages[0]);
  std::string run =
      test.run.empty() ? "" : " -test.run " + shell_quote(test.run);
  return "cd " + shell_quote(test.dir.string()) +
         " && go test -c -o /tmp/x.test " + package +
         " && cd \"$(go list -f '{{.Dir}}' " + package + ")\" && " + strace +
         " /tmp/x.test" + run;
}

}  // namespace

std::optional<std::string> strace_line(const Plan& plan) {
  std::string strace = "strace -f";
  std::vector<CallRule> rules = rules_of(plan);
  for (const CallRule& rule : rules) {
    if (harm_text(rule).empty() || !is_sayable(rule)) {
      return std::nullopt;
    }
    strace += " -e " + shell_quote(inject_text(rule));
  }
  return rules.empty() ? std::nullopt
                       : program_line(plan.scenario.workload, strace);
}

}  // namespace faultrig
