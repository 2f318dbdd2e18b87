// Takes the network from a link, or packets from its network: it starts in a
// network namespace of its own (network_namespaces(7)), where loopback is up
// and nothing else is, so that no other program meets any of it. `none` is just
// that, and proved by what the kernel counts: packets without a route
// (OutNoRoutes of /proc/net/snmp). `drop`, `reject` and `loss` are rules of
// nf_tables there (nft(8)), proved by their own counters; any address is one of
// that network, so that a server that is not there refuses, and one behind a
// rule is silent. An ordinary user needs user namespaces for it. The surprise:
// 127.0.0.1 is another one, and what listens outside is out of reach.
#include <map>
#include <string_view>

#include "harness/base/whole_number.h"
#include "harness/inject/call_injector.h"
#include "harness/os/socket_address.h"

namespace faultrig {

namespace {

using Parts = std::map<std::string, std::string>;

const Section& section() {
  static const Section kSection{
      .name = "network",
      .summary =
          "a link is alone in a network of its own, or packets in it "
          "do not arrive",
      .fields = {{.key = "none",
                  .kind = Kind::boolean,
                  .summary = "true: it reaches nothing but itself"},
                 {.key = "drop",
                  .kind = Kind::packets,
                  .summary =
                      "packets to this port and address, and from there, do "
                      "not arrive; `to` is an address, or ADDRESS/BITS"},
                 {.key = "reject",
                  .kind = Kind::packets,
                  .summary = "who sends packets there is told that nobody "
                             "takes them: connections are reset, new ones "
                             "refused"},
                 {.key = "loss",
                  .kind = Kind::percent,
                  .summary = "so many of all packets do not arrive"}},
      .exactly_one_of = {{"none", "drop", "reject", "loss"}},
  };
  return kSection;
}

// `ADDRESS` or `ADDRESS/BITS`, as the packets that it means.
Result<> read_host(const std::string& to, PacketFault& packets) {
  std::size_t slash = to.find('/');
  packets.host = address_bytes(to.substr(0, slash));
  int all = static_cast<int>(packets.host.size()) * 8;
  packets.bits = slash == std::string::npos
                     ? all
                     : whole_number<int>(std::string_view(to).substr(slash + 1))
                           .value_or(-1);
  if (packets.host.empty() || packets.bits < 0 || packets.bits > all) {
    return usage_error("'" + to +
                       "' is no address: to takes one of IPv4 or IPv6, or "
                       "ADDRESS/BITS such as 10.0.0.0/8");
  }
  return Ok{};
}

Result<> read_packets(const Parts& parts, PacketFault& packets) {
  if (auto port = parts.find("port"); port != parts.end()) {
    packets.port = static_cast<std::uint16_t>(std::stoi(port->second));
  }
  auto to = parts.find("to");
  return to == parts.end() ? Result<>(Ok{}) : read_host(to->second, packets);
}

Result<OwnNet> net_from(const FaultSpec& spec) {
  const Params& params = spec.fault.params;
  OwnNet net;
  if (params.has("none")) {
    net.cut_off = spec.id;
    return net;
  }
  PacketFault packets;
  packets.fault = spec.id;
  packets.from_start = spec.from_start();
  if (params.has("loss")) {
    packets.fate = PacketFate::lose;
    packets.share = params.get<double>("loss");
  } else {
    bool drop = params.has("drop");
    packets.fate = drop ? PacketFate::drop : PacketFate::reject;
    TRY(read_packets(params.get<Parts>(drop ? "drop" : "reject"), packets));
  }
  net.packets.push_back(packets);
  return net;
}

class NetworkInjector final : public CallInjector {
 public:
  NetworkInjector(const FaultSpec& spec, OwnNet net)
      : CallInjector(spec), at_(spec.fault.at), net_(std::move(net)) {}

  Result<> prepare(Launch& launch) const override {
    launch.needs.emplace_back(net_.is_cut_off() ? kNeedsNetwork
                                                : kNeedsPackets);
    return launch.links[at_].add_network(net_);
  }

  bool can_release() const override { return !net_.is_cut_off(); }

 private:
  Link at_;
  OwnNet net_;
};

Result<std::unique_ptr<Injector>> make(const FaultSpec& spec) {
  const Params& params = spec.fault.params;
  if (params.has("none") && !params.get<bool>("none")) {
    return usage_error("none: false is no fault");
  }
  if (params.has("none") && !spec.from_start()) {
    return usage_error(
        "none is so from the start on: a program enters a network before it "
        "begins");
  }
  if (params.has("loss") && params.get<double>("loss") <= 0) {
    return usage_error("loss of nothing is no fault");
  }
  TRY_ASSIGN(OwnNet net, net_from(spec));
  return std::unique_ptr<Injector>(
      std::make_unique<NetworkInjector>(spec, std::move(net)));
}

}  // namespace

const InjectorType& network_injector() {
  static const InjectorType kType{
      &section(),
      "the kernel's counter rose: of packets that met the rule, or that had no "
      "way out",
      make};
  return kType;
}

}  // namespace faultrig
