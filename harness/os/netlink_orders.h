#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace faultrig {

// Messages to the kernel (netlink(7)), one behind the other, as bytes for one
// send: headers and attributes in the machine's own order, but for numbers of
// nf_tables, which are big-endian. Nothing is sent.
class NetlinkOrders {
 public:
  using Inner = std::function<void()>;

  // One more message, with the header of its family before its attributes.
  // NLM_F_REQUEST is added; attributes until the next one are its own.
  void message(std::uint16_t type, std::uint16_t flags,
               std::string_view family_header);

  void attribute(std::uint16_t type, std::string_view content);
  void text(std::uint16_t type, const std::string& content);  // with its end
  void number(std::uint16_t type, std::uint32_t value);       // big-endian
  // What `inner` adds is in it.
  void nest(std::uint16_t type, const Inner& inner);

  std::string take();

 private:
  void close_message();

  std::string bytes_;
  std::size_t message_ = std::string::npos;  // where the last one begins
};

}  // namespace faultrig
