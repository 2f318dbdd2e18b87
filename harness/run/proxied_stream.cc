// What goes through waits in two queues; faults decide what of them may go, and
// when. A side from which nothing is wanted is not watched: poll(2) would tell
// its end again and again. The surprise: a connect(2) that a hung server never
// sees succeeds, for its kernel answers; so does ours.
#include "harness/run/proxied_stream.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <utility>

#include "harness/base/units.h"
#include "harness/os/stream_socket.h"

namespace faultrig {

namespace {

using std::chrono::nanoseconds;

constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();
constexpr std::size_t kChunk = std::size_t{64} * 1024;
constexpr std::chrono::seconds kMoment{1};

ByteQueue::Time now() { return std::chrono::steady_clock::now(); }

}  // namespace

ProxiedStream::ProxiedStream(Crowd& crowd, Loop& loop, DependencyBook& book,
                             DependencyUse use, Fd server)
    : crowd_(crowd), loop_(loop), book_(book), use_(std::move(use)) {
  server_.socket = std::move(server);
  if (std::any_of(use_.faults.begin(), use_.faults.end(), [&](auto fault) {
        return book_[fault].mode == Mode::answer;
      })) {
    requests_.emplace();
  }
}

ProxiedStream::~ProxiedStream() {
  for (Side* side : {&client_, &server_}) {
    if (side->watched != 0) {
      crowd_.unwatch(side->socket.get());
    }
  }
}

void ProxiedStream::await_server(std::function<void(int)> settled) {
  settled_ = std::move(settled);
  watch(server_, client_);
}

void ProxiedStream::attach(Fd client, std::shared_ptr<InetSockets> sockets) {
  client_.sockets = std::move(sockets);
  client_.socket = std::move(client);
  client_.ready = true;
  pump();
}

bool ProxiedStream::is_open() const {
  return !done_ &&
         (!client_.ready || !has_left(client_.socket, client_.sockets.get()));
}

void ProxiedStream::on_server(short events) {
  auto alive = shared_from_this();
  if (!server_.ready) {
    server_settled(connect_error(server_.socket));
    return;
  }
  server_.blocked = server_.blocked && (events & POLLOUT) == 0;
  read_from(server_, client_);
  pump();
}

void ProxiedStream::server_settled(int error) {
  auto alive = shared_from_this();
  server_.ready = error == 0;
  server_.ended = error != 0;
  server_error_ = error;
  watch(server_, client_);
  if (settled_) {
    std::exchange(settled_, nullptr)(error);
  }
  pump();
}

void ProxiedStream::on_client(short events) {
  auto alive = shared_from_this();
  client_.blocked = client_.blocked && (events & POLLOUT) == 0;
  read_from(client_, server_);
  pump();
}

void ProxiedStream::read_from(Side& side, Side& to) {
  std::string bytes;
  bool full = &side == &client_ && requests_ && requests_->is_full();
  std::size_t most = cut_ ? kChunk : full ? 0 : std::min(kChunk, to.out.room());
  if (side.ended || !side.ready || most == 0) {
    return;
  }
  auto resets =
      &side == &client_ ? book_.next(use_, Mode::reset) : std::nullopt;
  if (resets && has_unread(side.socket)) {
    break_off(*resets);
    return;
  }
  std::int64_t got = receive_some(side.socket, bytes, most);
  if (got == -EAGAIN || got == -EINTR) {
    return;
  }
  if (got > 0 && !cut_) {
    took(std::move(bytes), side, to);
  }
  side.ended = side.ended || got <= 0;
  if (got < 0 && &side == &client_) {
    reset();
  } else if (got < 0) {
    server_error_ = static_cast<int>(-got);
  }
}

// What has come is delayed, answered here, or waits for pump().
void ProxiedStream::took(std::string bytes, Side& from, Side& to) {
  bool request = &from == &client_;
  if (request && client_.out.empty()) {
    client_.sent = 0;  // what comes now is another answer
  }
  if (request && requests_) {
    asked_ = now();
    requests_->add(bytes);
    lead_requests();
    return;
  }
  if (names_.has_book() && request) {
    names_.asked(bytes, now(), server_.out, client_.out);
    return;
  }
  if (requests_) {
    requests_->heard(bytes);
  }
  auto due = now();
  auto slow = request ? std::nullopt : book_.next(use_, Mode::slow);
  if (slow) {
    auto late = nanoseconds(book_[*slow].number);
    due += late;
    book_.meet(use_, *slow,
               "an answer of " + use_.to + " was held back for " +
                   format_duration(late));
  }
  names_.has_book() ? names_.heard(bytes, due, to.out)
                    : to.out.add(std::move(bytes), due);
}

// What is no request that can be answered goes on, and so does what may become
// one and does not for a second. A server that is not there gets nothing.
void ProxiedStream::lead_requests() {
  using Next = HttpRequests::Next;
  for (Next next = requests_->next(); next != Next::none && !cut_;
       next = requests_->next()) {
    auto fault = book_.next(use_, Mode::answer);
    bool early = !server_.ready || (!client_.ended && now() < asked_ + kMoment);
    bool waits = next == Next::part
                     ? early
                     : next == Next::whole && requests_->is_owed();
    if (fault && waits && next == Next::part && server_.ready) {
      wake_at(asked_ + kMoment);
    }
    if (fault && waits) {
      return;
    }
    if (!fault || next != Next::whole) {
      server_.out.add(requests_->pass(), now());
      continue;
    }
    std::int64_t status = book_[*fault].number;
    requests_->drop();
    cut_ = requests_->closes();
    client_.out.add(http_answer(static_cast<int>(status), book_[*fault].body,
                                cut_, requests_->to_head()),
                    now());
    book_.meet(use_, *fault,
               "a request to " + use_.to + " was answered with " +
                   std::to_string(status));
  }
}

// What its reader does not take anyhow is not held by us.
bool ProxiedStream::holds() {
  auto hang = book_.next(use_, Mode::hang);
  auto kept = [](const Side& to) { return !to.out.empty() && !to.blocked; };
  if (hang && (kept(client_) || kept(server_))) {
    book_.meet(
        use_, *hang,
        "what came on a connection to " + use_.to + " was not passed on");
  }
  return hang.has_value();
}

void ProxiedStream::pump() {
  if (done_ || !client_.ready) {
    return;
  }
  auto alive = shared_from_this();
  if (requests_) {
    lead_requests();
  }
  if (auto due = names_.let_go(now(), {client_.ended, server_.ended},
                               server_.out, client_.out)) {
    wake_at(*due);
  }
  if (!book_.next(use_, Mode::slow)) {
    client_.out.let_go();
  }
  if (!holds()) {
    send_to(server_, client_);
    send_to(client_, server_);
    names_.sent(server_.out, client_.out);
    look_for_end();
  }
  if (!done_) {
    watch(client_, server_);
    watch(server_, client_);
  }
}

// How much may be sent to this side now. What has waited for `bandwidth` has
// met it.
std::uint64_t ProxiedStream::bound(Side& side, std::optional<std::size_t> cuts,
                                   ByteQueue::Time time) {
  std::uint64_t most = kAll;
  if (cuts) {
    auto size = static_cast<std::uint64_t>(book_[*cuts].number);
    most = size - std::min(size, side.sent);
  }
  auto slow = book_.next(use_, Mode::bandwidth);
  if (!slow) {
    return most;
  }
  if (side.pace.has_waited(time)) {
    book_.meet(use_, *slow,
               "bytes of a connection to " + use_.to + " had to wait");
  }
  return std::min(most, side.pace.room(time, book_[*slow].number));
}

void ProxiedStream::keep_pace(Side& side, const ByteQueue::Sent& sent,
                              ByteQueue::Time time) {
  auto slow = book_.next(use_, Mode::bandwidth);
  if (!slow) {
    side.pace = {};
    return;
  }
  side.pace.sent(time, sent.bytes, book_[*slow].number);
  if (side.out.empty() || sent.wait || side.blocked) {
    side.pace.keep_none();
  } else {
    wake_at(side.pace.keep(time));
  }
}

void ProxiedStream::send_to(Side& side, Side& from) {
  if (done_ || !side.ready || side.told_end || side.blocked) {
    return;
  }
  auto time = now();
  bool answers = &side == &client_;
  auto cuts = answers ? book_.next(use_, Mode::cut) : std::nullopt;
  ByteQueue::Sent sent =
      side.out.send(side.socket, time, bound(side, cuts, time));
  side.sent = cuts ? side.sent + sent.bytes : 0;
  side.blocked = sent.blocked;
  if (sent.error != 0) {
    reset();
    return;
  }
  if (sent.wait) {
    wake_at(*sent.wait);
  }
  keep_pace(side, sent, time);
  bool full =
      cuts && side.sent >= static_cast<std::uint64_t>(book_[*cuts].number);
  // In order, with all that it had to say.
  bool held = !answers && requests_ && requests_->held() > 0;
  bool over = from.ready && from.ended && server_error_ == 0 && !held;
  if (full && !side.out.empty()) {
    cut(*cuts);
  } else if (side.out.empty() && (over || (answers && cut_))) {
    end_sending(side.socket);
    side.told_end = true;
  }
}

// The end of a stream, as of a server that died in order: no reset.
void ProxiedStream::cut(std::size_t fault) {
  book_.meet(
      use_, fault,
      "an answer of " + use_.to + " was cut after " +
          format_bytes(Bytes{static_cast<std::uint64_t>(book_[fault].number)}));
  client_.out.clear();
  cut_ = true;
  end_sending(client_.socket);
  client_.told_end = true;
}

void ProxiedStream::wake_at(ByteQueue::Time time) {
  if (wakes_ && *wakes_ <= time) {
    return;
  }
  wakes_ = time;
  auto delay = std::max(nanoseconds(0), nanoseconds(time - now()));
  loop_.after(delay, [weak = weak_from_this()] {
    if (auto stream = weak.lock()) {
      stream->wakes_.reset();
      stream->pump();
    }
  });
}

// The workload hears of a server that failed when nothing is left for it.
void ProxiedStream::look_for_end() {
  if (done_) {
    return;
  }
  bool alone = !server_.ready && (book_.next(use_, Mode::answer) ||
                                  book_.next(use_, Mode::reset));
  if (server_error_ != 0 && client_.out.empty() && !alone && !cut_) {
    reset();
    return;
  }
  bool whole = client_.told_end && (server_.told_end || cut_);
  bool gone = client_.ended && client_.out.empty() &&
              (server_.ended || (!server_.ready && server_.out.empty()));
  if (!(whole && (client_.ended || !cut_)) && !gone) {
    return;
  }
  done_ = true;
  over_();
}

void ProxiedStream::begin(std::size_t fault) {
  auto alive = shared_from_this();
  Mode mode = book_[fault].mode;
  bool ends = (mode == Mode::refuse || mode == Mode::reset) && client_.ready &&
              is_open() && book_.next(use_, mode) == fault;
  ends ? break_off(fault) : pump();
}

// Unread bytes stay so: without them unix(7) tells an end.
void ProxiedStream::break_off(std::size_t fault) {
  book_.meet(use_, fault,
             "a connection to " + use_.to + " was " +
                 (can_reset(client_.socket) ? "reset" : "ended"));
  reset();
}

void ProxiedStream::reset() {
  if (std::exchange(done_, true)) {
    return;
  }
  for (Side* side : {&client_, &server_}) {
    if (std::exchange(side->watched, 0) != 0) {
      crowd_.unwatch(side->socket.get());
    }
    if (side->socket) {
      close_with_reset(side->socket);
    }
  }
  if (over_) {
    over_();
  }
}

void ProxiedStream::watch(Side& side, Side& other) {
  bool full = &side == &client_ && requests_ && requests_->is_full();
  bool reads =
      side.ready && !side.ended && (cut_ || (!full && other.out.room() > 0));
  bool writes = side.blocked || (!side.ready && !side.ended);
  int events = (reads ? POLLIN : 0) | (writes ? POLLOUT : 0);
  if (!side.socket || events == side.watched) {
    return;
  }
  side.watched = events;
  if (events == 0) {
    crowd_.unwatch(side.socket.get());
    return;
  }
  bool client = &side == &client_;
  Result<> watched = crowd_.watch(side.socket.get(), static_cast<short>(events),
                                  [this, client](short seen) {
                                    client ? on_client(seen) : on_server(seen);
                                  });
  if (!watched) {
    reset();  // the kernel watches no more of them for us
  }
}

}  // namespace faultrig
