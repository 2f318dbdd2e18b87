// A connection to port 53 need not be one of DNS. What cannot be a question
// from its first bytes on is left alone, so that nobody waits for the rest of a
// message that never was one. What goes on before it is known to be a question
// is still read, and is a doubt where a fault would have met it.
#include "harness/run/dns_frames.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "harness/run/dns_message.h"

namespace faultrig {

namespace {

constexpr std::size_t kLength = 2;

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

std::optional<DnsFrames::Piece> DnsFrames::next() {
  plain_ = plain_ || (asks_ && !begins_dns_stream(held_));
  std::size_t size = held_.size();
  if (!plain_) {
    size = size < kLength ? kLength : kLength + length_in(held_);
  }
  if (held_.empty() || held_.size() < size) {
    return std::nullopt;
  }
  Piece piece{held_.substr(0, size), std::min(gone_, size), !plain_};
  held_.erase(0, size);
  gone_ -= piece.gone;
  return piece;
}

std::string DnsFrames::let_go() {
  std::string out = held_.substr(gone_);
  gone_ = held_.size();
  return out;
}

DnsStream::DnsStream(DnsBook* book, DnsAsker asker)
    : book_(book), asker_(std::move(asker)) {
  asker_.stream = true;
}

void DnsStream::asked(std::string_view bytes, Time now, ByteQueue& resolver,
                      ByteQueue& workload) {
  came_ = now;
  questions_.add(bytes);
  for (auto one = questions_.next(); one; one = questions_.next()) {
    if (!one->message || one->gone > 0 || speaks_first_) {
      pass(*one, now, resolver);
    } else {
      lead(std::move(*one), now, resolver, workload);
    }
  }
  if (speaks_first_) {
    resolver.add(questions_.let_go(), now);
  }
}

void DnsStream::lead(DnsFrames::Piece piece, Time now, ByteQueue& resolver,
                     ByteQueue& workload) {
  was_asked_ = true;
  DnsFate fate =
      book_->meet(std::string_view(piece.bytes).substr(kLength), asker_);
  bool answered = fate.what == DnsFate::What::answered;
  if (answered) {
    workload.add(framed(fate.answer), now);
  } else if (fate.what == DnsFate::What::passed) {
    resolver.add(std::move(piece.bytes), now + fate.late);
  } else {
    book_->done(fate);
    return;
  }
  if (fate.effect) {
    due_.push_back(
        {answered, answered ? workload.added() : resolver.added(), fate});
  }
}

void DnsStream::pass(const DnsFrames::Piece& piece, Time now,
                     ByteQueue& resolver) {
  std::string_view all = piece.bytes;
  if (piece.message && book_->would_meet(all.substr(kLength), asker_)) {
    doubt(speaks_first_ ? "its server spoke before it was asked"
                        : "it came in pieces, too slowly");
  } else if (!piece.message && was_asked_) {
    doubt("behind it came what is no message of DNS");
  }
  resolver.add(piece.bytes.substr(piece.gone), now);
}

void DnsStream::doubt(const std::string& why) {
  if (!std::exchange(doubted_, true)) {
    book_->doubt(asker_, "a question to " + asker_.to + " over TCP", why);
  }
}

std::optional<DnsStream::Time> DnsStream::let_go(Time now, const Ends& ends,
                                                 ByteQueue& resolver,
                                                 ByteQueue& workload) {
  constexpr std::chrono::milliseconds kMoment{500};
  bool early = !ends.workload && !speaks_first_ && now < came_ + kMoment;
  bool waits = questions_.holds_back() && early;
  if (questions_.holds_back() && !early) {
    resolver.add(questions_.let_go(), now);
  }
  if (answers_.holds_back() && (ends.resolver || questions_.is_plain())) {
    workload.add(answers_.let_go(), now);
  }
  return waits ? std::optional(came_ + kMoment) : std::nullopt;
}

void DnsStream::heard(std::string_view bytes, Time due, ByteQueue& workload) {
  speaks_first_ = speaks_first_ || (!was_asked_ && !questions_.is_plain());
  answers_.add(bytes);
  if (speaks_first_ || questions_.is_plain()) {
    workload.add(answers_.let_go(), due);
    return;
  }
  for (auto one = answers_.next(); one; one = answers_.next()) {
    workload.add(one->bytes.substr(one->gone), due);
  }
}

void DnsStream::sent(const ByteQueue& resolver, const ByteQueue& workload) {
  for (const Due& one : due_) {
    if ((one.answer ? workload : resolver).sent() >= one.at) {
      book_->done(one.fate);
    }
  }
  std::erase_if(due_, [&](const Due& one) {
    return (one.answer ? workload : resolver).sent() >= one.at;
  });
}

}  // namespace faultrig
