// Requests at a rate, in an open loop: each is due at its time, whatever became
// of those before, and its record tells that time, so that a server which
// stalls cannot hide the requests that would have come meanwhile (coordinated
// omission). What is due and finds no connection free waits, and is told as
// never sent when it waited to the end: that limit is ours. In a closed loop a
// connection asks again when it was answered; what is opened to stay open is
// asked for once.
#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include "harness/load/carrier.h"
#include "harness/load/rate_plan.h"
#include "harness/load/traffic.h"
#include "harness/os/shim_processes.h"

namespace faultrig {

namespace {

constexpr std::int64_t kPause = 10'000'000;  // nanoseconds, after a refusal

class AskedTraffic final : public Traffic, public CarrierUser {
 public:
  AskedTraffic(const Load& load, TrafficPlace place)
      : load_(load),
        wanted_(load_),
        place_(std::move(place)),
        most_at_once_(load.connections * load.streams),
        carrier_(load.protocol == Load::Protocol::http1 ? http_carrier(*this)
                                                        : h2_carrier(*this)) {}

  void begin() override;
  void stop() override;
  int outstanding() const override { return busy_; }
  int in_flight() const override { return in_flight_; }
  void give_up() override;
  std::vector<OpenConnection> connections() const override {
    return carrier_->connections();
  }
  LoadTally tally() const override;

  const Load& load() const override { return load_; }
  const Wanted& wanted() const override { return wanted_; }
  const TrafficPlace& place() const override { return place_; }
  void asked() override;
  void finished(const RequestRecord& record) override;

 private:
  void pump();
  void launch();
  void note_connection(const RequestRecord& record);
  void tell(const RequestRecord& record);
  bool may_launch(std::int64_t now) const;
  std::uint64_t due(std::int64_t now) const;
  void wake_at(std::int64_t at_ns);

  const Load load_;
  const Wanted wanted_;
  TrafficPlace place_;
  int most_at_once_;  // requests
  std::unique_ptr<Carrier> carrier_;
  std::optional<RatePlan> plan_;  // none: a closed loop, or once
  bool running_ = false;
  bool pumping_ = false;
  bool armed_ = false;
  std::uint64_t launched_ = 0;
  std::uint64_t planned_ = 0;      // when it has stopped
  std::int64_t paused_until_ = 0;  // 0: connections are made
  int busy_ = 0;
  int in_flight_ = 0;
  int most_ = 0;
};

void AskedTraffic::begin() {
  running_ = true;
  if (load_.rate > 0) {
    plan_.emplace(load_.rate, monotonic_ns());
  }
  pump();
}

void AskedTraffic::stop() {
  if (!running_) {
    return;
  }
  planned_ = std::max(due(monotonic_ns()), launched_);
  running_ = false;
}

// In a closed loop nothing is due that is not sent.
std::uint64_t AskedTraffic::due(std::int64_t now) const {
  if (load_.is_once()) {
    return static_cast<std::uint64_t>(load_.connections);
  }
  return plan_ ? plan_->due(now) : launched_;
}

bool AskedTraffic::may_launch(std::int64_t now) const {
  if (!running_ || busy_ >= most_at_once_ || place_.is_behind() ||
      now < paused_until_) {
    return false;
  }
  bool unlimited = !plan_ && !load_.is_once();
  return unlimited || launched_ < due(now);
}

void AskedTraffic::pump() {
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
  } else if (running_ && plan_ && busy_ < most_at_once_) {
    wake_at(plan_->due_at(launched_ + 1));
  }
}

void AskedTraffic::wake_at(std::int64_t at_ns) {
  if (std::exchange(armed_, true)) {
    return;
  }
  place_.reactor->at(at_ns, [this] {
    armed_ = false;
    pump();
  });
}

void AskedTraffic::launch() {
  if (paused_until_ != 0) {  // one at a time, until one is made
    paused_until_ = monotonic_ns() + kPause;
  }
  RequestRecord record;
  record.load = load_.name;
  record.n = ++launched_;
  record.planned_ns = plan_ ? plan_->due_at(launched_) : monotonic_ns();
  ++busy_;
  most_ = std::max(most_, busy_);
  carrier_->ask(std::move(record));
}

void AskedTraffic::asked() {
  ++in_flight_;
  place_.asked();
}

void AskedTraffic::tell(const RequestRecord& record) {
  --busy_;
  if (record.connected_ns != 0) {
    --in_flight_;
  }
  place_.ended(record);
}

void AskedTraffic::finished(const RequestRecord& record) {
  tell(record);
  note_connection(record);
  pump();
}

// What we cannot have we do not ask for again. A closed loop whom nobody lets
// in would run hot: it tries one connection at a time, until one is made.
void AskedTraffic::note_connection(const RequestRecord& record) {
  if (record.end == RequestEnd::own_limit) {
    most_at_once_ = std::max(1, busy_);
  }
  bool refused = record.connected_ns == 0 || record.end == RequestEnd::refused;
  if (refused && !plan_) {
    paused_until_ = monotonic_ns() + kPause;
  } else if (!record.reused || record.end == RequestEnd::answered) {
    paused_until_ = 0;
  }
}

void AskedTraffic::give_up() {
  for (const RequestRecord& record : carrier_->give_up()) {
    tell(record);
  }
}

LoadTally AskedTraffic::tally() const {
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

std::unique_ptr<Traffic> asked_traffic(const Load& load, TrafficPlace place) {
  return std::make_unique<AskedTraffic>(load, std::move(place));
}

}  // namespace faultrig
