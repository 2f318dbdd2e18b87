// A service runs until it is told to stop. A fault may do that; where none
// does, we stop it ourselves when it has run long enough to suffer its faults,
// and to recover from them, as a platform would: SIGTERM, its grace, SIGKILL.
//
// What was in flight at the signal is no guess: while the service is frozen,
// one dump of the kernel's sockets tells for each of our connections what the
// server had read of it (sock_diag(7)).
#include "harness/run/service_life.h"

#include <poll.h>

#include <algorithm>
#include <variant>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/os/living_thread.h"
#include "harness/os/shim_processes.h"
#include "harness/run/driver_facts.h"

namespace faultrig {

namespace {

// How long a service that no fault stops runs, ready and with all its faults
// active: without load until it idles, with load until each connection has
// asked a few times.
constexpr std::chrono::milliseconds kIdleRun{200};
constexpr std::chrono::milliseconds kLoadedRun{1000};
constexpr std::chrono::milliseconds kFileLook{5};
// A freezer waits for what is in the kernel; longer than this nobody waits for
// an answer.
constexpr std::chrono::milliseconds kFreeze{200};
constexpr std::chrono::milliseconds kMark{2000};
// And for each connection, of which there may be thousands.
constexpr std::chrono::milliseconds kMarkOfOne{1};
// From the end of the service to the end of its connections.
constexpr std::chrono::milliseconds kLastAnswers{1000};
constexpr std::chrono::seconds kMostTelling{20};
constexpr const char* kNobodyAsks = "nobody could ask it for anything";

Observation about_service(Fact fact) {
  Observation out;
  out.fact = fact;
  out.link = link_name(Link::service);
  return out;
}

// How long the driver may take to look at all its connections, or to tell of
// them.
std::chrono::milliseconds time_to_look(const Service& service) {
  auto most = kMark;
  for (const Load& load : service.load) {
    most += kMarkOfOne * load.connections * load.streams;
  }
  return most;
}

}  // namespace

ServiceLife::ServiceLife(const Workload& workload, int end_signal, Tools tools)
    : workload_(workload),
      service_(*workload.service),
      end_signal_(end_signal),
      tools_(std::move(tools)),
      sign_(service_.ready, workload.cwd),
      files_(tools_.watch.files, workload.cwd) {
  files_.look("start", {}, tools_.recorder);
}

ServiceLife::~ServiceLife() {
  if (driver_) {
    tools_.loop.unwatch(driver_->fd());
  }
}

void ServiceLife::started(int pid, bool own_network) {
  DriveOrder order;
  order.service = service_;
  order.pids = tools_.pids;
  order.watch_health = tools_.watch.health;
  order.tell_each_ask = tools_.watch.each_ask;
  order.seek = tools_.seek;
  Fd network;
  if (own_network) {
    auto opened = network_of(pid);
    // Who is about to end has none any more: its end is told.
    auto stat = stat_of(pid);
    if (!opened && (!stat || stat->exiting || !has_living_thread(pid))) {
      return;
    }
    if (!opened) {
      tools_.recorder.add(
          driver_lost("its network cannot be entered: " + opened.error().what));
      tools_.end(kNobodyAsks);
      return;
    }
    network = std::move(*opened);
    order.network = network.get();
  }
  auto driver = Driver::start(order);
  if (!driver) {
    tools_.recorder.add(driver_lost("cannot start the driver of its load: " +
                                    driver.error().what));
    tools_.end(kNobodyAsks);
    return;
  }
  driver_.emplace(std::move(*driver));
  tools_.loop.watch(driver_->fd(), POLLIN, [this](short) { take_news(); });
  if (sign_.is_a_file()) {
    look_for_file();
  }
}

bool ServiceLife::line(std::string_view line) {
  bool waited_for = driver_ && !ready_ && sign_.is(line);
  if (waited_for) {
    driver_->be_ready();
  }
  return waited_for;
}

void ServiceLife::look_for_file() {
  if (sign_.is_there()) {
    driver_->be_ready();
  } else if (!over_) {
    tools_.loop.after(kFileLook, [this] { look_for_file(); });
  }
}

// What is asked to come back has its time.
void ServiceLife::look() {
  if (!ready_ || seeking_ || stopping_ || stop_ ||
      !tools_.triggers.all_settled()) {
    return;
  }
  auto now = Loop::Clock::now();
  std::chrono::nanoseconds run = service_.load.empty() ? kIdleRun : kLoadedRun;
  auto most = std::max(run, tools_.recoveries.longest());
  if (!steady_since_) {
    steady_since_ = now;
    for (std::chrono::nanoseconds moment : {run, most}) {
      tools_.loop.after(moment, [] {});  // then this is asked again
    }
  } else if (now >=
             *steady_since_ + (tools_.recoveries.awaited() ? most : run)) {
    stop_it();
  }
}

void ServiceLife::stop_it() {
  if (stopping_ || ended_ || stop_) {
    return;
  }
  Stop stop(this, end_signal_);
  Observation told = about_service(Fact::service_stopped);
  told.number = end_signal_;
  told.text = "no fault stops it";
  told.at = tools_.recorder.now();
  if (tools_.send(end_signal_)) {
    tools_.recorder.add(told);
  }
}

void ServiceLife::take_news() {
  auto news = driver_->news();
  if (!news) {
    take(DriverFailed{news.error().what});
    return;
  }
  for (const DriverNews& one : *news) {
    for (Observation& seen : facts_of(one, stopping_, tools_.recorder)) {
      tools_.recorder.add(std::move(seen));
    }
    std::visit([this](const auto& told) { take(told); }, one);
  }
}

void ServiceLife::take(const ServiceReady& news) {
  Observation ready = about_service(Fact::service_ready);
  ready.number = news.port;
  ready.action = news.speech == Speech::http  ? "http"
                 : news.speech == Speech::tls ? "tls"
                 : news.port > 0              ? "tcp"
                                              : sign_.name();
  ready.text = join(news.addresses, ", ");
  ready.at = tools_.recorder.since_launch(news.at_ns);
  tools_.recorder.add(ready);
  ready_ = true;
  if (!service_.load.empty() && !stopping_) {
    driver_->begin_load();
  }
  seeking_ = !tools_.seek.empty();
  if (seeking_) {
    driver_->seek();
  }
  tools_.triggers.ready();
  tools_.ready();
  if (tools_.patience) {
    tools_.loop.after(*tools_.patience, [this] { stop_it(); });
  }
}

void ServiceLife::take(const NeverReady& news) {
  Observation never = about_service(Fact::service_unready);
  never.text = "within " + format_duration(service_.ready_within) + ": " +
               valid_utf8(news.why);
  tools_.recorder.add(never);
  tools_.end("it did not get ready");
}

void ServiceLife::take(const RequestRecord& record) {
  requests_.add(record);
  tools_.recoveries.request(record);
  tools_.triggers.answered(requests_.answered());
}

void ServiceLife::take(const MoreInFlight& news) {
  tools_.triggers.in_flight(news.in_flight);
}

void ServiceLife::take(const Marked& news) { requests_.mark(news); }

void ServiceLife::take(const LoadDone&) {
  over_ = true;
  tools_.triggers.load_over();
}

void ServiceLife::take(const SeekDone&) { seeking_ = false; }

void ServiceLife::take(const DriverFailed& news) {
  take(LoadDone{});
  tools_.loop.unwatch(driver_->fd());
  tools_.recorder.add(driver_lost("the driver of its load ended: " + news.why));
  // Whatever it does from here on, nobody sees what became of its requests. Not
  // at once: it may be frozen just now.
  tools_.loop.after({}, [this] {
    if (!ended_) {
      tools_.end(kNobodyAsks);
    }
  });
}

void ServiceLife::expect_stop(const ServiceStop& stop) {
  stop_ = {stop, Loop::Clock::now() + stop.load_for};
  // Then nothing new is asked.
  tools_.loop.after(stop.load_for, [this] {
    if (driver_ && !over_ && !ended_) {
      driver_->end_load(workload_.deadline);
    }
  });
}

// From here to the end of the grace nothing new is asked, unless a platform
// means it otherwise.
void ServiceLife::begin_stop() {
  stopping_ = true;
  requests_.stopped_at(monotonic_ns());
  files_.look("told", tools_.tmp(), tools_.recorder);
  tools_.loop.after(stop_ ? stop_->order.grace : service_.grace,
                    [this] { on_grace(); });
}

// While it stands still: the dump is of one instant.
void ServiceLife::mark() {
  driver_->mark("told");
  auto until = Loop::Clock::now() + time_to_look(service_);
  while (!requests_.is_marked() && !over_ && Loop::Clock::now() < until) {
    pollfd news{driver_->fd(), POLLIN, 0};
    if (poll(&news, 1, 10) > 0) {
      take_news();
    }
  }
  requests_.end_mark();
}

void ServiceLife::on_grace() {
  if (ended_) {
    return;
  }
  Observation passed = about_service(Fact::grace_passed);
  passed.number = (stop_ ? stop_->order.grace : service_.grace).count();
  tools_.recorder.add(passed);
  tools_.end("its grace was over");
}

void ServiceLife::ended() {
  ended_ = true;
  if (!driver_) {
    return;
  }
  // Who still thinks that it is there asks on.
  while (stop_ && !over_ && Loop::Clock::now() < stop_->load_until) {
    tools_.loop.step(stop_->load_until - Loop::Clock::now());
  }
  driver_->end_load(kLastAnswers);
  // Thousands of requests take their time to be told.
  auto until = Loop::Clock::now() + kLastAnswers + time_to_look(service_);
  auto most = until + kMostTelling;
  while (!over_ && Loop::Clock::now() < std::min(until, most)) {
    std::size_t told = requests_.size();
    tools_.loop.step(until - Loop::Clock::now());
    if (requests_.size() > told) {
      until = std::max(until, Loop::Clock::now() + kMark);
    }
  }
  if (!over_) {
    tools_.recorder.add(
        driver_lost("the driver of its load said nothing more"));
  }
  over_ = true;
  tools_.loop.unwatch(driver_->fd());
  requests_.tell(tools_.recorder);
  driver_.reset();
}

ServiceLife::Stop::Stop(ServiceLife* life, int signal) {
  bool expected =
      life != nullptr && life->stop_ && life->stop_->order.signal == signal;
  if (life == nullptr || life->stopping_ ||
      (!expected && !is_stop_signal(signal))) {
    return;
  }
  life_ = life;
  life_->begin_stop();
  // Is there anything in flight whose place can be told?
  if (life_->driver_ && life_->ready_ && !life_->service_.load.empty() &&
      !life_->over_) {
    freeze_.emplace(life_->tools_.group, kFreeze);
    if (freeze_->holds()) {
      life_->mark();
    }
  }
}

ServiceLife::Stop::~Stop() {
  freeze_.reset();
  if (life_ == nullptr || !life_->driver_ || life_->over_) {
    return;
  }
  life_->driver_->watch_stop();
  // What is in flight is held until the service is gone: let go at the end of
  // the grace, just before its SIGKILL, a server that hung ends by itself.
  if (!life_->stop_) {
    life_->driver_->end_load(life_->workload_.deadline);
  }
}

}  // namespace faultrig
