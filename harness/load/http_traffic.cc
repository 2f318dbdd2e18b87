// Requests at a rate, in an open loop: each is due at its time, whatever became
// of those before, and its record tells that time, so that a server which
// stalls cannot hide the requests that would have come meanwhile (coordinated
// omission). What is due and finds no connection free waits, and is told as
// never sent when it waited to the end: that limit is ours. Nothing is asked
// twice: a request that was lost on a connection which the server just closed
// is a fact of its own.
#include <algorithm>
#include <cerrno>
#include <deque>
#include <map>
#include <optional>
#include <utility>

#include "harness/load/http_link.h"
#include "harness/load/rate_plan.h"
#include "harness/load/target.h"
#include "harness/load/traffic.h"
#include "harness/os/shim_processes.h"

namespace faultrig {

namespace {

constexpr std::int64_t kPause = 10'000'000;  // nanoseconds, after a refusal

class HttpTraffic final : public Traffic, public HttpLinkOwner {
 public:
  HttpTraffic(Load load, TrafficPlace place)
      : load_(std::move(load)), place_(std::move(place)) {}

  void begin() override;
  void stop() override;
  int outstanding() const override { return busy_; }
  int in_flight() const override { return in_flight_; }
  void give_up() override;
  std::vector<OpenConnection> connections() const override;
  LoadTally tally() const override;

  const Load& load() const override { return load_; }
  const TrafficPlace& place() const override { return place_; }
  void asked() override;
  void finished(HttpLink& link, const RequestRecord& record,
                bool reusable) override;
  void drop(HttpLink& link) override;

 private:
  void pump();
  void launch();
  void note_connection(const RequestRecord& record);
  void tell(const RequestRecord& record);
  HttpLink& free_link(bool& reused);
  bool may_launch(std::int64_t now) const;
  std::uint64_t due(std::int64_t now) const;
  void wake_at(std::int64_t at_ns);
  std::string request_text(std::uint64_t n) const;

  Load load_;
  TrafficPlace place_;
  std::optional<RatePlan> plan_;  // none: a closed loop
  bool running_ = false;
  bool pumping_ = false;
  bool armed_ = false;
  std::uint64_t launched_ = 0;
  std::uint64_t planned_ = 0;      // when it has stopped
  std::uint64_t made_ = 0;         // connections
  std::int64_t paused_until_ = 0;  // 0: connections are made
  int busy_ = 0;
  int in_flight_ = 0;
  int most_ = 0;
  std::map<std::uint64_t, std::unique_ptr<HttpLink>> links_;
  std::deque<std::uint64_t> idle_;
};

void HttpTraffic::begin() {
  running_ = true;
  if (load_.rate > 0) {
    plan_.emplace(load_.rate, monotonic_ns());
  }
  pump();
}

void HttpTraffic::stop() {
  if (!running_) {
    return;
  }
  planned_ = std::max(due(monotonic_ns()), launched_);
  running_ = false;
}

// In a closed loop nothing is due that is not sent.
std::uint64_t HttpTraffic::due(std::int64_t now) const {
  return plan_ ? plan_->due(now) : launched_;
}

bool HttpTraffic::may_launch(std::int64_t now) const {
  if (!running_ || busy_ >= load_.connections || place_.is_behind() ||
      now < paused_until_) {
    return false;
  }
  return !plan_ || launched_ < plan_->due(now);
}

void HttpTraffic::pump() {
  if (std::exchange(pumping_, true)) {
    return;
  }
  while (may_launch(monotonic_ns())) {
    launch();
  }
  pumping_ = false;
  std::int64_t now = monotonic_ns();
  if (running_ && place_.is_behind()) {
    wake_at(now + kPause);
  } else if (running_ && now < paused_until_) {
    wake_at(paused_until_);
  } else if (running_ && plan_ && busy_ < load_.connections) {
    wake_at(plan_->due_at(launched_ + 1));
  }
}

void HttpTraffic::wake_at(std::int64_t at_ns) {
  if (std::exchange(armed_, true)) {
    return;
  }
  place_.reactor->at(at_ns, [this] {
    armed_ = false;
    pump();
  });
}

void HttpTraffic::launch() {
  if (paused_until_ != 0) {  // one at a time, until one is made
    paused_until_ = monotonic_ns() + kPause;
  }
  RequestRecord record;
  record.load = load_.name;
  record.n = ++launched_;
  record.planned_ns = plan_ ? plan_->due_at(launched_) : monotonic_ns();
  ++busy_;
  most_ = std::max(most_, busy_);
  HttpLink& link = free_link(record.reused);
  std::string text = request_text(record.n);
  link.ask(std::move(record), std::move(text));
}

// One that waits and is not closed yet; else a new one.
HttpLink& HttpTraffic::free_link(bool& reused) {
  while (!idle_.empty()) {
    std::uint64_t number = idle_.front();
    idle_.pop_front();
    HttpLink& link = *links_.at(number);
    if (!link.is_over()) {
      reused = true;
      return link;
    }
    links_.erase(number);
  }
  std::uint64_t number = ++made_;
  auto link = std::make_unique<HttpLink>(*this, number);
  return *links_.emplace(number, std::move(link)).first->second;
}

std::string HttpTraffic::request_text(std::uint64_t n) const {
  constexpr std::string_view kNumber = "${n}";
  HttpRequest request{load_.method, place_.host, load_.path, load_.body,
                      load_.keep_alive};
  std::string number = std::to_string(n);
  std::size_t at = 0;
  while ((at = request.body.find(kNumber, at)) != std::string::npos) {
    request.body.replace(at, kNumber.size(), number);
    at += number.size();
  }
  return text_of(request);
}

void HttpTraffic::asked() {
  ++in_flight_;
  place_.asked();
}

void HttpTraffic::tell(const RequestRecord& record) {
  --busy_;
  if (record.connected_ns != 0) {
    --in_flight_;
  }
  place_.ended(record);
}

void HttpTraffic::finished(HttpLink& link, const RequestRecord& record,
                           bool reusable) {
  tell(record);
  note_connection(record);
  if (reusable) {
    idle_.push_back(link.number());
  } else {
    links_.erase(link.number());
  }
  pump();
}

// What we cannot have we do not ask for again. A closed loop whom nobody lets
// in would run hot: it tries one connection at a time, until one is made.
void HttpTraffic::note_connection(const RequestRecord& record) {
  if (record.end == RequestEnd::own_limit) {
    load_.connections = std::max(1, busy_);
  }
  if (record.connected_ns == 0 && !plan_) {
    paused_until_ = monotonic_ns() + kPause;
  } else if (!record.reused) {
    paused_until_ = 0;
  }
}

void HttpTraffic::drop(HttpLink& link) {
  std::uint64_t number = link.number();
  std::erase(idle_, number);
  links_.erase(number);
}

void HttpTraffic::give_up() {
  for (auto& [number, link] : links_) {
    if (link->busy()) {
      tell(link->given_up());
    }
  }
  idle_.clear();
  links_.clear();
}

std::vector<OpenConnection> HttpTraffic::connections() const {
  std::vector<OpenConnection> all;
  for (const auto& [number, link] : links_) {
    all.push_back(link->standing());
  }
  return all;
}

LoadTally HttpTraffic::tally() const {
  std::uint64_t planned = running_ ? due(monotonic_ns()) : planned_;
  return {load_.name, planned, launched_, planned - launched_, most_};
}

}  // namespace

RequestEnd end_without_connection(int os_errno) {
  switch (os_errno) {
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
    case EADDRNOTAVAIL:
      return RequestEnd::own_limit;
    default:
      return RequestEnd::refused;
  }
}

std::unique_ptr<Traffic> http_traffic(Load load, TrafficPlace place) {
  return std::make_unique<HttpTraffic>(std::move(load), std::move(place));
}

}  // namespace faultrig
