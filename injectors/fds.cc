// Runs a process out of file descriptors with a real RLIMIT_NOFILE
// (getrlimit(2)), soft and hard: Go raises the soft limit to the hard one at
// start, so the soft limit alone has no effect. The kernel keeps no count of
// refusals, and what a call gave is not seen from outside. So calls that make
// descriptors wait for us: where fewer numbers are free than one needs, and
// nothing else is wrong with it, we answer it with the EMFILE that the kernel
// would give. That it got it is the proof. With a trigger the limit is lowered
// in the living process (prlimit(2)) to the first number that leaves `spare`
// free ones below it.
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <map>
#include <vector>

#include "harness/inject/injector.h"
#include "harness/inject/run.h"
#include "harness/os/full_table.h"
#include "harness/os/notify.h"
#include "harness/os/shim_processes.h"

namespace faultrig {

namespace {

// stdin, stdout, stderr, and what the shim has open while it loads a filter.
constexpr std::int64_t kLeast = 5;
constexpr auto kNoLimit = std::numeric_limits<std::uint64_t>::max();

const Section& section() {
  static const Section kSection{
      .name = "fds",
      .summary = "exhausts file descriptors (EMFILE)",
      .fields = {{.key = "max",
                  .kind = Kind::integer,
                  .summary =
                      "RLIMIT_NOFILE from the start, soft and hard; at least "
                      "5; not with a trigger"},
                 {.key = "spare",
                  .kind = Kind::integer,
                  .summary = "with a trigger: how many more may be opened then",
                  .fallback = "0"}},
  };
  return kSection;
}

// The limit below which exactly `spare` numbers are free now.
std::uint64_t limit_leaving(const std::vector<int>& open, std::int64_t spare) {
  std::uint64_t limit = 0;
  std::int64_t free_numbers = 0;
  while (true) {
    bool used =
        std::binary_search(open.begin(), open.end(), static_cast<int>(limit));
    if (!used && free_numbers++ == spare) {
      return limit;
    }
    ++limit;
  }
}

class FdsInjector final : public Injector {
 public:
  explicit FdsInjector(const FaultSpec& spec)
      : fault_(spec.id),
        at_(spec.fault.at),
        from_start_(spec.from_start()),
        max_(spec.fault.params.get_or<std::int64_t>("max", 0)),
        spare_(spec.fault.params.get<std::int64_t>("spare")),
        released_(spec.fault.until) {}

  Result<> prepare(Launch& launch) const override {
    launch.needs.emplace_back(kNeedsNotify);
    LinkSetup& link = launch.links[at_];
    bool another = std::any_of(
        link.rules.begin(), link.rules.end(),
        [](const CallRule& rule) { return rule.watches_fd_limit(); });
    if (another) {
      return usage_error("one link can have one descriptor limit");
    }
    if (from_start_) {
      link.fds = FdLimit{fault_, static_cast<std::uint64_t>(max_)};
    }
    CallRule rule;
    rule.fault = fault_;
    for (std::string_view call : calls_that_need_descriptors()) {
      rule.calls.emplace_back(call);
    }
    rule.action = CallAction::error;
    rule.number = EMFILE;
    rule.active_from_start = from_start_;
    rule.test = CallTest::fd_limit;
    if (released_ && from_start_) {
      launch.needs.emplace_back("CAP_SYS_RESOURCE");  // to raise a hard limit
    }
    link.rules.push_back(std::move(rule));
    return Ok{};
  }

  bool ready(const Run& run) const override {
    return from_start_ || !run.processes(at_).empty();
  }

  Result<> arm(Run& run) override {
    if (from_start_) {
      return Ok{};
    }
    for (const LiveProcess& process : run.processes(at_)) {
      std::uint64_t limit =
          limit_leaving(open_descriptors(process.pid), spare_);
      if (auto own = descriptor_limit(process.pid)) {
        was_[process.pid] = *own;
      }
      // Nobody raises a hard limit but who has CAP_SYS_RESOURCE.
      TRY(released_ ? set_soft_descriptor_limit(process.pid, limit)
                    : set_descriptor_limit(process.pid, limit));
    }
    run.select_calls(fault_, true);
    return Ok{};
  }

  // Back to what it had, or would have inherited, with all that has inherited
  // its limit since.
  bool can_release() const override { return true; }
  Result<> release(Run& run) override {
    TRY_ASSIGN(std::uint64_t usual, descriptor_limit(getpid()));
    std::uint64_t inherited =
        was_.size() == 1 ? was_.begin()->second : kNoLimit;
    auto raise = [&](int pid) {
      auto own = was_.find(pid);
      std::uint64_t soft = own == was_.end() ? inherited : own->second;
      return from_start_ ? set_descriptor_limit(pid, usual)
                         : set_soft_descriptor_limit(pid, soft);
    };
    std::vector<int> others = run.group(at_).members();
    for (const LiveProcess& process : run.processes(at_)) {
      TRY(raise(process.pid));
      std::vector<int> started = descendants_of(process.pid);
      others.insert(others.end(), started.begin(), started.end());
      std::erase(others, process.pid);
    }
    for (int pid : others) {
      (void)raise(pid);  // it may have ended
    }
    run.select_calls(fault_, false);
    return Ok{};
  }

 private:
  FaultId fault_;
  Link at_;
  bool from_start_;
  std::int64_t max_;
  std::int64_t spare_;
  bool released_;
  std::map<int, std::uint64_t> was_;  // soft limits, by process
};

Result<std::unique_ptr<Injector>> make(const FaultSpec& spec) {
  const Params& params = spec.fault.params;
  if (spec.from_start() && !params.has("max")) {
    return usage_error("max is missing (only with a trigger it may be)");
  }
  if (!spec.from_start() && params.has("max")) {
    return usage_error("max has no meaning with a trigger; spare has");
  }
  if (spec.from_start() && params.get<std::int64_t>("max") < kLeast) {
    return usage_error("max is below 5: no program starts with that");
  }
  if (params.get<std::int64_t>("spare") < 0) {
    return usage_error("spare is negative");
  }
  return std::unique_ptr<Injector>(std::make_unique<FdsInjector>(spec));
}

}  // namespace

const InjectorType& fds_injector() {
  static const InjectorType kType{
      &section(),
      "a call that makes descriptors got EMFILE, for fewer numbers below the "
      "limit were free than it needs",
      make};
  return kType;
}

}  // namespace faultrig
