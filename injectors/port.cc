// Says of a port that somebody else has it. bind(2) to it is answered with
// EADDRINUSE, as the kernel answers where another process listens there; nobody
// does, so that what is at that port of this machine is left alone, and no
// other run is in the way. The proof is that the kernel took our answer for a
// caller that still waited (seccomp_unotify(2)). The surprise: SO_REUSEADDR,
// which Go sets, helps against ports that rest, and not against one that is
// listened at.
#include <cerrno>

#include "harness/inject/call_injector.h"

namespace faultrig {

namespace {

constexpr std::int64_t kLastPort = 65535;

const Section& section() {
  static const Section kSection{
      .name = "port",
      .summary = "a port is taken already: bind(2) to it fails",
      .fields = {{.key = "taken",
                  .kind = Kind::integer,
                  .summary = "the port, of any address, TCP and UDP alike",
                  .required = true,
                  .least = 1}},
      .shorthand = "taken",
  };
  return kSection;
}

CallRule rule_from(const FaultSpec& spec) {
  CallRule rule;
  rule.fault = spec.id;
  rule.calls = {"bind"};
  rule.action = CallAction::error;
  rule.number = EADDRINUSE;
  rule.path =
      "*:" + std::to_string(spec.fault.params.get<std::int64_t>("taken"));
  rule.active_from_start = spec.from_start();
  rule.most = spec.most_effects();
  return rule;
}

class PortInjector final : public CallInjector {
 public:
  explicit PortInjector(const FaultSpec& spec)
      : CallInjector(spec), at_(spec.fault.at), rule_(rule_from(spec)) {}

  Result<> prepare(Launch& launch) const override {
    launch.needs.emplace_back(kNeedsNotify);
    launch.links[at_].rules.push_back(rule_);
    return Ok{};
  }

 private:
  Link at_;
  CallRule rule_;
};

Result<std::unique_ptr<Injector>> make(const FaultSpec& spec) {
  if (spec.fault.params.get<std::int64_t>("taken") > kLastPort) {
    return usage_error("there is no port above 65535");
  }
  return std::unique_ptr<Injector>(std::make_unique<PortInjector>(spec));
}

}  // namespace

const InjectorType& port_injector() {
  static const InjectorType kType{
      &section(),
      "a bind(2) to the port was answered with EADDRINUSE while its caller "
      "waited",
      make};
  return kType;
}

}  // namespace faultrig
