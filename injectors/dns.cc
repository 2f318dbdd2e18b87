// Makes names fail to resolve. A program that asks a resolver connects its own
// socket to port 53 (Go's resolver, and the C library's: both on UDP, and on
// TCP for what was truncated); that connect(2) is shown to us
// (seccomp_unotify(2)) and done for the caller, on its own socket
// (pidfd_getfd(2)), to a socket of ours on loopback. What is not selected goes
// on to the resolver that was meant. No root, no namespace, no
// /etc/resolv.conf. The proof is the question itself: it came, and was
// answered, held or dropped by us. The surprise: a name in /etc/hosts is never
// asked for, and one lookup is many questions: A and AAAA, with each search
// domain, and again after each that failed.
#include <algorithm>
#include <cctype>
#include <utility>

#include "harness/base/units.h"
#include "harness/inject/call_injector.h"
#include "harness/model/dependency.h"
#include "harness/os/socket_address.h"

namespace faultrig {

namespace {

using std::chrono::nanoseconds;

const Section& section() {
  static const Section kSection{
      .name = "dns",
      .summary = "breaks the resolution of names",
      .fields =
          {{.key = "name",
            .kind = Kind::glob,
            .summary = "the name that is asked for, without a last dot; any if "
                       "absent. Search domains make longer ones of it. It is "
                       "the fault's name, too"},
           {.key = "host",
            .kind = Kind::glob,
            .summary = "the same, where the fault has another name"},
           {.key = "type",
            .kind = Kind::choice,
            .summary = "only questions for this type of record",
            .choices = dns_type_names()},
           {.key = "answer",
            .kind = Kind::choice,
            .summary =
                "nxdomain: no such name; empty: nothing of that type; "
                "servfail, refused: the resolver's errors; garbled: a message "
                "that breaks off; truncated: ask over TCP; none: no answer",
            .choices = dns_answer_names()},
           {.key = "address",
            .kind = Kind::text,
            .summary = "questions for addresses are answered with this one, "
                       "of IPv4 or IPv6"},
           {.key = "delay",
            .kind = Kind::duration,
            .summary = "the question reaches the resolver this much later"},
           {.key = "first",
            .kind = Kind::integer,
            .summary = "only the first so many questions meet the fault",
            .least = 1},
           {.key = "server",
            .kind = Kind::text,
            .summary = "only questions to this resolver: HOST:PORT (an "
                       "address, or localhost; `*` matches) or PORT of any "
                       "host; port 53 if absent"}},
      .exactly_one_of = {{"answer", "address", "delay"}},
  };
  return kSection;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return text;
}

void set_answer(DnsFault& what, const Params& params) {
  if (const auto* answer = params.find<std::string>("answer")) {
    what.answer = dns_answer_named(*answer);
  } else if (const auto* address = params.find<std::string>("address")) {
    what.answer = DnsAnswer::address;
    what.address = address_bytes(*address);
  } else {
    what.answer = DnsAnswer::late;
    what.late = params.get<nanoseconds>("delay");
  }
}

// As the kernel writes it: [::1], not [0:0::1].
std::string as_written(const std::string& server) {
  std::size_t colon = server.rfind(':');
  if (!server.starts_with('[') || colon == std::string::npos || colon < 2 ||
      server[colon - 1] != ']') {
    return server;
  }
  std::string bytes = address_bytes(server.substr(1, colon - 2));
  InetAddress address;
  if (bytes.size() != address.bytes.size()) {
    return server;
  }
  std::copy(bytes.begin(), bytes.end(), address.bytes.begin());
  std::string host =
      address.is_v4() ? address.host() : "[" + address.host() + "]";
  return host + server.substr(colon);
}

// A path is no resolver.
std::vector<std::string> resolvers(const std::string& server) {
  bool path = server.find('/') != std::string::npos || server.starts_with('@');
  return path ? std::vector<std::string>{}
              : dependency_peers(as_written(server));
}

DnsFault fault_of(const FaultSpec& spec) {
  const Params& params = spec.fault.params;
  DnsFault what;
  what.fault = spec.id;
  what.peers = resolvers(params.get_or<std::string>("server", "53"));
  std::string name = params.get_or<std::string>("name", "*");
  what.name = lower(params.get_or<std::string>("host", name));
  what.type = dns_type_number(params.get_or<std::string>("type", ""));
  set_answer(what, params);
  what.first = params.get_or("first", std::int64_t{0});
  what.most = spec.most_effects();
  what.active_from_start = spec.from_start();
  return what;
}

class DnsInjector final : public CallInjector {
 public:
  explicit DnsInjector(const FaultSpec& spec)
      : CallInjector(spec), at_(spec.fault.at), what_(fault_of(spec)) {}

  // Sockets come to us from the start on: one that stands may ask later.
  Result<> prepare(Launch& launch) const override {
    launch.needs.emplace_back(kNeedsNotify);
    LinkSetup& link = launch.links[at_];
    link.names.push_back(what_);
    for (const std::string& peer : what_.peers) {
      link.rules.push_back(rule_for("connect", peer));
      link.rules.push_back(rule_for("sendto", peer));
    }
    for (const std::string& path : name_services()) {
      link.rules.push_back(rule_for("connect", path));
    }
    return Ok{};
  }

 private:
  CallRule rule_for(const std::string& call, const std::string& peer) const {
    CallRule rule;
    rule.fault = what_.fault;
    rule.calls = {call};
    rule.action = CallAction::redirect;
    rule.peer = peer;
    rule.test = call == "sendto" ? CallTest::names_peer : CallTest::none;
    return rule;
  }

  Link at_;
  DnsFault what_;
};

// In the text of a name these stand behind a backslash, or for something else.
bool is_odd(unsigned char letter) {
  return letter <= ' ' || letter > '~' ||
         std::string_view("/:\\\"();@$").find(static_cast<char>(letter)) !=
             std::string_view::npos;
}

bool has_long_label(std::string_view name) {
  constexpr std::size_t kMost = 63;  // RFC 1035, 2.3.4
  for (std::size_t at = 0; at <= name.size();) {
    std::size_t end = std::min(name.find('.', at), name.size());
    std::string_view label = name.substr(at, end - at);
    auto stars = std::count(label.begin(), label.end(), '*');
    if (label.size() > kMost + static_cast<std::size_t>(stars)) {
      return true;
    }
    at = end + 1;
  }
  return false;
}

// What a name cannot be would never match.
Result<> check_name(const std::string& name) {
  constexpr std::size_t kMost = 253;
  bool odd = name.empty() || name.size() > kMost ||
             std::any_of(name.begin(), name.end(), is_odd);
  if (odd || name.starts_with('.') || name.find("..") != std::string::npos) {
    return usage_error(
        "name is that of a host as it stands in DNS (db.example.org, "
        "*.example.org; beyond ASCII in its form xn--...)");
  }
  if (name.ends_with('.')) {
    return usage_error("name is written without its last dot");
  }
  if (has_long_label(name)) {
    return usage_error(
        "name has a part of more than 63 letters, and no name in DNS has");
  }
  return Ok{};
}

Result<> check(const DnsFault& what) {
  if (what.peers.empty()) {
    return usage_error(
        "server is HOST:PORT or PORT, as the kernel writes them "
        "(127.0.0.53:53, [fd00::1]:53): say the address of the resolver");
  }
  if (what.name != "*") {
    TRY(check_name(what.name));
  }
  if (what.answer == DnsAnswer::address && what.address.empty()) {
    return usage_error(
        "address is one of IPv4 or IPv6: 192.0.2.1, 2001:db8::1");
  }
  bool addressed =
      what.type == 0 || what.type == kDnsTypeA || what.type == kDnsTypeAaaa;
  if (what.answer == DnsAnswer::address && !addressed) {
    return usage_error("address answers questions of type A and AAAA alone");
  }
  if (what.answer == DnsAnswer::late && what.late < nanoseconds(1)) {
    return usage_error("what is late takes more than nothing");
  }
  if (what.first > 0 && what.most > what.first) {
    return usage_error("first lets " + std::to_string(what.first) +
                       " questions meet it, and until waits for " +
                       std::to_string(what.most) + " effects");
  }
  return Ok{};
}

Result<std::unique_ptr<Injector>> make(const FaultSpec& spec) {
  TRY(check(fault_of(spec)));
  return std::unique_ptr<Injector>(std::make_unique<DnsInjector>(spec));
}

}  // namespace

const InjectorType& dns_injector() {
  static const InjectorType kType{
      &section(),
      "a question of the workload's for the name came, and was answered, held "
      "back or dropped by faultrig",
      make};
  return kType;
}

}  // namespace faultrig
