#include "harness/os/refused_datagrams.h"

#include <fcntl.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/fd.h"

namespace faultrig {

namespace {

// Of `Udp: InDatagrams NoPorts ...` and `Udp: 1 2 ...`, two lines.
std::optional<std::uint64_t> no_ports_in(const std::string& table) {
  std::istringstream lines(table);
  std::vector<std::string> names;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("Udp: ")) {
      continue;
    }
    std::istringstream words(line);
    std::vector<std::string> found;
    for (std::string word; words >> word;) {
      found.push_back(word);
    }
    auto at = static_cast<std::size_t>(
        std::find(names.begin(), names.end(), "NoPorts") - names.begin());
    if (at < names.size() && at < found.size()) {
      return std::strtoull(found[at].c_str(), nullptr, 10);
    }
    names = std::move(found);
  }
  return std::nullopt;
}

// `Udp6NoPorts   3`, a line; none where there is no IPv6.
std::uint64_t no_ports_of_ipv6(const std::string& table) {
  constexpr std::string_view kName = "Udp6NoPorts";
  std::size_t at = table.find(kName);
  return at == std::string::npos
             ? 0
             : std::strtoull(table.c_str() + at + kName.size(), nullptr, 10);
}

}  // namespace

std::optional<std::uint64_t> refused_datagrams(const Network& network) {
  constexpr std::size_t kMost = 64 << 10;
  auto read = [&](const char* path) {
    return within(network, [&] { return read_file(AT_FDCWD, path, kMost); });
  };
  auto four = read("/proc/thread-self/net/snmp");
  auto told = four ? no_ports_in(*four) : std::nullopt;
  auto six = read("/proc/thread-self/net/snmp6");
  return told ? std::optional(*told + (six ? no_ports_of_ipv6(*six) : 0))
              : std::nullopt;
}

}  // namespace faultrig
