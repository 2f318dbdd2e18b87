// Lengths count from the start of a header to the end of its content; what
// follows begins at the next multiple of four (netlink(3)).
#include "harness/os/netlink_orders.h"

#include <arpa/inet.h>
#include <linux/netlink.h>

#include <cstring>
#include <utility>

namespace faultrig {

namespace {

void align(std::string& bytes) {
  bytes.resize(NLMSG_ALIGN(bytes.size()), '\0');
}

template <typename T>
void append(std::string& bytes, const T& header) {
  bytes.append(reinterpret_cast<const char*>(&header), sizeof header);
  align(bytes);
}

template <typename Length>
void set_length(std::string& bytes, std::size_t from) {
  auto length = static_cast<Length>(bytes.size() - from);
  std::memcpy(bytes.data() + from, &length, sizeof length);
}

}  // namespace

void NetlinkOrders::close_message() {
  if (message_ != std::string::npos) {
    set_length<std::uint32_t>(bytes_, message_);
  }
}

void NetlinkOrders::message(std::uint16_t type, std::uint16_t flags,
                            std::string_view family_header) {
  close_message();
  message_ = bytes_.size();
  nlmsghdr header{};
  header.nlmsg_type = type;
  header.nlmsg_flags = static_cast<std::uint16_t>(flags | NLM_F_REQUEST);
  append(bytes_, header);
  bytes_ += family_header;
  align(bytes_);
}

void NetlinkOrders::attribute(std::uint16_t type, std::string_view content) {
  append(bytes_,
         nlattr{static_cast<std::uint16_t>(NLA_HDRLEN + content.size()), type});
  bytes_ += content;
  align(bytes_);
}

void NetlinkOrders::text(std::uint16_t type, const std::string& content) {
  attribute(type, {content.c_str(), content.size() + 1});
}

void NetlinkOrders::number(std::uint16_t type, std::uint32_t value) {
  std::uint32_t big = htonl(value);
  attribute(type, {reinterpret_cast<const char*>(&big), sizeof big});
}

void NetlinkOrders::nest(std::uint16_t type, const Inner& inner) {
  std::size_t from = bytes_.size();
  append(bytes_, nlattr{0, static_cast<std::uint16_t>(type | NLA_F_NESTED)});
  inner();
  set_length<std::uint16_t>(bytes_, from);
}

std::string NetlinkOrders::take() {
  close_message();
  message_ = std::string::npos;
  return std::exchange(bytes_, {});
}

}  // namespace faultrig
