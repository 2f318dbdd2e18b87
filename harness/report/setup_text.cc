#include "harness/report/setup_text.h"

#include <fmt/format.h>

#include "harness/base/units.h"

namespace faultrig {

std::string disk_text(const OwnDisk& disk) {
  std::string text = "a disk of its own at " + disk.path;
  text += disk.size == 0 ? "" : ", of " + format_bytes(Bytes{disk.size});
  text += disk.inodes == 0 ? "" : fmt::format(", {} inodes", disk.inodes);
  text += disk.full ? ", full" : "";
  return text + (disk.from_start ? "" : ", later");
}

std::string network_text(const OwnNet& net) {
  std::string alone = "alone in a network of its own";
  return net.is_cut_off() ? alone
                          : alone + ", where any address is its own, too";
}

std::string packets_text(const PacketFault& packets) {
  std::string some =
      (packets.port == 0 ? "" : fmt::format(" of port {}", packets.port)) +
      (packets.host.empty() ? "" : " of its address");
  std::string what =
      packets.fate == PacketFate::drop ? "packets" + some + " are dropped"
      : packets.fate == PacketFate::reject
          ? "packets" + some + " are rejected"
          : fmt::format("{:g}% of its packets are lost", packets.share * 100);
  return what + (packets.from_start ? "" : ", later");
}

std::string cap_text(const CountedCap& cap) {
  std::uint64_t max = cap.max.value_or(0);
  std::string text = cap.controller == Controller::memory
                         ? "memory.high " + format_bytes(Bytes{max})
                     : cap.controller == Controller::pids
                         ? fmt::format("pids.max {} processes and threads", max)
                         : fmt::format("cpu.max {} us of each 100 ms", max);
  return text + (cap.from_start ? "" : ", later");
}

}  // namespace faultrig
