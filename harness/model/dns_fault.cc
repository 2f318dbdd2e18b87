#include "harness/model/dns_fault.h"

#include <algorithm>
#include <array>
#include <utility>

#include "harness/base/text.h"
#include "harness/model/peer.h"

namespace faultrig {

namespace {

constexpr std::array<std::string_view, 9> kAnswers{
    "nxdomain",  "empty", "servfail", "refused", "garbled",
    "truncated", "none",  "address",  "late"};
constexpr std::size_t kNamed = 7;  // those without a value of their own

constexpr std::array<std::pair<std::string_view, int>, 10> kTypes{{
    {"A", kDnsTypeA},
    {"AAAA", kDnsTypeAaaa},
    {"CNAME", 5},
    {"HTTPS", 65},
    {"MX", 15},
    {"NS", 2},
    {"PTR", 12},
    {"SOA", 6},
    {"SRV", 33},
    {"TXT", 16},
}};

}  // namespace

std::string_view dns_answer_name(DnsAnswer answer) {
  return kAnswers[static_cast<std::size_t>(answer)];
}

const std::vector<std::string_view>& dns_answer_names() {
  static const std::vector<std::string_view> kNames(kAnswers.begin(),
                                                    kAnswers.begin() + kNamed);
  return kNames;
}

DnsAnswer dns_answer_named(std::string_view name) {
  const auto* found = std::find(kAnswers.begin(), kAnswers.end(), name);
  return static_cast<DnsAnswer>(found - kAnswers.begin());
}

int dns_type_number(std::string_view name) {
  const auto* found =
      std::find_if(kTypes.begin(), kTypes.end(),
                   [&](const auto& one) { return one.first == name; });
  return found == kTypes.end() ? 0 : found->second;
}

std::string dns_type_name(int number) {
  const auto* found =
      std::find_if(kTypes.begin(), kTypes.end(),
                   [&](const auto& one) { return one.second == number; });
  return found == kTypes.end() ? "TYPE" + std::to_string(number)
                               : std::string(found->first);
}

const std::vector<std::string_view>& dns_type_names() {
  static const std::vector<std::string_view> kNames = [] {
    std::vector<std::string_view> names;
    names.reserve(kTypes.size());
    for (const auto& [name, number] : kTypes) {
      names.emplace_back(name);
    }
    return names;
  }();
  return kNames;
}

const std::vector<std::string>& name_services() {
  static const std::vector<std::string> kPaths{
      "/run/systemd/resolve/io.systemd.Resolve", "/var/run/nscd/socket",
      "/run/nscd/socket"};
  return kPaths;
}

bool DnsFault::is_about(const DnsQuestion& question, bool stream) const {
  bool wants_address =
      question.type == kDnsTypeA || question.type == kDnsTypeAaaa;
  return (type == 0 || type == question.type) &&
         (answer != DnsAnswer::address || wants_address) &&
         (answer != DnsAnswer::truncated || !stream) &&
         glob_match(literal_brackets(name), question.name);
}

}  // namespace faultrig
