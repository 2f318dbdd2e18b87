// What a fault that did not come leaves its author with: what was seen instead.
// Most often the program does the deed by another call than its author thinks
// (os.Rename is renameat(2)), or needs less than it was given.
#include "harness/judge/no_effect.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/judge/finding.h"
#include "harness/model/syscalls.h"

namespace faultrig {

namespace {

using Names = std::vector<std::string>;

// Calls that Go's runtime and packages (src/syscall, src/internal/syscall/unix,
// src/runtime of Go 1.26) do not make on linux/amd64, and what they make
// instead. Some have one function of package syscall that does make them.
struct Replaced {
  std::string_view call;
  std::string_view by;
  std::string_view but = "";
};

constexpr std::array<Replaced, 27> kReplaced{
    {{"open", "openat"},
     {"creat", "openat"},
     {"stat", "newfstatat"},
     {"lstat", "newfstatat"},
     {"rename", "renameat"},
     {"unlink", "unlinkat"},
     {"rmdir", "unlinkat"},
     {"mkdir", "mkdirat"},
     {"mknod", "mknodat"},
     {"symlink", "symlinkat"},
     {"link", "linkat"},
     {"readlink", "readlinkat"},
     {"chmod", "fchmodat"},
     {"chown", "fchownat"},
     {"lchown", "fchownat"},
     {"access", "faccessat"},
     {"getdents", "getdents64"},
     {"accept", "accept4"},
     {"pipe", "pipe2"},
     {"fork", "clone"},
     {"vfork", "clone"},
     {"poll", "epoll_pwait"},
     {"select", "epoll_pwait", "syscall.Select"},
     {"epoll_wait", "epoll_pwait", "syscall.EpollWait"},
     {"dup2", "dup3", "syscall.Dup2"},
     {"utime", "utimensat", "syscall.Utime"},
     {"utimes", "utimensat", "syscall.Utimes"}}};

bool has(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// `; Go calls renameat instead of rename`, for each that is not asked for too.
std::string go_instead(const Names& calls) {
  constexpr std::size_t kMostTold = 3;
  Names told;
  for (const Replaced& one : kReplaced) {
    if (has(calls, one.call) && !has(calls, one.by)) {
      told.push_back(fmt::format(
          "{} instead of {}{}", one.by, one.call,
          one.but.empty() ? "" : fmt::format(" (but for {})", one.but)));
    }
  }
  told.resize(std::min(told.size(), kMostTold));
  return told.empty() ? "" : "; Go calls " + join(told, ", ");
}

// The first few, then how many more.
std::string some_of(const Names& names, const std::string& last_word) {
  constexpr std::size_t kMostTold = 3;
  Names told(names.begin(),
             names.begin() + static_cast<std::ptrdiff_t>(
                                 std::min(names.size(), kMostTold)));
  if (names.size() <= kMostTold) {
    return join(told, last_word);
  }
  return join(told, ", ") +
         fmt::format(" and {} more", names.size() - kMostTold);
}

bool started(const Evidence& evidence, Link link) {
  auto trace = evidence.trace();
  return std::any_of(trace.begin(), trace.end(), [&](const Observation& seen) {
    return seen.fact == Fact::process_started && seen.link == link_name(link);
  });
}

// What the evidence has of the calls that a fault names.
struct SeenCalls {
  std::int64_t times = 0;
  std::int64_t of_others = 0;  // that another fault answered
  Names paths;                 // each once
  bool untold = false;         // there may be more: an older faultrig
};

SeenCalls calls_seen(const Names& calls, Link link, const Evidence& evidence) {
  SeenCalls out;
  for (const Observation& seen : evidence.trace()) {
    bool sum = seen.fact == Fact::calls_untold;
    out.untold = out.untold || (sum && seen.call.empty());
    if ((!sum && seen.fact != Fact::call_intercepted) ||
        seen.link != link_name(link) || !has(calls, seen.call)) {
      continue;
    }
    std::int64_t times = sum ? seen.number : 1;
    out.times += times;
    out.of_others += seen.fault >= 0 ? times : 0;
    if (!seen.path.empty() && !has(out.paths, seen.path)) {
      out.paths.push_back(seen.path);
    }
  }
  return out;
}

// `path and nth`: by what the fault chooses among the calls that it names.
std::string chosen_by(const Fault& fault) {
  Names keys;
  for (const char* key :
       {"path", "fd", "peer", "in", "site", "of", "nth", "chance"}) {
    if (fault.params.has(key)) {
      keys.emplace_back(key);
    }
  }
  return join(keys, " and ");
}

std::string what_was_called(const Names& calls, const Fault& fault,
                            const SeenCalls& seen) {
  std::string text = fmt::format(
      ": {} call{} of {} {} seen", seen.times, seen.times == 1 ? "" : "s",
      some_of(calls, " or "), seen.times == 1 ? "was" : "were");
  std::string keys = chosen_by(fault);
  if (seen.of_others > 0) {
    text +=
        fmt::format(", {} of them answered by another fault", seen.of_others);
  } else if (!keys.empty()) {
    text += ", none that its " + keys + " chose";
  } else {
    text += ", and it acted on none";
  }
  Names paths;
  for (const std::string& path : seen.paths) {
    paths.push_back(in_quotes(path));
  }
  return paths.empty() ? text : text + ": on " + some_of(paths, ", ");
}

// Calls on 0, 1 and 2 do not count unless they are asked for.
std::string but_for_stdio(const Names& calls, const Fault& fault) {
  bool on_descriptors =
      std::any_of(calls.begin(), calls.end(), [](const std::string& call) {
        const Syscall* known = find_syscall(call);
        return known != nullptr && known->fd_argument >= 0;
      });
  return on_descriptors && !fault.params.has("fd")
             ? "; one on descriptor 0, 1 or 2 counts only with `fd: stdio`"
             : "";
}

// Nobody sees the calls that the kernel answers by itself, nor, without a
// question for them, those that `path` and the like leave alone.
std::string instead_of_call(const Fault& fault, const Evidence& evidence) {
  const auto* asked = fault.params.find<Names>("call");
  if (asked == nullptr || asked->empty() || !started(evidence, fault.at)) {
    return "";
  }
  const Names& calls = *asked;
  SeenCalls seen = calls_seen(calls, fault.at, evidence);
  if (seen.times > 0) {
    return what_was_called(calls, fault, seen) +
           (seen.of_others == 0 ? but_for_stdio(calls, fault) : "");
  }
  if (seen.untold || fault.params.get_or("static", false)) {
    std::string instead = go_instead(calls);
    return instead.empty() ? "" : ":" + instead.substr(1);
  }
  std::string keys = chosen_by(fault);
  std::string text = ": no call of " + some_of(calls, " or ") + " was seen";
  text += keys.empty() ? "" : " that its " + keys + " chose";
  text += fault.when.when == Trigger::When::start ? "" : " after its trigger";
  std::string instead = go_instead(calls);
  if (!instead.empty()) {
    return text + instead;
  }
  if (!keys.empty()) {
    return text + "; `calls: {call: " + calls.front() +
           "}` in expect makes the others seen" + but_for_stdio(calls, fault);
  }
  return text + but_for_stdio(calls, fault);
}

std::string instead_of_oom(const Fault& fault, const Evidence& evidence) {
  const auto* most =
      fault.params.find<Bytes>(fault.params.has("high") ? "high" : "max");
  if (most == nullptr || !started(evidence, fault.at)) {
    return "";
  }
  for (const Observation& seen : evidence.trace()) {
    // One above the limit was there before it.
    if (seen.fact == Fact::peak_memory && seen.link == link_name(fault.at) &&
        static_cast<std::uint64_t>(seen.number) <= most->count) {
      constexpr double kMebi = 1 << 20;
      return fmt::format(": peak {:.1f}MiB of {}",
                         static_cast<double>(seen.number) / kMebi,
                         format_bytes(*most));
    }
  }
  return "";
}

std::string instead_of_child(const Fault& fault, const Evidence& evidence) {
  if (fault.child.empty() || !started(evidence, fault.at)) {
    return "";
  }
  Names programs;
  for (const Observation& seen : evidence.trace()) {
    if (seen.fact == Fact::child_seen && glob_match(fault.child, seen.text)) {
      return ": child " + for_one_line(seen.text) +
             " was seen, and had ended when the signal was due";
    }
    std::string name = seen.path.substr(seen.path.rfind('/') + 1);
    if (seen.call.starts_with("execve") && !name.empty() &&
        !has(programs, name)) {
      programs.push_back(name);
    }
  }
  std::string text = ": no child " + in_quotes(fault.child) + " was seen";
  return text + (programs.empty()
                     ? ", and nobody started any program"
                     : "; what was started: " + some_of(programs, ", "));
}

// A search domain may have made another name of it.
std::string instead_of_question(FaultId id, const Evidence& evidence) {
  Names asked;
  for (const Observation& seen : evidence.trace()) {
    if (seen.fact == Fact::name_asked && seen.fault == id) {
      asked.push_back(for_one_line(seen.text));
    }
  }
  return asked.empty() ? ""
                       : ": what was asked for was " + some_of(asked, ", ");
}

// go prints what a package said when its test binary has ended, unless asked
// to show all of a single one (go help test).
bool is_held_back(const Workload& workload) {
  if (!workload.go_test || workload.go_test->mode == GoTest::Mode::binary) {
    return false;
  }
  const Names& flags = workload.go_test->flags;
  return std::none_of(flags.begin(), flags.end(), [](std::string_view flag) {
    flag.remove_prefix(std::min(flag.find_first_not_of('-'), flag.size()));
    flag.remove_prefix(flag.starts_with("test.") ? 5 : 0);
    return flag == "v" || flag.starts_with("v=") || flag.starts_with("json") ||
           flag.starts_with("bench");
  });
}

std::string unfired(const Scenario& scenario, const Fault& fault) {
  std::string text = ": its trigger, " + fault.when.text() + ", never fired";
  bool held = fault.when.waits_for(Trigger::When::output) &&
              is_held_back(scenario.workload);
  return held ? text +
                    "; without `flags: [-v]` go holds output back until the "
                    "test binary has ended"
              : text;
}

}  // namespace

std::string why_no_effect(const Scenario& scenario, FaultId id,
                          const Evidence& evidence) {
  const Fault& fault = scenario.faults[static_cast<std::size_t>(id)];
  std::string text = "fault " + in_quotes(fault.name);
  if (!evidence.first(Fact::fault_installed, id)) {
    return text + " was never installed";
  }
  text += " was installed but never took effect";
  auto lost = evidence.first(Fact::trigger_lost, id);
  if (lost) {
    return text + ": its trigger, " + fault.when.text() +
           ", can no longer fire, " +
           for_one_line(evidence.trace()[*lost].text);
  }
  if (fault.when.when != Trigger::When::start &&
      !evidence.first(Fact::trigger_fired, id)) {
    return text + unfired(scenario, fault);
  }
  return text + instead_of_call(fault, evidence) +
         instead_of_oom(fault, evidence) + instead_of_question(id, evidence) +
         instead_of_child(fault, evidence);
}

}  // namespace faultrig
