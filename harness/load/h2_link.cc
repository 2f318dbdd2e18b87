// Many requests are on one connection, so where each stands is told by its own
// bytes: how many of ours follow its last one (OpenConnection::behind). What
// nghttp2 tells is kept until it has returned; only then is anybody told.
#include "harness/load/h2_link.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "harness/load/grpc_frames.h"
#include "harness/os/shim_processes.h"

namespace faultrig {

namespace {

// Of a piece of what is to be sent in N pieces, all but the last as long.
std::deque<std::string> cut_in(const std::string& body, int count) {
  std::deque<std::string> pieces;
  auto parts = static_cast<std::size_t>(std::max(count, 1));
  std::size_t size = (body.size() + parts - 1) / parts;
  for (std::size_t at = 0; at < body.size(); at += size) {
    pieces.push_back(body.substr(at, size));
  }
  return pieces;
}

bool is_grpc(const Load& load) { return load.protocol == Load::Protocol::grpc; }

H2Request request_of(const Load& load, const TrafficPlace& place,
                     std::uint64_t n) {
  H2Request request;
  bool grpc = is_grpc(load);
  request.method = grpc ? "POST" : load.method;
  request.scheme = place.wire.tls ? "https" : "http";
  request.authority = place.host;
  request.path = numbered(load.path, n);
  std::string body = numbered(load.body, n);
  request.fields = {{"user-agent", "faultrig"}};
  if (grpc) {
    request.fields.emplace_back("content-type", "application/grpc");
    request.fields.emplace_back("te", "trailers");
    body = grpc_message(body);
  }
  request.pieces = cut_in(body, load.sending.pieces);
  return request;
}

int number_in(std::string_view text) {
  int number = -1;
  for (char digit : text.substr(0, 3)) {
    if (digit < '0' || digit > '9') {
      return -1;
    }
    number = std::max(number, 0) * 10 + (digit - '0');
  }
  return number;
}

}  // namespace

H2Link::H2Link(H2LinkOwner& owner, std::uint64_t number)
    : owner_(owner), number_(number), session_(*this) {
  const TrafficPlace& place = owner_.user().place();
  Wire wire = place.wire;
  wire.protocol = "h2";
  connection_.emplace(*place.reactor, place.to, *this, wire);
}

bool H2Link::may_take_more() const {
  auto most = static_cast<std::size_t>(owner_.user().load().streams);
  return !over_ && early_.size() + streams_.size() < most &&
         session_.may_ask() && (connected_ns_ == 0 || !connection_->is_over());
}

void H2Link::ask(RequestRecord record) {
  record.connection = number_;
  record.reused = std::exchange(asked_before_, true);
  if (connected_ns_ == 0) {
    early_.push_back(std::move(record));
    return;
  }
  submit(std::move(record));
  flush();
  settle();
}

void H2Link::submit(RequestRecord record) {
  CarrierUser& user = owner_.user();
  record.connected_ns = connected_ns_;
  user.asked();
  int stream = session_.ask(request_of(user.load(), user.place(), record.n));
  if (stream < 0) {  // its numbers are used up
    record.end = RequestEnd::own_limit;
    record.last_byte_ns = monotonic_ns();
    done_.push_back(std::move(record));
    return;
  }
  streams_[stream].record = std::move(record);
}

void H2Link::connected(int os_errno) {
  const TrafficPlace& place = owner_.user().place();
  bool agreed =
      !place.wire.tls || os_errno != 0 || connection_->protocol() == "h2";
  if (os_errno != 0 || !agreed) {
    end_all(end_without_connection(os_errno), agreed ? os_errno : EPROTO);
    owner_.drop(*this);
    return;
  }
  connected_ns_ = monotonic_ns();
  for (RequestRecord& record : std::exchange(early_, {})) {
    submit(std::move(record));
  }
  flush();
}

// What is given while the kernel takes the last goes with the next.
void H2Link::flush() {
  if (std::exchange(flushing_, true)) {
    return;
  }
  while (!sending_ && connected_ns_ != 0) {
    H2Bytes given = session_.to_send();
    if (given.bytes.empty()) {
      break;
    }
    for (const auto& [stream, at] : given.ended) {
      given_.push_back(stream);
    }
    sending_ = true;
    std::uint64_t before = connection_->given();
    connection_->send(std::move(given.bytes));
    note_places(given, before);
  }
  flushing_ = false;
}

// Under TLS what is given is on the wire in records: all of it then stands for
// each.
void H2Link::note_places(const H2Bytes& given, std::uint64_t before) {
  bool plain = !owner_.user().place().wire.tls;
  for (const auto& [stream, at] : given.begun) {
    if (Stream* one = stream_of(stream)) {
      one->begin = plain ? before + at : before;
    }
  }
  for (const auto& [stream, at] : given.ended) {
    if (Stream* one = stream_of(stream)) {
      one->end = plain ? before + at : connection_->given();
    }
  }
}

void H2Link::sent(int os_errno) {
  sending_ = false;
  if (os_errno != 0) {
    return;  // ended() follows
  }
  note_sent(monotonic_ns());
  flush();
}

void H2Link::note_sent(std::int64_t now) {
  for (int stream : std::exchange(given_, {})) {
    if (Stream* one = stream_of(stream)) {
      one->record.sent_ns = now;
    }
  }
}

void H2Link::received(std::string_view bytes) {
  came_ = true;
  bool sound = session_.feed(bytes);
  flush();
  over_ = !sound || session_.is_over();
  settle();
  bool alone = !owner_.user().load().keep_alive && streams_.empty();
  if (over_ || alone) {
    end_all(end_of_the_broken(), sound ? 0 : EPROTO);
    owner_.drop(*this);
  }
}

void H2Link::ended(int os_errno) {
  end_all(end_of_the_broken(), os_errno);
  owner_.drop(*this);
}

// What is no HTTP/2 is no cut answer.
RequestEnd H2Link::end_of_the_broken() const {
  return came_ && !session_.spoke() ? RequestEnd::wrong : RequestEnd::cut;
}

// `end`: of those that have some of their answer, or had no connection.
void H2Link::end_all(RequestEnd end, int os_errno) {
  over_ = true;
  std::int64_t now = monotonic_ns();
  for (RequestRecord& record : std::exchange(early_, {})) {
    record.end = end;
    record.os_errno = os_errno;
    record.last_byte_ns = now;
    done_.push_back(std::move(record));
  }
  for (auto& [number, stream] : std::exchange(streams_, {})) {
    stream.record.os_errno = os_errno;
    RequestEnd nothing =
        stream.record.sent_ns != 0 ? RequestEnd::reset : RequestEnd::unsent;
    bool cut = end == RequestEnd::cut && stream.record.first_byte_ns == 0;
    finish(stream, cut ? nothing : end);
  }
  settle();
}

void H2Link::finish(Stream& stream, RequestEnd end) {
  RequestRecord& record = stream.record;
  record.end = end;
  record.last_byte_ns = monotonic_ns();
  record.delivered =
      record.sent_ns != 0 &&
      (record.first_byte_ns != 0 || connection_->taken() >= stream.end);
  done_.push_back(std::move(record));
}

// The user may ask for more meanwhile, here too.
void H2Link::settle() {
  for (const RequestRecord& record : std::exchange(done_, {})) {
    owner_.user().finished(record);
  }
}

H2Link::Stream* H2Link::stream_of(int number) {
  auto found = streams_.find(number);
  return found == streams_.end() ? nullptr : &found->second;
}

void H2Link::piece_given(int stream) {
  const CarrierUser& user = owner_.user();
  std::weak_ptr<int> here = here_;
  user.place().reactor->at(monotonic_ns() + user.load().sending.pause.count(),
                           [this, here, stream] {
                             if (!here.expired()) {
                               session_.go_on(stream);
                               flush();
                             }
                           });
}

void H2Link::field_came(int number, std::string_view name,
                        std::string_view value) {
  Stream* stream = stream_of(number);
  if (stream == nullptr) {
    return;
  }
  if (stream->record.first_byte_ns == 0) {
    stream->record.first_byte_ns = monotonic_ns();
  }
  if (name == ":status") {
    stream->record.status = number_in(value);
  } else if (name == "grpc-status" && is_grpc(owner_.user().load())) {
    stream->grpc_status = number_in(value);
    stream->record.word = "grpc-status " + std::string(value.substr(0, 3));
  }
}

void H2Link::body_came(int number, std::string_view bytes) {
  if (Stream* stream = stream_of(number)) {
    std::size_t kept = owner_.user().wanted().kept();
    std::size_t room = kept - std::min(kept, stream->body.size());
    stream->record.bytes += bytes.size();
    stream->body.append(bytes.substr(0, room));
  }
}

void H2Link::answer_ended(int number) {
  if (Stream* stream = stream_of(number)) {
    stream->record.complete = true;
  }
}

RequestEnd H2Link::end_of_the_whole(const Stream& stream) const {
  const Wanted& wanted = owner_.user().wanted();
  bool met = is_grpc(owner_.user().load())
                 ? wanted.is_met_by_grpc(stream.record.status,
                                         stream.grpc_status, stream.body)
                 : wanted.is_met(stream.record.status, stream.body);
  return met ? RequestEnd::answered : RequestEnd::wrong;
}

void H2Link::stream_closed(int number, std::uint32_t code) {
  auto found = streams_.find(number);
  if (found == streams_.end()) {
    return;
  }
  Stream stream = std::move(found->second);
  streams_.erase(found);
  if (stream.record.complete) {
    finish(stream, end_of_the_whole(stream));
    return;
  }
  bool refused = is_refused_stream(code);
  std::string goaway = session_.goaway();
  stream.record.word =
      refused && !goaway.empty() ? goaway : "RST_STREAM " + h2_error_name(code);
  bool begun = stream.record.first_byte_ns != 0;
  finish(stream, refused ? RequestEnd::refused
                 : begun ? RequestEnd::cut
                         : RequestEnd::reset);
}

std::vector<RequestRecord> H2Link::given_up() {
  std::vector<RequestRecord> open = std::exchange(early_, {});
  for (auto& [number, stream] : std::exchange(streams_, {})) {
    stream.record.delivered =
        stream.record.sent_ns != 0 && connection_->taken() >= stream.end;
    open.push_back(std::move(stream.record));
  }
  for (RequestRecord& record : open) {
    record.end = RequestEnd::timed_out;
  }
  return open;
}

std::vector<OpenConnection> H2Link::standing() const {
  using Step = OpenConnection::Step;
  const CarrierUser& user = owner_.user();
  OpenConnection base{user.load().name, 0, number_, connection_->local(),
                      user.place().to};
  base.mixed = true;
  std::vector<OpenConnection> all;
  std::uint64_t arrived = connection_->arrived();
  for (const auto& [number, stream] : streams_) {
    OpenConnection one = base;
    one.n = stream.record.n;
    one.step = stream.record.first_byte_ns != 0 ? Step::answering
               : stream.record.sent_ns != 0     ? Step::asked
                                                : Step::sending;
    one.behind = arrived - std::min(arrived, stream.end);
    one.asked = stream.end - std::min(stream.end, stream.begin);
    all.push_back(std::move(one));
  }
  for (const RequestRecord& record : early_) {
    OpenConnection one = base;
    one.n = record.n;
    one.step = Step::sending;
    all.push_back(std::move(one));
  }
  return all.empty() ? std::vector<OpenConnection>{base} : all;
}

}  // namespace faultrig
