// nf_tables without its library: libnftables opens sockets of its own, in the
// namespaces of its caller, while an ordinary user's rules have to go through
// one that was opened in the user namespace of its child; libnftnl leans on
// libmnl, of which Debian has no archive to link statically. What is left of
// either is this file, netlink_orders.cc and packet_expressions.cc
// (linux/netfilter/nf_tables.h, and `nft --debug=netlink` shows how nft(8) says
// the same).
//
// Packets are looked at where they come in: whatever is in such a network comes
// in over loopback, and a packet that is dropped on its way out is told to a
// sender of UDP (EPERM), as no network tells it.
//
// A base chain selects and goes to a second one, which counts and decides. So
// the first can be emptied, and what the second has counted read in peace.
#include "harness/os/packet_rules.h"

#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <string_view>

#include "harness/os/netlink_orders.h"
#include "harness/os/packet_expressions.h"

namespace faultrig {

namespace {

constexpr const char* kSelects = "in";
constexpr const char* kDecides = "met";
constexpr std::size_t kFour = 4;  // bytes of an address of IPv4

std::string nf_header(std::uint8_t family, std::uint16_t resource = 0) {
  nfgenmsg header{family, NFNETLINK_V0, htons(resource)};
  return {reinterpret_cast<const char*>(&header), sizeof header};
}

constexpr std::uint16_t of_nf_tables(int message) {
  return static_cast<std::uint16_t>(NFNL_SUBSYS_NFTABLES << 8 | message);
}

class RuleOrders {
 public:
  RuleOrders() {
    orders_.message(NFNL_MSG_BATCH_BEGIN, 0,
                    nf_header(AF_UNSPEC, NFNL_SUBSYS_NFTABLES));
  }

  std::string take() {
    orders_.message(NFNL_MSG_BATCH_END, 0,
                    nf_header(AF_UNSPEC, NFNL_SUBSYS_NFTABLES));
    return orders_.take();
  }

  // What follows is about this one.
  RuleOrders& about(const PacketRule& rule) {
    rule_ = &rule;
    return *this;
  }

  void make_table() {
    order(NFT_MSG_NEWTABLE, NLM_F_CREATE);
    orders_.text(NFTA_TABLE_NAME, rule_->table);
  }

  void remove_table() {
    order(NFT_MSG_DELTABLE, 0);
    orders_.text(NFTA_TABLE_NAME, rule_->table);
  }

  void make_chains() {
    order(NFT_MSG_NEWCHAIN, NLM_F_CREATE);
    orders_.text(NFTA_CHAIN_TABLE, rule_->table);
    orders_.text(NFTA_CHAIN_NAME, kDecides);
    order(NFT_MSG_NEWCHAIN, NLM_F_CREATE);
    orders_.text(NFTA_CHAIN_TABLE, rule_->table);
    orders_.text(NFTA_CHAIN_NAME, kSelects);
    orders_.nest(NFTA_CHAIN_HOOK, [&] {
      orders_.number(NFTA_HOOK_HOOKNUM, NF_INET_LOCAL_IN);
      orders_.number(NFTA_HOOK_PRIORITY, 0);
    });
    orders_.text(NFTA_CHAIN_TYPE, "filter");
  }

  void empty_selection() {
    order(NFT_MSG_DELRULE, 0);
    orders_.text(NFTA_RULE_TABLE, rule_->table);
    orders_.text(NFTA_RULE_CHAIN, kSelects);
  }

  void decide() {
    if (rule_->fate == PacketRule::Fate::reject) {
      decide_to_reject();
      return;
    }
    add_rule(kDecides, [&] {
      if (rule_->fate == PacketRule::Fate::lose) {
        packet_.is_drawn(rule_->share);
      }
      packet_.count();
      packet_.verdict(NF_DROP, nullptr);
    });
  }

  void select() {
    for (bool back : {false, true}) {
      if (!back || is_both_ways()) {
        select(back);
      }
    }
  }

 private:
  // A packet that names neither is one that comes in, whoever sent it.
  bool is_both_ways() const {
    return rule_->fate != PacketRule::Fate::reject &&
           (rule_->port != 0 || !rule_->host.empty());
  }

  // What says no is let through: where both ends have the same address, it
  // comes to that one too.
  void decide_to_reject() {
    add_rule(kDecides, [&] {
      constexpr std::uint32_t kFlags = 13;  // where TCP has them
      packet_.meta_is(NFT_META_L4PROTO, IPPROTO_TCP);
      packet_.load(NFT_PAYLOAD_TRANSPORT_HEADER, kFlags, 1);
      packet_.apply(std::string(1, TH_RST));
      packet_.is(std::string(1, '\0'));
      packet_.count();
      packet_.reject(NFT_REJECT_TCP_RST);
    });
    add_rule(kDecides, [&] {
      packet_.meta_is(NFT_META_L4PROTO, IPPROTO_UDP);
      packet_.count();
      packet_.reject(NFT_REJECT_ICMPX_UNREACH);
    });
  }

  void select(bool back) {
    if (rule_->port == 0) {
      add_rule(kSelects, [&] { select_host(back); });
      return;
    }
    for (int protocol : {IPPROTO_TCP, IPPROTO_UDP}) {
      add_rule(kSelects, [&] {
        packet_.meta_is(NFT_META_L4PROTO, protocol);
        std::uint16_t port = htons(rule_->port);
        packet_.load(NFT_PAYLOAD_TRANSPORT_HEADER, back ? 0 : 2, sizeof port);
        packet_.is({reinterpret_cast<const char*>(&port), sizeof port});
        select_host(back);
      });
    }
  }

  // Ends a selection, too.
  void select_host(bool back) {
    if (!rule_->host.empty()) {
      bool four = rule_->host.size() == kFour;
      packet_.meta_is(NFT_META_NFPROTO, four ? NFPROTO_IPV4 : NFPROTO_IPV6);
      std::uint32_t at = four ? (back ? 12 : 16) : (back ? 8 : 24);
      packet_.load(NFT_PAYLOAD_NETWORK_HEADER, at, rule_->host.size());
      std::string mask = mask_of();
      std::string network = rule_->host;
      for (std::size_t i = 0; i < mask.size(); ++i) {
        network[i] = static_cast<char>(network[i] & mask[i]);
      }
      packet_.apply(mask);
      packet_.is(network);
    }
    packet_.verdict(NFT_GOTO, kDecides);
  }

  std::string mask_of() const {
    std::string mask(rule_->host.size(), '\0');
    for (int bit = 0; bit < rule_->bits; ++bit) {
      auto byte = static_cast<std::size_t>(bit / 8);
      mask[byte] = static_cast<char>(mask[byte] | (0x80 >> (bit % 8)));
    }
    return mask;
  }

  void order(int message, int flags) {
    orders_.message(of_nf_tables(message),
                    static_cast<std::uint16_t>(flags | NLM_F_ACK),
                    nf_header(NFPROTO_INET));
  }

  void add_rule(const char* chain, const NetlinkOrders::Inner& expressions) {
    order(NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND);
    orders_.text(NFTA_RULE_TABLE, rule_->table);
    orders_.text(NFTA_RULE_CHAIN, chain);
    orders_.nest(NFTA_RULE_EXPRESSIONS, expressions);
  }

  NetlinkOrders orders_;
  PacketExpressions packet_{orders_};
  const PacketRule* rule_ = nullptr;
};

}  // namespace

std::string orders_to_set(const std::vector<PacketRule>& rules) {
  RuleOrders orders;
  for (const PacketRule& rule : rules) {
    orders.about(rule).make_table();
    orders.make_chains();
    orders.decide();
    orders.select();
  }
  return orders.take();
}

std::string orders_to_stop(const PacketRule& rule) {
  RuleOrders orders;
  orders.about(rule).empty_selection();
  return orders.take();
}

std::string orders_to_remove(const PacketRule& rule) {
  RuleOrders orders;
  orders.about(rule).remove_table();
  return orders.take();
}

std::string question_for(const PacketRule& rule) {
  NetlinkOrders question;
  question.message(of_nf_tables(NFT_MSG_GETRULE), NLM_F_DUMP,
                   nf_header(NFPROTO_INET));
  question.text(NFTA_RULE_TABLE, rule.table);
  question.text(NFTA_RULE_CHAIN, kDecides);
  return question.take();
}

std::string orders_for_any_address(bool six) {
  rtmsg header{};
  header.rtm_family = six ? AF_INET6 : AF_INET;
  header.rtm_table = RT_TABLE_LOCAL;
  header.rtm_protocol = RTPROT_BOOT;
  header.rtm_scope = RT_SCOPE_HOST;
  header.rtm_type = RTN_LOCAL;
  constexpr int kLoopback = 1;  // its number in any network namespace
  NetlinkOrders orders;
  orders.message(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_ACK,
                 {reinterpret_cast<const char*>(&header), sizeof header});
  orders.attribute(
      RTA_OIF, {reinterpret_cast<const char*>(&kLoopback), sizeof kLoopback});
  return orders.take();
}

}  // namespace faultrig
