#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/scenario.h"

namespace faultrig {

// What becomes of a question to DNS.
enum class DnsAnswer {
  nxdomain,   // there is no such name
  empty,      // there is, with nothing of the type that was asked for
  servfail,   // the resolver could not find out
  refused,    // it does not want to
  garbled,    // a message that breaks off in the middle
  truncated,  // over UDP: ask again over TCP
  none,       // it never comes
  address,    // `address`, whatever is true
  late,       // the resolver's own, `late` later
};
// As a scenario names it, up to `none`.
std::string_view dns_answer_name(DnsAnswer answer);
const std::vector<std::string_view>& dns_answer_names();
// The one of this name, which has to be one of these.
DnsAnswer dns_answer_named(std::string_view name);

// The number of a type of record (RFC 1035, 3.2.2) that faults know by name; 0:
// none. Its name; of others as in RFC 3597: `TYPE65280`.
int dns_type_number(std::string_view name);
std::string dns_type_name(int number);
const std::vector<std::string_view>& dns_type_names();
constexpr int kDnsTypeA = 1;
constexpr int kDnsTypeAaaa = 28;

// Sockets of unix(7) at which the C library has names looked up elsewhere
// before it asks a resolver itself: systemd-resolved's (nss-resolve(8)) and
// nscd(8)'s.
const std::vector<std::string>& name_services();

// A question, as faults see it.
struct DnsQuestion {
  std::string name;  // in small letters, without the last dot; the root: `.`
  int type = 0;
  bool extended = false;  // it speaks EDNS (RFC 6891)
  std::string text() const { return name + " " + dns_type_name(type); }
};

// One fault of that kind, resolved.
struct DnsFault {
  FaultId fault = kNoFault;
  std::vector<std::string> peers;  // globs of resolvers' addresses
  std::string name = "*";          // glob, in small letters
  int type = 0;                    // 0: any
  DnsAnswer answer = DnsAnswer::none;
  std::string address;  // 4 or 16 bytes, as on the wire
  std::chrono::nanoseconds late{0};
  std::int64_t first = 0;  // questions that meet it; 0: all
  std::int64_t most = 0;   // as CallRule::most
  bool active_from_start = true;

  // Is it about this question? What has an address is about addresses, and
  // what asks for TCP is about UDP.
  bool is_about(const DnsQuestion& question, bool stream) const;
};

}  // namespace faultrig
