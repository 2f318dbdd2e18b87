#pragma once

#include <string>
#include <string_view>

#include "harness/run/byte_queue.h"
#include "harness/run/dns_book.h"

namespace faultrig {

// Cuts what one side of a TCP connection says into messages of DNS, each behind
// its length (RFC 1035, 4.2.2), as long as it can be that.
class DnsFrames {
 public:
  // `queries`: what comes are questions; what cannot be one, and all behind it,
  // is given as it comes.
  explicit DnsFrames(bool queries) : queries_(queries) {}
  void add(std::string_view bytes) { held_ += bytes; }
  // The next message with its length, or what is none; empty: no whole one has
  // come. What is held is never more than one message.
  std::string next();
  // What is given is no message any more.
  bool is_plain() const { return plain_; }

 private:
  bool can_be_message() const;

  std::string held_;
  bool queries_;
  bool plain_ = false;
};

// Both directions of a connection to a resolver, and what faults do to the
// questions on it. Without a book it is of no use.
class DnsStream {
 public:
  DnsStream(DnsBook* book, DnsAsker asker);
  bool has_book() const { return book_ != nullptr; }
  using Time = ByteQueue::Time;
  // The workload has sent this: it goes to the resolver, or is answered.
  void asked(std::string_view bytes, Time now, ByteQueue& resolver,
             ByteQueue& workload);
  // The resolver has sent this: whole messages go on, so that none of ours
  // comes between.
  void heard(std::string_view bytes, Time now, ByteQueue& workload);

 private:
  DnsBook* book_;
  DnsAsker asker_;
  DnsFrames questions_{true};
  DnsFrames answers_{false};
};

}  // namespace faultrig
