// Makes what a workload depends on refuse, hang, break, crawl or lie, without
// touching it. Each connect(2) to its address is shown to us
// (seccomp_unotify(2)) and done for the caller, on its own socket
// (pidfd_getfd(2)), to a listener of ours on loopback, from where its bytes go
// on to the real thing, until the fault is active. No root, no namespace, no
// setting of the program's. The proof is what we did to a connection of the
// workload's. The surprise: connect(2) to a server that hangs succeeds, since a
// kernel answers it.
#include <map>
#include <string>
#include <utility>

#include "harness/inject/call_injector.h"

namespace faultrig {

namespace {

using Reply = std::map<std::string, std::string>;

const Section& section() {
  static const Section kSection{
      .name = "dependency",
      .summary = "breaks connections to what the workload depends on",
      .fields =
          {{.key = "to",
            .kind = Kind::text,
            .summary = "its address: HOST:PORT (an address, or localhost; `*` "
                       "matches), PORT of any host, or the path of a socket",
            .required = true},
           {.key = "does",
            .kind = Kind::choice,
            .summary =
                "refuse: connect(2) fails, what stood is reset; hang: nothing "
                "is passed on; reset: what stands is reset, and what comes "
                "later at its first byte",
            .choices = {"refuse", "hang", "reset"}},
           {.key = "slow",
            .kind = Kind::duration,
            .summary = "its answers come this much later"},
           {.key = "bandwidth",
            .kind = Kind::size,
            .summary = "so much a second, of each connection, each way"},
           {.key = "cut",
            .kind = Kind::size,
            .summary = "after so much of an answer a connection ends"},
           {.key = "answer",
            .kind = Kind::reply,
            .summary = "each request of HTTP/1.1 is answered so, and never "
                       "reaches it"},
           {.key = "connections",
            .kind = Kind::integer,
            .summary = "one more than so many at once is refused",
            .least = 0},
           {.key = "first",
            .kind = Kind::integer,
            .summary = "only the first so many connections meet the fault",
            .least = 1}},
      .exactly_one_of = {{"does", "slow", "bandwidth", "cut", "answer",
                          "connections"}},
  };
  return kSection;
}

Dependency dependency_of(const FaultSpec& spec) {
  Dependency what;
  what.fault = spec.id;
  what.peers = dependency_peers(spec.fault.params.get<std::string>("to"));
  DependencyDeed deed = deed_of(spec.fault.params);
  what.mode = deed.mode;
  what.number = deed.number;
  if (const auto* answer = spec.fault.params.find<Reply>("answer")) {
    auto body = answer->find("body");
    what.body = body == answer->end() ? "" : body->second;
  }
  what.first = spec.fault.params.get_or("first", std::int64_t{0});
  what.most = spec.most_effects();
  what.active_from_start = spec.from_start();
  return what;
}

class DependencyInjector final : public CallInjector {
 public:
  explicit DependencyInjector(const FaultSpec& spec)
      : CallInjector(spec), at_(spec.fault.at), what_(dependency_of(spec)) {}

  // Connections come to us from the start on: those that a pool keeps are to
  // suffer, too.
  Result<> prepare(Launch& launch) const override {
    launch.needs.emplace_back(kNeedsNotify);
    LinkSetup& link = launch.links[at_];
    link.dependencies.push_back(what_);
    for (const std::string& peer : what_.peers) {
      CallRule rule;
      rule.fault = what_.fault;
      rule.calls = {"connect"};
      rule.action = CallAction::redirect;
      rule.peer = peer;
      link.rules.push_back(std::move(rule));
    }
    return Ok{};
  }

 private:
  Link at_;
  Dependency what_;
};

Result<std::unique_ptr<Injector>> make(const FaultSpec& spec) {
  Dependency what = dependency_of(spec);
  if (what.peers.empty()) {
    return usage_error(
        "to is HOST:PORT, PORT or the path of a socket, as the kernel writes "
        "them (127.0.0.1:80, [::1]:80, /run/x.sock); connect(2) shows no "
        "names: say the address of the host, or the port alone");
  }
  bool number = what.mode == DependencyMode::slow ||
                what.mode == DependencyMode::bandwidth;
  if (number && what.number < 1) {
    return usage_error("what is slow takes more than nothing");
  }
  if (what.mode == DependencyMode::hang && what.most > 0) {
    return usage_error(
        "what hangs until its last effect is let go in the moment in which it "
        "is held: say after beside effects");
  }
  if (what.first > 0 && what.most > what.first &&
      what.mode != DependencyMode::answer) {
    return usage_error("first lets " + std::to_string(what.first) +
                       " connections meet it, and until waits for " +
                       std::to_string(what.most) + " effects");
  }
  return std::unique_ptr<Injector>(std::make_unique<DependencyInjector>(spec));
}

}  // namespace

const InjectorType& dependency_injector() {
  static const InjectorType kType{
      &section(),
      "a connect(2) of the workload was refused, or bytes of a connection of "
      "its were held, delayed, cut, answered or met with a reset, by faultrig",
      make};
  return kType;
}

}  // namespace faultrig
