// Questions are read by the C library's own resolver (ns_initparse(3) in
// <arpa/nameser.h>, libresolv), which has read what strangers send for decades.
// An answer is the query's own question, and behind it no more than a record.
#include "harness/run/dns_message.h"

#include <arpa/nameser.h>
#include <resolv.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace faultrig {

namespace {

constexpr std::size_t kHead = 12;
constexpr std::size_t kTypeAndClass = 4;
constexpr std::size_t kCounts = 4;  // where they begin, of questions first
constexpr std::string_view kOneQuestion("\0\1\0\0", 4);  // no answer to it

const unsigned char* begin_of(std::string_view message) {
  return reinterpret_cast<const unsigned char*>(message.data());
}

std::string two_bytes(unsigned number) {
  return {static_cast<char>(number >> 8U), static_cast<char>(number & 0xffU)};
}

// The head and the question, as the client wrote it: a pattern of capitals in
// it is to come back.
std::string answered_head(std::string_view query, unsigned code, bool cut) {
  const unsigned char* at = begin_of(query);
  int name = dn_skipname(at + kHead, at + query.size());
  std::string out(query.substr(
      0, kHead + static_cast<std::size_t>(std::max(name, 0)) + kTypeAndClass));
  auto flags = static_cast<unsigned char>(query[2]);
  unsigned kept = flags & 0x79U;  // opcode, recursion desired
  out[2] = static_cast<char>(0x80U | kept | (cut ? 0x02U : 0U));
  out[3] = static_cast<char>(0x80U | code);
  std::fill(out.begin() + 6, out.begin() + kHead, '\0');
  return out;
}

// Nobody keeps it: its time to live is 0.
std::string record(int type, const std::string& bytes) {
  return two_bytes(0xc000U | kHead) + two_bytes(static_cast<unsigned>(type)) +
         two_bytes(ns_c_in) + std::string(4, '\0') +
         two_bytes(static_cast<unsigned>(bytes.size())) + bytes;
}

// Who is asked in EDNS answers in EDNS (RFC 6891, 6.1.1).
std::string extension() {
  constexpr unsigned kRoom = 1232;
  return '\0' + two_bytes(ns_t_opt) + two_bytes(kRoom) + std::string(6, '\0');
}

unsigned code_of(DnsAnswer answer) {
  switch (answer) {
    case DnsAnswer::nxdomain:
      return ns_r_nxdomain;
    case DnsAnswer::servfail:
      return ns_r_servfail;
    case DnsAnswer::refused:
      return ns_r_refused;
    default:
      return ns_r_noerror;
  }
}

// A dot in a label, `\.` as ns_name_ntop(3) writes it, is none between labels:
// its number (RFC 1035, 5.1) is no dot for a pattern either.
std::string without_dots_in_labels(std::string_view name) {
  std::string out;
  for (std::size_t at = 0; at < name.size(); ++at) {
    bool escape = name[at] == '\\' && at + 1 < name.size();
    if (escape && name[at + 1] == '.') {
      out += "\\046";
      ++at;
    } else if (escape) {
      out += name.substr(at++, 2);
    } else {
      out += name[at];
    }
  }
  return out;
}

bool has_extension(ns_msg& parsed) {
  ns_rr record;
  for (int i = 0; i < ns_msg_count(parsed, ns_s_ar); ++i) {
    if (ns_parserr(&parsed, ns_s_ar, i, &record) == 0 &&
        ns_rr_type(record) == ns_t_opt) {
      return true;
    }
  }
  return false;
}

// No answer, opcode 0; one question.
bool is_query(std::string_view message) {
  return message.size() >= kHead &&
         (static_cast<unsigned char>(message[2]) & 0xf8U) == 0 &&
         message.substr(kCounts, kOneQuestion.size()) == kOneQuestion;
}

// Can a message that asks something begin so? One zone or question; or none, in
// an otherwise empty message (RFC 7873, 5.4, and RFC 8490).
bool may_be_request(std::string_view beginning) {
  constexpr std::string_view kNone("\0\0\0\0\0\0\0", 7);
  constexpr std::string_view kOne("\0\1", 2);
  constexpr std::array<unsigned, 4> kOperations{ns_o_query, ns_o_notify,
                                                ns_o_update, 6};
  if (beginning.size() <= 2) {
    return true;
  }
  unsigned operation = static_cast<unsigned char>(beginning[2]) >> 3U & 0x0fU;
  std::string_view counts =
      beginning.substr(std::min(kCounts, beginning.size()));
  auto begins = [&](std::string_view with) {
    return counts.substr(0, with.size()) == with.substr(0, counts.size());
  };
  bool known = std::find(kOperations.begin(), kOperations.end(), operation) !=
               kOperations.end();
  return known && (begins(kNone) ||
                   begins(operation == ns_o_query ? kOneQuestion : kOne));
}

}  // namespace

std::optional<DnsQuestion> dns_question(std::string_view message) {
  ns_msg parsed;
  ns_rr asked;
  if (message.size() > NS_MAXMSG || !is_query(message) ||
      ns_initparse(begin_of(message), static_cast<int>(message.size()),
                   &parsed) != 0 ||
      ns_parserr(&parsed, ns_s_qd, 0, &asked) != 0 ||
      ns_rr_class(asked) != ns_c_in) {
    return std::nullopt;
  }
  DnsQuestion out;
  out.name = without_dots_in_labels(ns_rr_name(asked));
  std::transform(
      out.name.begin(), out.name.end(), out.name.begin(),
      [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  out.type = ns_rr_type(asked);
  out.extended = has_extension(parsed);
  return out;
}

std::string dns_reply(std::string_view query, const DnsQuestion& question,
                      const DnsFault& fault) {
  using Answer = DnsAnswer;
  if (fault.answer == Answer::none || fault.answer == Answer::late) {
    return "";
  }
  bool cut = fault.answer == Answer::truncated;
  std::string out = answered_head(query, code_of(fault.answer), cut);
  if (is_answered_with_address(question, fault)) {
    out[7] = 1;
    out += record(question.type, fault.address);
  }
  if (fault.answer == Answer::garbled) {
    constexpr std::size_t kBroken = 5;
    out[7] = 1;
    out += record(question.type, "").substr(0, kBroken);
  } else if (question.extended) {
    out[11] = 1;
    out += extension();
  }
  return out;
}

bool is_answered_with_address(const DnsQuestion& question,
                              const DnsFault& fault) {
  constexpr std::size_t kFour = 4;
  bool four = fault.address.size() == kFour;
  return fault.answer == DnsAnswer::address &&
         question.type == (four ? kDnsTypeA : kDnsTypeAaaa);
}

bool is_good_dns_answer(std::string_view message) {
  constexpr unsigned kCut = 0x02;
  constexpr unsigned kCode = 0x0f;
  if (message.size() < kHead) {
    return false;
  }
  unsigned code = static_cast<unsigned char>(message[3]) & kCode;
  return (static_cast<unsigned char>(message[2]) & kCut) == 0 &&
         (code == ns_r_noerror || code == ns_r_nxdomain);
}

bool begins_dns_stream(std::string_view bytes) {
  constexpr std::size_t kLength = 2;
  if (bytes.size() < kLength) {
    return true;
  }
  unsigned length = static_cast<unsigned char>(bytes[0]) << 8U |
                    static_cast<unsigned char>(bytes[1]);
  return length >= kHead && may_be_request(bytes.substr(kLength));
}

}  // namespace faultrig
