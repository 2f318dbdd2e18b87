#include "harness/os/network_counters.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/text.h"
#include "harness/base/tsv.h"
#include "harness/base/whole_number.h"

namespace faultrig {

namespace {

constexpr std::size_t kMost = std::size_t{64} * 1024;

}  // namespace

// In snmp two lines, `Udp: InDatagrams NoPorts` and `Udp: 1 2`; in snmp6 one,
// `Udp6NoPorts   2`, which is read as if its names stood above it.
std::optional<std::uint64_t> counter_in(std::string_view content,
                                        const std::string& protocol,
                                        const std::string& name) {
  const std::string alone = protocol + "6" + name;
  const std::string pair = protocol + ":";
  std::vector<std::string> names{alone, name};
  for (std::string_view line : lines_of(content)) {
    if (!line.starts_with(alone) && !line.starts_with(pair)) {
      continue;
    }
    std::vector<std::string> words = words_of(line);
    auto at = static_cast<std::size_t>(
        std::find(names.begin(), names.end(), name) - names.begin());
    if (words.front() == names.front() && at < words.size() &&
        at < names.size()) {
      return whole_number<std::uint64_t>(words[at]);
    }
    names = std::move(words);
  }
  return std::nullopt;
}

Result<std::uint64_t> packets_without_route(const Fd& file) {
  std::string content(kMost, '\0');
  ssize_t got = pread(file.get(), content.data(), content.size(), 0);
  if (got < 0) {
    return system_error("read the counters of a network", errno);
  }
  content.resize(static_cast<std::size_t>(got));
  return counter_in(content, "Ip", "OutNoRoutes").value_or(0);
}

std::optional<std::uint64_t> refused_datagrams(const Network& network) {
  auto read = [&](const char* path) {
    auto content =
        within(network, [&] { return read_file(AT_FDCWD, path, kMost); });
    return content ? counter_in(*content, "Udp", "NoPorts") : std::nullopt;
  };
  auto four = read("/proc/thread-self/net/snmp");
  auto six = read("/proc/thread-self/net/snmp6");
  return four ? std::optional(*four + six.value_or(0)) : std::nullopt;
}

}  // namespace faultrig
