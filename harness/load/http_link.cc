#include "harness/load/http_link.h"

#include <utility>

#include "harness/os/shim_processes.h"

namespace faultrig {

namespace {

constexpr int kFirstFailure = 500;  // statuses from here are failures

bool is_as_asked(const Load& load, int status) {
  return load.status ? status == *load.status : status < kFirstFailure;
}

}  // namespace

void HttpLink::ask(RequestRecord record, std::string text) {
  busy_ = true;
  record_ = std::move(record);
  record_.connection = number_;
  text_ = std::move(text);
  reply_ = Reply(owner_.load().method == "HEAD");
  if (connection_) {
    write();
    return;
  }
  const TrafficPlace& place = owner_.place();
  connection_.emplace(*place.reactor, place.to, *this, place.wire);
}

void HttpLink::connected(int os_errno) {
  if (os_errno != 0) {
    finish(end_without_connection(os_errno), os_errno);
    return;
  }
  connected_ns_ = monotonic_ns();
  write();
}

void HttpLink::write() {
  record_.connected_ns = connected_ns_;
  owner_.asked();
  connection_->send(std::move(text_));
  all_sent_ = connection_->given();
}

void HttpLink::sent(int os_errno) {
  write_errno_ = os_errno;
  if (os_errno == 0) {
    record_.sent_ns = monotonic_ns();
  }
}

void HttpLink::received(std::string_view bytes) {
  if (!busy_) {  // what nobody has asked for, as a 408
    owner_.drop(*this);
    return;
  }
  std::int64_t now = monotonic_ns();
  if (record_.first_byte_ns == 0) {
    record_.first_byte_ns = now;
  }
  record_.bytes += bytes.size();
  if (!reply_.feed(bytes)) {
    finish(RequestEnd::wrong, 0);
  } else if (reply_.complete()) {
    finish(RequestEnd::answered, 0);
  }
}

void HttpLink::ended(int os_errno) {
  if (!busy_) {
    owner_.drop(*this);
    return;
  }
  if (os_errno == 0) {
    reply_.end();
  }
  if (reply_.complete()) {
    finish(RequestEnd::answered, 0);
    return;
  }
  finish(end_of_the_broken(), os_errno != 0 ? os_errno : write_errno_);
}

RequestEnd HttpLink::end_of_the_broken() const {
  if (record_.first_byte_ns != 0) {
    return RequestEnd::cut;
  }
  return record_.sent_ns != 0 ? RequestEnd::reset : RequestEnd::unsent;
}

void HttpLink::finish(RequestEnd end, int os_errno) {
  busy_ = false;
  record_.last_byte_ns = monotonic_ns();
  record_.status = reply_.status();
  record_.complete = reply_.complete();
  record_.os_errno = os_errno;
  record_.delivered =
      record_.sent_ns != 0 && (record_.first_byte_ns != 0 || is_delivered());
  record_.end = end;
  if (end == RequestEnd::answered &&
      !is_as_asked(owner_.load(), record_.status)) {
    record_.end = RequestEnd::wrong;
  }
  bool reusable = reply_.keeps_alive() && !reply_.overran() &&
                  record_.sent_ns != 0 && owner_.load().keep_alive;
  owner_.finished(*this, record_, reusable);
}

RequestRecord HttpLink::given_up() {
  busy_ = false;
  record_.status = reply_.status();
  record_.delivered = record_.sent_ns != 0 && is_delivered();
  record_.end = RequestEnd::timed_out;
  return record_;
}

OpenConnection HttpLink::standing() const {
  OpenConnection standing{owner_.load().name, busy_ ? record_.n : 0, number_,
                          connection_->local(), owner_.place().to};
  standing.mixed = owner_.place().wire.tls;
  using Step = OpenConnection::Step;
  if (busy_ && record_.first_byte_ns != 0) {
    standing.step = Step::answering;
  } else if (busy_) {
    standing.step = record_.sent_ns != 0 ? Step::asked : Step::sending;
  }
  return standing;
}

}  // namespace faultrig
