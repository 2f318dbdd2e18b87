// A connection to port 53 need not be one of DNS. What cannot be a question
// from its first bytes on is left alone, so that nobody waits for the rest of a
// message that never was one.
#include "harness/run/dns_frames.h"

#include <utility>

#include "harness/run/dns_message.h"

namespace faultrig {

namespace {

constexpr std::size_t kLength = 2;
constexpr std::size_t kLeast = 12;           // its head
constexpr std::size_t kMostQuestion = 4096;  // with all that EDNS may add

std::size_t length_in(std::string_view bytes) {
  return static_cast<std::size_t>(static_cast<unsigned char>(bytes[0])) << 8U |
         static_cast<unsigned char>(bytes[1]);
}

std::string framed(const std::string& message) {
  std::string out;
  out += static_cast<char>(message.size() >> 8U);
  out += static_cast<char>(message.size() & 0xffU);
  return out + message;
}

}  // namespace

bool DnsFrames::can_be_message() const {
  if (!queries_ || held_.size() < kLength) {
    return true;
  }
  std::size_t length = length_in(held_);
  return length >= kLeast && length <= kMostQuestion &&
         may_be_dns_query(std::string_view(held_).substr(kLength));
}

std::string DnsFrames::next() {
  plain_ = plain_ || !can_be_message();
  if (plain_) {
    return std::exchange(held_, "");
  }
  if (held_.size() < kLength || held_.size() < kLength + length_in(held_)) {
    return "";
  }
  std::size_t size = kLength + length_in(held_);
  std::string message = held_.substr(0, size);
  held_.erase(0, size);
  return message;
}

DnsStream::DnsStream(DnsBook* book, DnsAsker asker)
    : book_(book), asker_(std::move(asker)) {
  asker_.stream = true;
}

void DnsStream::asked(std::string_view bytes, Time now, ByteQueue& resolver,
                      ByteQueue& workload) {
  questions_.add(bytes);
  for (std::string one = questions_.next(); !one.empty();
       one = questions_.next()) {
    DnsFate fate;
    if (!questions_.is_plain()) {
      fate = book_->meet(std::string_view(one).substr(kLength), asker_);
    }
    if (fate.what == DnsFate::What::answered) {
      workload.add(framed(fate.answer), now);
    } else if (fate.what == DnsFate::What::passed) {
      resolver.add(std::move(one), now + fate.late);
    }
  }
}

void DnsStream::heard(std::string_view bytes, Time now, ByteQueue& workload) {
  if (questions_.is_plain()) {
    workload.add(std::string(bytes), now);
    return;
  }
  answers_.add(bytes);
  for (std::string one = answers_.next(); !one.empty(); one = answers_.next()) {
    workload.add(std::move(one), now);
  }
}

}  // namespace faultrig
