#include "harness/load/http_link.h"

#include <utility>

#include "harness/load/target.h"
#include "harness/os/shim_processes.h"

namespace faultrig {

namespace {

HttpRequest request_of(const Load& load, const std::string& host,
                       std::uint64_t n) {
  HttpRequest request{load.method, host, numbered(load.path, n),
                      numbered(load.body, n), load.keep_alive};
  request.chunked = load.sending.chunked;
  if (load.kind == Load::Kind::sse) {
    request.lines = "Accept: text/event-stream\r\n";
  }
  return request;
}

}  // namespace

void HttpLink::ask(RequestRecord record) {
  const Load& load = user().load();
  busy_ = true;
  record_ = std::move(record);
  record_.connection = number_;
  pieces_ = pieces_of(request_of(load, user().place().host, record_.n),
                      load.sending.pieces);
  reply_ = Reply(load.method == "HEAD", user().wanted().kept());
  if (connection_) {
    write();
    return;
  }
  const TrafficPlace& place = user().place();
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
  before_ = connection_->given();
  owner_.asked();
  put();
}

void HttpLink::put() {
  std::string piece = std::move(pieces_.front());
  pieces_.pop_front();
  connection_->send(std::move(piece));
  all_sent_ = connection_->given();
}

void HttpLink::sent(int os_errno) {
  write_errno_ = os_errno;
  if (os_errno != 0 || !busy_) {
    return;
  }
  if (pieces_.empty()) {
    record_.sent_ns = monotonic_ns();
    return;
  }
  std::weak_ptr<std::uint64_t> here = here_;
  user().place().reactor->at(
      monotonic_ns() + user().load().sending.pause.count(),
      [this, here, n = record_.n] {
        if (!here.expired() && busy_ && record_.n == n && !pieces_.empty()) {
          put();
        }
      });
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
    finish(reply_.is_http() ? RequestEnd::cut : RequestEnd::wrong, 0);
  } else if (reply_.complete()) {
    finish(RequestEnd::answered, 0);
  }
}

void HttpLink::ended(int os_errno) {
  if (!busy_) {
    owner_.drop(*this);
    return;
  }
  if (os_errno == 0 && !reply_.complete()) {
    reply_.end();
    record_.word = reply_.complete() ? kNoLength : std::string_view();
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
      !user().wanted().is_met(record_.status, reply_.beginning())) {
    record_.end = RequestEnd::wrong;
  }
  bool reusable = reply_.keeps_alive() && !reply_.overran() &&
                  record_.sent_ns != 0 && user().load().keep_alive;
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
  OpenConnection standing{user().load().name, busy_ ? record_.n : 0, number_,
                          connection_->local(), user().place().to};
  standing.mixed = user().place().wire.tls;
  standing.asked = all_sent_ - before_;
  using Step = OpenConnection::Step;
  if (busy_ && record_.first_byte_ns != 0) {
    standing.step = Step::answering;
  } else if (busy_) {
    standing.step = record_.sent_ns != 0 ? Step::asked : Step::sending;
  }
  return standing;
}

}  // namespace faultrig
