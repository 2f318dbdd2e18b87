// Connections that are opened and held: what a client does that has died, that
// is slow, or that waits between two requests. A server which shuts down has to
// end them by itself; when it did is what their records tell. A connection of
// these kinds is one record, which ends with it.
#include <cerrno>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "harness/load/http_messages.h"
#include "harness/load/target.h"
#include "harness/load/traffic.h"
#include "harness/load/web_socket.h"
#include "harness/os/shim_processes.h"

namespace faultrig {

namespace {

constexpr int kSwitchingProtocols = 101;
constexpr std::size_t kBody = 1024;  // bytes, where the load has none

class HeldTraffic;

class HeldLink final : public ConnectionUser {
 public:
  HeldLink(HeldTraffic& owner, RequestRecord record)
      : owner_(owner), record_(std::move(record)) {}
  void connect();
  bool is_open() const { return open_; }
  RequestRecord given_up();
  OpenConnection standing() const;

  void connected(int os_errno) override;
  void sent(int os_errno) override;
  void received(std::string_view bytes) override;
  void ended(int os_errno) override;

 private:
  void finish(RequestEnd end, int os_errno);
  void note_reply();
  void send_answer();
  void take_frames(std::string_view bytes);
  // What is asked on it is on its way.
  bool in_flight() const;

  HeldTraffic& owner_;
  bool open_ = true;
  RequestRecord record_;
  Reply reply_;
  std::string answer_;  // to frames, that is to be sent
  bool sending_ = false;
  std::optional<WebSocket> web_socket_;  // after its handshake
  std::optional<Connection> connection_;
};

class HeldTraffic final : public Traffic {
 public:
  HeldTraffic(Load load, TrafficPlace place)
      : load_(std::move(load)), place_(std::move(place)) {}

  void begin() override;
  void stop() override {}
  int outstanding() const override { return open_; }
  int in_flight() const override { return 0; }
  void give_up() override;
  std::vector<OpenConnection> connections() const override;
  LoadTally tally() const override;

  const Load& load() const { return load_; }
  const TrafficPlace& place() const { return place_; }
  // What is sent on each at first, and no more.
  std::string opening() const;
  // The last thing that a link does.
  void finished(const RequestRecord& record);

 private:
  Load load_;
  TrafficPlace place_;
  int open_ = 0;
  std::map<std::uint64_t, std::unique_ptr<HeldLink>> links_;
};

void HeldLink::connect() {
  const TrafficPlace& place = owner_.place();
  connection_.emplace(*place.reactor, place.to, *this, place.wire);
}

void HeldLink::connected(int os_errno) {
  if (os_errno != 0) {
    finish(end_without_connection(os_errno), os_errno);
    return;
  }
  record_.connected_ns = monotonic_ns();
  std::string opening = owner_.opening();
  if (!opening.empty()) {
    sending_ = true;
    connection_->send(std::move(opening));
  }
}

void HeldLink::sent(int os_errno) {
  sending_ = false;
  if (os_errno == 0 && record_.sent_ns == 0) {
    record_.sent_ns = monotonic_ns();
  }
  send_answer();
}

void HeldLink::send_answer() {
  if (!sending_ && !answer_.empty()) {
    sending_ = true;
    connection_->send(std::exchange(answer_, std::string()));
  }
}

void HeldLink::received(std::string_view bytes) {
  if (record_.first_byte_ns == 0) {
    record_.first_byte_ns = monotonic_ns();
  }
  record_.bytes += bytes.size();
  if (web_socket_) {
    take_frames(bytes);
    return;
  }
  (void)reply_.feed(bytes);  // what it was is told by its status
  bool asked = owner_.load().kind == Load::Kind::websocket;
  if (asked && reply_.complete() && reply_.status() == kSwitchingProtocols) {
    web_socket_.emplace();
    take_frames(reply_.rest());
  }
}

void HeldLink::take_frames(std::string_view bytes) {
  answer_ += web_socket_->feed(bytes);
  send_answer();
}

// What was to be a WebSocket and never was is no connection of that kind.
void HeldLink::ended(int os_errno) {
  bool never = owner_.load().kind == Load::Kind::websocket && !web_socket_;
  finish(never && reply_.is_http() ? RequestEnd::wrong : RequestEnd::closed,
         os_errno);
}

void HeldLink::note_reply() {
  record_.status = reply_.status();
  record_.complete = reply_.complete();
  if (web_socket_ && web_socket_->close_code() != 0) {
    record_.word = fmt::format("close {}", web_socket_->close_code());
  } else if (web_socket_) {
    record_.word = web_socket_->is_broken() ? "broken frame" : "no close frame";
  }
}

void HeldLink::finish(RequestEnd end, int os_errno) {
  open_ = false;
  record_.last_byte_ns = monotonic_ns();
  record_.end = end;
  record_.os_errno = os_errno;
  note_reply();
  owner_.finished(record_);
}

RequestRecord HeldLink::given_up() {
  open_ = false;
  record_.end =
      record_.connected_ns != 0 ? RequestEnd::held : RequestEnd::timed_out;
  note_reply();
  return record_;
}

bool HeldLink::in_flight() const {
  Load::Kind kind = owner_.load().kind;
  bool asks = kind == Load::Kind::idle || kind == Load::Kind::websocket;
  return open_ && asks && record_.connected_ns != 0 && !reply_.complete();
}

OpenConnection HeldLink::standing() const {
  using Kind = Load::Kind;
  using Step = OpenConnection::Step;
  OpenConnection standing{owner_.load().name, record_.n, record_.connection,
                          connection_->local(), owner_.place().to};
  standing.mixed = owner_.place().wire.tls;
  Kind kind = owner_.load().kind;
  if (kind == Kind::half_head || kind == Kind::half_body) {
    standing.step = Step::sending;
  } else if (in_flight()) {
    standing.step = record_.first_byte_ns != 0 ? Step::answering : Step::asked;
  } else {
    standing.n = 0;
  }
  return standing;
}

void HeldTraffic::begin() {
  auto count = static_cast<std::uint64_t>(load_.connections);
  std::int64_t now = monotonic_ns();
  open_ = load_.connections;
  for (std::uint64_t n = 1; n <= count; ++n) {
    RequestRecord record{
        .load = load_.name, .n = n, .connection = n, .planned_ns = now};
    auto link = std::make_unique<HeldLink>(*this, std::move(record));
    links_.emplace(n, std::move(link)).first->second->connect();
  }
}

std::string HeldTraffic::opening() const {
  HttpRequest request{load_.method, place_.host, load_.path, load_.body, true};
  switch (load_.kind) {
    case Load::Kind::idle:
      return text_of(request);
    case Load::Kind::websocket:
      request.lines = web_socket_lines();
      return text_of(request);
    case Load::Kind::half_head: {
      std::string text = text_of(request);
      return text.substr(0, text.find("\r\n\r\n") - 1);
    }
    case Load::Kind::half_body: {
      request.method = load_.method == "GET" ? "POST" : load_.method;
      if (request.body.size() < 2) {
        request.body.assign(kBody, 'x');
      }
      std::string text = text_of(request);
      return text.substr(0, text.size() - request.body.size() / 2);
    }
    default:
      return "";
  }
}

void HeldTraffic::finished(const RequestRecord& record) {
  std::uint64_t connection = record.connection;
  --open_;
  place_.ended(record);
  links_.erase(connection);
}

void HeldTraffic::give_up() {
  for (auto& [n, link] : links_) {
    if (link->is_open()) {
      --open_;
      place_.ended(link->given_up());
    }
  }
  links_.clear();
}

std::vector<OpenConnection> HeldTraffic::connections() const {
  std::vector<OpenConnection> all;
  for (const auto& [n, link] : links_) {
    all.push_back(link->standing());
  }
  return all;
}

LoadTally HeldTraffic::tally() const {
  auto count = static_cast<std::uint64_t>(load_.connections);
  return {load_.name, count, count, 0, load_.connections};
}

}  // namespace

std::unique_ptr<Traffic> held_traffic(Load load, TrafficPlace place) {
  return std::make_unique<HeldTraffic>(std::move(load), std::move(place));
}

}  // namespace faultrig
