#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "harness/run/byte_queue.h"
#include "harness/run/dns_book.h"

namespace faultrig {

// Cuts what one side of a TCP connection says into messages of DNS, each behind
// its length (RFC 1035, 4.2.2), as long as it can be that.
class DnsFrames {
 public:
  // `asks`: what comes is asked, questions and other requests; what cannot be
  // one, and all behind it, is given as it comes.
  explicit DnsFrames(bool asks) : asks_(asks) {}
  void add(std::string_view bytes) { held_ += bytes; }

  // A whole message with its length, or what is none.
  struct Piece {
    std::string bytes;
    std::size_t gone = 0;  // how many of them had been let go before
    bool message = false;
  };
  // Nothing: no whole one has come. What is held is never more than one.
  std::optional<Piece> next();
  // What of a message has come and is not let go yet; it is held on to, so that
  // the message is still known when it is whole.
  std::string let_go();
  // Is something held that is not let go?
  bool holds_back() const { return held_.size() > gone_; }
  // What is given is no message any more.
  bool is_plain() const { return plain_; }

 private:
  std::string held_;
  std::size_t gone_ = 0;
  bool asks_;
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
  // The resolver has sent this, which may go on when it is `due`: whole
  // messages do, so that none of ours comes between. Who speaks before it is
  // asked is no resolver: from then on all goes on as it comes, and what is a
  // question is a doubt.
  void heard(std::string_view bytes, Time due, ByteQueue& workload);

  // Which sides send nothing more.
  struct Ends {
    bool workload = false;
    bool resolver = false;
  };
  // Lets go on what is waited for no longer: the beginning of a question of
  // which no more has come for half a second, and what was left at an end.
  // Gives when that time is over, where it goes on.
  std::optional<Time> let_go(Time now, const Ends& ends, ByteQueue& resolver,
                             ByteQueue& workload);
  // That much of the queues has been sent: tells what has taken effect.
  void sent(const ByteQueue& resolver, const ByteQueue& workload);

 private:
  // An effect that has taken place when so much has been sent.
  struct Due {
    bool answer = false;  // to the workload
    std::uint64_t at = 0;
    DnsFate fate;
  };
  void lead(DnsFrames::Piece piece, Time now, ByteQueue& resolver,
            ByteQueue& workload);
  void pass(const DnsFrames::Piece& piece, Time now, ByteQueue& resolver);
  void doubt(const std::string& why);

  DnsBook* book_;
  DnsAsker asker_;
  DnsFrames questions_{true};
  DnsFrames answers_{false};
  std::deque<Due> due_;
  bool was_asked_ = false;
  bool speaks_first_ = false;  // the resolver, which is none
  bool doubted_ = false;
  Time came_{};  // when the workload sent something last
};

}  // namespace faultrig
