// Makes chosen system calls fail, lie, dawdle or fall short, through seccomp
// user notification (seccomp_unotify(2)): every matching call waits for our
// answer, so that it is counted over the whole process tree, in one order, and
// each fault is seen as it happens. `static: true` compiles the rule into the
// filter instead (SECCOMP_RET_ERRNO in seccomp(2)): free of cost, but nobody
// hears of it; then the proof is that golden runs before and behind it exited 0
// and this run did not. The surprise: strace counts `when=N` for each thread,
// we for all of them.
#include <cerrno>

#include "harness/inject/call_injector.h"
#include "harness/model/call_origin.h"

namespace faultrig {

namespace {

const Section& section() {
  static const Section kSection{
      .name = "syscall",
      .summary = "makes chosen system calls fail",
      .fields = with_origin(
          {{.key = "call",
            .kind = Kind::calls,
            .summary = "name, list of names, or strace's %file, %network, "
                       "%desc",
            .required = true},
           {.key = "error",
            .kind = Kind::error_number,
            .summary = "the call does not run and fails with this errno"},
           {.key = "returns",
            .kind = Kind::integer,
            .summary = "the call does not run and returns this number"},
           {.key = "short",
            .kind = Kind::size,
            .summary = "read, write and their like move at most this much"},
           {.key = "delay",
            .kind = Kind::duration,
            .summary = "the call runs this much later"},
           {.key = "signal",
            .kind = Kind::signal,
            .summary = "the calling process gets this signal, then it runs"},
           {.key = "nth",
            .kind = Kind::nth,
            .summary = "which of the matching calls, counted from 1 over all "
                       "threads and processes; default: all"},
           {.key = "chance",
            .kind = Kind::percent,
            .summary = "how many of them, drawn from the run's seed"},
           {.key = "path",
            .kind = Kind::glob,
            .summary = "only calls on a path that matches (`*` matches `/` "
                       "too); for calls on a descriptor, its file"},
           {.key = "fd",
            .kind = Kind::choice,
            .summary = "only calls on such a descriptor; without it, any but "
                       "0, 1 and 2",
            .choices = {"file", "socket", "pipe", "stdio"}},
           {.key = "static",
            .kind = Kind::boolean,
            .summary = "let the kernel's filter fail the call by itself: no "
                       "cost, no trace; only with error, and nothing that "
                       "selects calls",
            .fallback = "false"}}),
      .exactly_one_of = {{"error", "returns", "short", "delay", "signal"}},
  };
  return kSection;
}

void set_action(CallRule& rule, const Params& params) {
  if (const auto* error = params.find<std::int64_t>("error")) {
    rule.action = CallAction::error;
    rule.number = *error;
  } else if (const auto* value = params.find<std::int64_t>("returns")) {
    rule.action = CallAction::returns;
    rule.number = *value;
  } else if (const auto* most = params.find<Bytes>("short")) {
    rule.action = CallAction::shorten;
    rule.number = static_cast<std::int64_t>(most->count);
  } else if (const auto* delay =
                 params.find<std::chrono::nanoseconds>("delay")) {
    rule.action = CallAction::delay;
    rule.number = delay->count();
  } else if (const auto* signal = params.find<std::int64_t>("signal")) {
    rule.action = CallAction::signal;
    rule.number = *signal;
  }
}

CallRule rule_from(const FaultSpec& spec) {
  const Params& params = spec.fault.params;
  CallRule rule;
  rule.fault = spec.id;
  rule.calls = params.get<std::vector<std::string>>("call");
  set_action(rule, params);
  if (const auto* nth = params.find<Nth>("nth")) {
    rule.nth = *nth;
  }
  if (const auto* chance = params.find<double>("chance")) {
    rule.chance = *chance;
  }
  rule.path = params.get_or<std::string>("path", "");
  rule.fd = fd_kind_named(params.get_or<std::string>("fd", ""));
  rule.peer = params.get_or<std::string>("peer", "");
  rule.origin = origin_of(params);
  rule.active_from_start = spec.from_start();
  rule.in_kernel = params.get<bool>("static");
  rule.most = spec.most_effects();
  return rule;
}

class SyscallInjector final : public CallInjector {
 public:
  explicit SyscallInjector(const FaultSpec& spec)
      : CallInjector(spec), at_(spec.fault.at), rule_(rule_from(spec)) {}

  Result<> prepare(Launch& launch) const override {
    launch.needs.emplace_back(rule_.in_kernel ? kNeedsSeccomp : kNeedsNotify);
    launch.links[at_].rules.push_back(rule_);
    return Ok{};
  }

  bool can_release() const override { return !rule_.in_kernel; }

 private:
  Link at_;
  CallRule rule_;
};

// Go repeats a call that was interrupted, for ever.
bool repeats_for_ever(const CallRule& rule) {
  bool bounded = (rule.nth && rule.nth->last) || rule.chance;
  return rule.action == CallAction::error && rule.number == EINTR && !bounded;
}

bool selects(const FaultSpec& spec) {
  const Params& params = spec.fault.params;
  return params.has("nth") || params.has("chance") || params.has("path") ||
         params.has("fd") || params.has("peer") || origin_of(params).asks() ||
         !spec.from_start();
}

Result<std::unique_ptr<Injector>> make(const FaultSpec& spec) {
  CallRule rule = rule_from(spec);
  if (rule.in_kernel && (selects(spec) || rule.action != CallAction::error ||
                         rule.names_exec())) {
    return usage_error(
        "static goes with error alone: no nth, chance, path, fd, peer, in, "
        "site, of or trigger, and not with execve");
  }
  if (repeats_for_ever(rule)) {
    return usage_error(
        "Go repeats EINTR for ever: bound it with nth, such as nth: 1..3");
  }
  if (rule.action == CallAction::shorten && rule.number < 1) {
    return usage_error("short is below 1 byte");
  }
  return std::unique_ptr<Injector>(std::make_unique<SyscallInjector>(spec));
}

}  // namespace

const InjectorType& syscall_injector() {
  static const InjectorType kType{
      &section(),
      "a matching call was intercepted and answered; with static, the golden "
      "runs before and behind it exited 0 and this one did not",
      make};
  return kType;
}

}  // namespace faultrig
