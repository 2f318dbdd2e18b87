#include "harness/campaign/asked_port.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "harness/model/http_target.h"
#include "harness/sweep/instants.h"

namespace faultrig {

namespace {

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

// 8080 stands in `:8080` and in `--port=8080`, but not in `18080`.
bool has_number(std::string_view text, std::string_view number) {
  for (std::size_t at = text.find(number); at != text.npos;
       at = text.find(number, at + 1)) {
    std::size_t end = at + number.size();
    bool before = at > 0 && is_digit(text[at - 1]);
    bool after = end < text.size() && is_digit(text[end]);
    if (!before && !after) {
      return true;
    }
  }
  return false;
}

bool stays(const ShutdownAsk& ask, int port) {
  const std::vector<std::string>& words = ask.asked.command;
  return port < kFirstChosenPort ||
         std::any_of(words.begin(), words.end(), [port](const auto& word) {
           return has_number(word, std::to_string(port));
         });
}

}  // namespace

AskedPort asked_port(const ShutdownAsk& ask, const Recording& recording) {
  std::vector<int> ports = listened_ports(recording);
  auto target = parse_target(ask.url);
  if (ports.size() < 2 || !target || target->port != 0) {
    return {};
  }
  std::erase_if(ports, [&](int port) { return !stays(ask, port); });
  if (std::find(ports.begin(), ports.end(), recording.port) != ports.end()) {
    return {recording.port, false};
  }
  bool may = !ports.empty() && recording.how == "http";
  return may ? AskedPort{*std::min_element(ports.begin(), ports.end()), true}
             : AskedPort{};
}

std::string at_port(const std::string& url, std::int64_t port) {
  auto target = parse_target(url);
  bool wanted = port != 0 && target && target->port == 0;
  return wanted ? fmt::format("{}:{}{}", target->tls ? "https://" : "", port,
                              target->path)
                : url;
}

}  // namespace faultrig
