// What comes from the kernel is read as if anybody might have sent it: each
// length is held against what is there.
#include "harness/os/packet_counts.h"

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>

namespace faultrig {

namespace {

// More than the kernel says at once.
constexpr std::size_t kMost = std::size_t{64} * 1024;

// The content of each attribute in these bytes, by its type.
std::multimap<int, std::string_view> attributes_in(std::string_view bytes) {
  std::multimap<int, std::string_view> out;
  nlattr header{};
  while (bytes.size() >= sizeof header) {
    std::memcpy(&header, bytes.data(), sizeof header);
    if (header.nla_len < NLA_HDRLEN || header.nla_len > bytes.size()) {
      break;
    }
    out.emplace(header.nla_type & NLA_TYPE_MASK,
                bytes.substr(NLA_HDRLEN, header.nla_len - NLA_HDRLEN));
    bytes.remove_prefix(
        std::min<std::size_t>(NLA_ALIGN(header.nla_len), bytes.size()));
  }
  return out;
}

std::string_view inside(std::string_view bytes, int type) {
  auto all = attributes_in(bytes);
  auto found = all.find(type);
  return found == all.end() ? std::string_view() : found->second;
}

// Of the counters of one rule, in all.
std::uint64_t packets_in_rule(std::string_view attributes) {
  std::uint64_t sum = 0;
  for (const auto& [type, each] :
       attributes_in(inside(attributes, NFTA_RULE_EXPRESSIONS))) {
    std::string_view name = inside(each, NFTA_EXPR_NAME);
    std::string_view packets =
        inside(inside(each, NFTA_EXPR_DATA), NFTA_COUNTER_PACKETS);
    std::uint64_t big = 0;
    if (name.substr(0, name.find('\0')) == "counter" &&
        packets.size() == sizeof big) {
      std::memcpy(&big, packets.data(), sizeof big);
      sum += __builtin_bswap64(big);
    }
  }
  return sum;
}

// Of the answers to a dump: whether more come.
Result<bool> take_rules(std::string_view bytes,
                        std::optional<std::uint64_t>& sum) {
  nlmsghdr header{};
  while (bytes.size() >= sizeof header) {
    std::memcpy(&header, bytes.data(), sizeof header);
    if (header.nlmsg_len < sizeof header || header.nlmsg_len > bytes.size()) {
      break;
    }
    std::string_view content =
        bytes.substr(NLMSG_HDRLEN, header.nlmsg_len - NLMSG_HDRLEN);
    if (header.nlmsg_type == NLMSG_DONE) {
      return false;
    }
    if (header.nlmsg_type == NLMSG_ERROR) {
      int error = 0;
      std::memcpy(&error, content.data(),
                  std::min(sizeof error, content.size()));
      return system_error("read the counter of a rule of nf_tables", -error);
    }
    if (content.size() >= sizeof(nfgenmsg)) {
      sum = sum.value_or(0) + packets_in_rule(content.substr(sizeof(nfgenmsg)));
    }
    bytes.remove_prefix(
        std::min<std::size_t>(NLMSG_ALIGN(header.nlmsg_len), bytes.size()));
  }
  return true;
}

}  // namespace

Result<std::optional<std::uint64_t>> packets_counted(
    int socket, std::string_view question) {
  if (send(socket, question.data(), question.size(), MSG_DONTWAIT) < 0) {
    return system_error("ask nf_tables for a counter", errno);
  }
  std::string answer(kMost, '\0');
  std::optional<std::uint64_t> sum;
  bool more = true;
  while (more) {
    ssize_t got = recv(socket, answer.data(), answer.size(), MSG_DONTWAIT);
    if (got <= 0) {
      return system_error("read a counter of nf_tables", errno);
    }
    TRY_ASSIGN(more,
               take_rules({answer.data(), static_cast<std::size_t>(got)}, sum));
  }
  return sum;
}

}  // namespace faultrig
