// The driver's process: one thread, one event loop, made after the fork. What
// it was told over its socket it does between two events; what it tells goes
// out as fast as it is read, and while it is not, no new request is sent.
#include <fcntl.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include <boost/system/system_error.hpp>
#include <fmt/format.h>

#include "harness/base/fd.h"
#include "harness/load/driver.h"
#include "harness/load/health.h"
#include "harness/load/listeners.h"
#include "harness/load/reactor.h"
#include "harness/load/readiness.h"
#include "harness/load/target.h"
#include "harness/load/traffic.h"
#include "harness/os/shim_processes.h"
#include "harness/os/stand_apart.h"

namespace faultrig {

namespace {

constexpr std::int64_t kMillisecond = 1'000'000;  // nanoseconds
constexpr std::int64_t kOften = kMillisecond;
constexpr std::int64_t kSeldom = 5 * kMillisecond;
constexpr std::int64_t kFirst = 50 * kMillisecond;  // often, from the start
constexpr std::size_t kSpare = 4;
constexpr std::int64_t kMarked = 1000 * kMillisecond;   // often, from a mark
constexpr std::int64_t kOpening = 5000 * kMillisecond;  // a port, behind others
constexpr std::size_t kMostLeft = 8 << 20;  // bytes that nobody has read

// Where a load goes that the service does not listen for.
Error no_place(const Load& load, int port) {
  return usage_error(
      port == 0 ? fmt::format("load {}: the service listens nowhere", load.name)
                : fmt::format("load {}: the service does not listen on port {}",
                              load.name, port));
}

class DriverProcess {
 public:
  DriverProcess(const DriveOrder& order, int socket, InetSockets sockets)
      : order_(order),
        lines_(socket),
        sockets_(std::move(sockets)),
        listeners_(sockets_, order.pids),
        readiness_(reactor_, sockets_, order.service,
                   [this](const DriverNews& news) { note_readiness(news); }),
        often_until_(monotonic_ns() + kFirst) {}

  void run();

 private:
  void tell(const DriverNews& news);
  void flush();
  void look();
  bool hear();
  void obey(const DriverOrder& order);
  void note_readiness(const DriverNews& news);
  void begin_load();
  void start_traffics();
  const Load* awaited() const;
  Result<std::unique_ptr<Traffic>> traffic_for(const Load& load);
  void mark(const std::string& name);
  void watch_stop();
  void seek();
  void end_load(std::int64_t within);
  void give_up();
  void note_end();
  void note_asked();
  void fail(const Error& why);

  const DriveOrder& order_;
  LineSocket lines_;
  InetSockets sockets_;
  Reactor reactor_;
  Listeners listeners_;
  Readiness readiness_;
  std::int64_t often_until_;
  std::int64_t looked_ns_ = 0;
  struct Asked {  // beside the load
    std::optional<HealthWatch> health;
    std::optional<Seeker> seeker;
    std::vector<Fd> spare;  // descriptors that no load gets
  };
  Asked asked_;
  std::vector<std::unique_ptr<Traffic>> traffics_;
  bool flushing_ = false;
  struct Beginning {
    bool asks = false;                        // it is not known yet where
    std::optional<std::int64_t> waits_until;  // for a port that a load names
  };
  Beginning beginning_;
  bool ending_ = false;
  bool done_ = false;
  int most_in_flight_ = 0;
};

// A load may use up all others, and looking at who has a socket takes some.
std::vector<Fd> spare_descriptors() {
  std::vector<Fd> spare;
  while (spare.size() < kSpare) {
    auto opened = open_file(AT_FDCWD, "/dev/null", O_RDONLY);
    spare.push_back(opened ? std::move(*opened) : Fd());
  }
  return spare;
}

void DriverProcess::run() {
  asked_.spare = spare_descriptors();
  reactor_.watch(lines_.fd(), [this] { return hear(); });
  look();
  reactor_.run();
}

void DriverProcess::tell(const DriverNews& news) {
  lines_.put(to_line(news));
  flush();
}

void DriverProcess::flush() {
  lines_.flush();
  if (lines_.left() > 0 && !std::exchange(flushing_, true)) {
    reactor_.at(monotonic_ns() + kOften, [this] {
      flushing_ = false;
      flush();
    });
  }
}

void DriverProcess::fail(const Error& why) {
  tell(DriverFailed{why.what});
  reactor_.stop();
}

void DriverProcess::look() {
  std::int64_t before = monotonic_ns();
  auto changed = listeners_.look(!readiness_.is_told());
  if (!changed) {
    fail(changed.error());
    return;
  }
  if (auto shared = listeners_.shared()) {
    fail(internal_error("another process listens at " + *shared +
                        " too, so whose answers come is not known"));
    return;
  }
  std::int64_t now = monotonic_ns();
  if (*changed) {
    tell(ServiceListens{now, listeners_.addresses(), looked_ns_});
  }
  looked_ns_ = before;
  readiness_.look(listeners_);
  if (beginning_.waits_until && !ending_) {
    start_traffics();
  }
  reactor_.at(now + (now < often_until_ ? kOften : kSeldom),
              [this] { look(); });
}

bool DriverProcess::hear() {
  auto lines = lines_.take();
  if (!lines || lines_.is_over()) {
    reactor_.stop();
    return false;
  }
  for (const std::string& line : *lines) {
    auto order = order_from(line);
    if (!order) {
      fail(order.error());
      return false;
    }
    obey(*order);
  }
  return true;
}

void DriverProcess::obey(const DriverOrder& order) {
  switch (order.kind) {
    case DriverOrder::Kind::be_ready:
      readiness_.be_ready();
      break;
    case DriverOrder::Kind::begin_load:
      begin_load();
      break;
    case DriverOrder::Kind::mark:
      mark(order.name);
      break;
    case DriverOrder::Kind::end_load:
      end_load(order.within.count());
      break;
    case DriverOrder::Kind::watch_stop:
      watch_stop();
      break;
    case DriverOrder::Kind::seek:
      seek();
      break;
  }
}

void DriverProcess::note_readiness(const DriverNews& news) {
  if (!std::exchange(beginning_.asks, false)) {
    tell(news);
  } else if (!ending_) {
    start_traffics();
  }
}

// Of several listeners, those that are asked nothing until they are ready are
// asked now which of them speaks HTTP.
void DriverProcess::begin_load() {
  if (readiness_.is_certain(listeners_)) {
    start_traffics();
    return;
  }
  beginning_.asks = true;
  readiness_.ask_which();
}

// A load whose port is not open yet: it may be behind the one that made it
// ready.
const Load* DriverProcess::awaited() const {
  const std::vector<Load>& loads = order_.service.load;
  auto found =
      std::find_if(loads.begin(), loads.end(), [this](const Load& one) {
        return one.port != 0 && !listeners_.at_port(one.port);
      });
  return found == loads.end() ? nullptr : &*found;
}

void DriverProcess::start_traffics() {
  std::int64_t now = monotonic_ns();
  std::int64_t until = beginning_.waits_until.value_or(now + kOpening);
  if (awaited() != nullptr && now < until) {
    beginning_.waits_until = until;
    return;
  }
  beginning_.waits_until.reset();
  for (const Load& load : order_.service.load) {
    auto traffic = traffic_for(load);
    if (!traffic) {
      fail(traffic.error());
      return;
    }
    traffics_.push_back(std::move(*traffic));
  }
  for (auto& traffic : traffics_) {
    traffic->begin();
  }
}

Result<std::unique_ptr<Traffic>> DriverProcess::traffic_for(const Load& load) {
  auto listener = readiness_.chosen();
  if (load.port != 0) {
    listener = listeners_.at_port(load.port);
  }
  if (!listener) {
    return no_place(load, load.port);
  }
  TrafficPlace place;
  place.reactor = &reactor_;
  place.to = address_to_reach(*listener);
  place.host = load.host.empty() ? place.to.text() : load.host;
  place.wire = {load.tls, place.host, ""};
  place.ended = [this](const RequestRecord& record) {
    tell(record);
    note_end();
  };
  place.asked = [this] { note_asked(); };
  place.is_behind = [this] { return lines_.left() > kMostLeft; };
  return load.is_held() ? held_traffic(load, place)
                        : asked_traffic(load, place);
}

void DriverProcess::note_asked() {
  int in_flight = 0;
  for (const auto& traffic : traffics_) {
    in_flight += traffic->in_flight();
  }
  if (order_.tell_each_ask || in_flight > most_in_flight_) {
    most_in_flight_ = std::max(most_in_flight_, in_flight);
    tell(MoreInFlight{monotonic_ns(), in_flight});
  }
}

void DriverProcess::mark(const std::string& name) {
  std::int64_t now = monotonic_ns();
  auto dump = sockets_.all();
  if (!dump) {
    fail(dump.error());
    return;
  }
  std::vector<OpenConnection> open;
  for (const auto& traffic : traffics_) {
    auto more = traffic->connections();
    open.insert(open.end(), more.begin(), more.end());
  }
  often_until_ = now + kMarked;
  asked_.spare.clear();
  std::set<std::uint64_t> held =
      held_sockets(order_.pids(), other_ends(open, *dump));
  asked_.spare = spare_descriptors();
  tell(Marked{now, name, whereabouts(open, *dump, &held)});
}

void DriverProcess::seek() {
  const auto& at = readiness_.chosen();
  if (!at) {
    fail(usage_error("the service listens nowhere"));
    return;
  }
  asked_.seeker.emplace(reactor_, address_to_reach(*at), order_.seek,
                        [this](const DriverNews& news) { tell(news); });
  asked_.seeker->begin();
}

void DriverProcess::watch_stop() {
  often_until_ = std::max(often_until_, monotonic_ns() + kMarked);
  const auto& at = readiness_.chosen();
  if (order_.watch_health && at && !asked_.health) {
    asked_.health.emplace(reactor_, address_to_reach(*at), order_.service.ready,
                          [this](const ServiceHealth& news) { tell(news); });
    asked_.health->ask();
  }
}

void DriverProcess::end_load(std::int64_t within) {
  ending_ = true;
  const Load* load = beginning_.waits_until ? awaited() : nullptr;
  if (load != nullptr) {  // in vain: nothing was asked at all
    fail(no_place(*load, load->port));
    return;
  }
  for (auto& traffic : traffics_) {
    traffic->stop();
  }
  note_end();
  if (!done_) {
    reactor_.at(monotonic_ns() + within, [this] { give_up(); });
  }
}

void DriverProcess::give_up() {
  for (auto& traffic : traffics_) {
    traffic->give_up();
  }
  note_end();
}

void DriverProcess::note_end() {
  bool outstanding = std::any_of(
      traffics_.begin(), traffics_.end(),
      [](const auto& traffic) { return traffic->outstanding() > 0; });
  if (!ending_ || outstanding || std::exchange(done_, true)) {
    return;
  }
  LoadDone news{monotonic_ns(), {}};
  for (const auto& traffic : traffics_) {
    news.loads.push_back(traffic->tally());
  }
  tell(news);
}

Result<> run_process(const DriveOrder& order, int socket) {
  std::vector<int> keep = order.keep;
  keep.push_back(socket);
  std::vector<int> spaces = {order.user, order.network};
  std::erase(spaces, -1);
  TRY(stand_apart(spaces, std::move(keep)));
  TRY_ASSIGN(InetSockets sockets, InetSockets::open());
  try {
    DriverProcess(order, socket, std::move(sockets)).run();
  } catch (const boost::system::system_error& failed) {  // of Asio
    return system_error("the driver's loop", failed.code().value());
  } catch (const std::exception&) {
    return internal_error("the driver's loop ended by an exception");
  }
  return Ok{};
}

}  // namespace

int drive(const DriveOrder& order, int socket) {
  auto done = run_process(order, socket);
  if (!done) {
    LineSocket(socket).put(to_line(DriverFailed{done.error().what}));
  }
  return done ? 0 : 1;
}

}  // namespace faultrig
