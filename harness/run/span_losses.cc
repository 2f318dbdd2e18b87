// An exporter is a part of the workload, and a fault of the workload's calls,
// packets or descriptors meets it too. What shows whom it met is looked at;
// where nothing does, it may have been the exporter.
#include "harness/run/span_losses.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/base/wait_status.h"
#include "harness/os/socket_address.h"
#include "harness/run/variables.h"

namespace faultrig {

namespace {

constexpr std::string_view kSampler = "OTEL_TRACES_SAMPLER";

std::string lower(std::string_view text) {
  std::string out;
  for (char letter : text) {
    out += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  }
  return out;
}

// Is this URL one of the receiver?
bool leads_to(std::string_view url, int port) {
  constexpr std::array<std::string_view, 2> kHosts{"http://127.0.0.1:",
                                                   "http://localhost:"};
  return std::any_of(kHosts.begin(), kHosts.end(), [&](std::string_view host) {
    std::string ours = std::string(host) + std::to_string(port);
    return url == ours || url.starts_with(ours + "/");
  });
}

bool is_listed(std::string_view list, std::string_view word) {
  while (true) {
    std::size_t comma = std::min(list.find(','), list.size());
    std::string_view one = list.substr(0, comma);
    one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
    if (one.substr(0, one.find_last_not_of(' ') + 1) == word) {
      return true;
    }
    if (comma == list.size()) {
      return false;
    }
    list.remove_prefix(comma + 1);
  }
}

std::string set_already(const std::vector<std::string>& env,
                        std::string_view name) {
  return std::string(name) + " is set already, to " +
         std::string(value_in(env, name));
}

bool is_of_exporters(const std::string& call) {
  constexpr std::array<std::string_view, 18> kCalls{
      "socket",   "connect",  "sendto",     "sendmsg",     "sendmmsg",
      "write",    "writev",   "read",       "readv",       "recvfrom",
      "recvmsg",  "recvmmsg", "getsockopt", "getpeername", "getsockname",
      "shutdown", "fcntl",    "epoll_ctl"};
  return std::find(kCalls.begin(), kCalls.end(), call) != kCalls.end();
}

// Of which an exporter makes use, and whose other side may be unknown.
bool may_export(const Observation& call) {
  bool other = !call.fd.empty() && call.fd.find("socket") == call.fd.npos;
  return !other && call.path.empty() && is_of_exporters(call.call);
}

std::string why_call_ate(const Observation& call, int port) {
  if (call.action == "observe" || call.action == "redirect") {
    return "";
  }
  if (!call.peers) {
    return may_export(call) ? "a fault met " + for_one_line(call.call) +
                                  ", perhaps of the exporter's: say `peer`, "
                                  "`fd` or `path`"
                            : "";
  }
  bool ours = std::any_of(
      call.peers->begin(), call.peers->end(),
      [&](const std::string& peer) { return is_receiver(peer, port); });
  return ours ? "a fault met " + for_one_line(call.call) + " of the exporter's"
              : "";
}

// Can packets of the receiver's be among those? Where a host is one of many, it
// may be.
bool is_met(const PacketFault& packets, int port) {
  bool one = packets.bits == static_cast<int>(packets.host.size()) * 8;
  bool other_port = packets.port != 0 && packets.port != port;
  bool other_host = one && !packets.host.empty() &&
                    packets.host != address_bytes("127.0.0.1");
  return !other_port && !other_host;
}

// Can this fault have taken packets of the receiver's? One that cuts a network
// off takes none: they stay within it.
bool takes_packets(const Launch& launch, FaultId fault, int port) {
  return std::any_of(
      launch.links.begin(), launch.links.end(), [&](const auto& link) {
        const std::optional<OwnNet>& network = link.second.network;
        return network &&
               std::any_of(network->packets.begin(), network->packets.end(),
                           [&](const PacketFault& one) {
                             return one.fault == fault && is_met(one, port);
                           });
      });
}

}  // namespace

std::string kept_back(const std::vector<std::string>& env, int port) {
  constexpr std::string_view kOfTraces = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
  std::string_view said =
      value_in(env, kOfTraces).empty() ? kSpansEndpoint : kOfTraces;
  std::string_view url = value_in(env, said);
  if (!url.empty() && !leads_to(url, port)) {
    return "they go elsewhere: " + set_already(env, said);
  }
  std::string_view exporter = value_in(env, "OTEL_TRACES_EXPORTER");
  if (!exporter.empty() && !is_listed(exporter, "otlp")) {
    return "they go elsewhere: " + set_already(env, "OTEL_TRACES_EXPORTER");
  }
  if (lower(value_in(env, "OTEL_SDK_DISABLED")) == "true") {
    return "they go nowhere: OTEL_SDK_DISABLED is set";
  }
  std::string_view sampler = value_in(env, kSampler);
  bool all = sampler.empty() || sampler == "always_on" ||
             sampler == "parentbased_always_on";
  return all ? "" : "not all are sampled: " + set_already(env, kSampler);
}

std::string why_lost(const Ended& ended) {
  WaitStatus status(ended.status);
  if (status.killed()) {
    return signal_name(status.signal()) +
           " ends it with what its exporter still held";
  }
  // A test binary whose tests failed says so, last; os.Exit and log.Fatal say
  // nothing, and a panic exits 2.
  int code = status.exit_code();
  bool failed = ended.listened && code == 1 && ended.last_word == "FAIL";
  return code == 0 || failed
             ? ""
             : "it exited " + std::to_string(code) +
                   ", and may have taken along what its exporter held";
}

bool is_receiver(const std::string& address, int port) {
  return address == "127.0.0.1:" + std::to_string(port) ||
         address == "0.0.0.0:" + std::to_string(port) ||
         address == "[::ffff:127.0.0.1]:" + std::to_string(port);
}

std::string why_eaten(const Observation& seen, const Launch& launch, int port) {
  if (seen.fault == kNoFault) {
    return "";
  }
  if (seen.fact == Fact::call_intercepted) {
    return why_call_ate(seen, port);
  }
  if (seen.fact == Fact::limit_hit && !seen.call.empty()) {
    return "the exporter may have got no descriptor for its connection";
  }
  bool packets = seen.fact == Fact::fault_activated &&
                 takes_packets(launch, seen.fault, port);
  return packets ? "theirs may be among the packets that a fault took" : "";
}

std::string why_eaten_unseen(const Launch& launch) {
  for (const auto& [link, setup] : launch.links) {
    for (const CallRule& rule : setup.rules) {
      auto call =
          std::find_if(rule.calls.begin(), rule.calls.end(), is_of_exporters);
      if (rule.in_kernel && rule.action == CallAction::error &&
          call != rule.calls.end()) {
        return "each " + *call +
               " meets a fault in the kernel, the exporter's too";
      }
    }
  }
  return "";
}

}  // namespace faultrig
