#include "harness/load/driver.h"

#include <utility>

namespace faultrig {

Result<Driver> Driver::start(const DriveOrder& order) {
  TRY_ASSIGN(Worker worker, Worker::start([&order](int socket) {
               return drive(order, socket);
             }));
  return Driver(std::move(worker));
}

Driver::~Driver() {
  if (worker_.fd() >= 0) {
    worker_.kill();
  }
}

Result<std::vector<DriverNews>> Driver::news() {
  std::vector<DriverNews> all;
  if (over_) {
    return all;
  }
  lines_.flush();
  TRY_ASSIGN(std::vector<std::string> lines, lines_.take());
  for (const std::string& line : lines) {
    TRY_ASSIGN(DriverNews item, news_from(line));
    over_ = over_ || std::holds_alternative<DriverFailed>(item);
    all.push_back(std::move(item));
  }
  if (lines_.is_over() && !over_) {
    over_ = true;
    all.push_back(DriverFailed{"the driver of the service has died"});
  }
  return all;
}

void Driver::order(const DriverOrder& order) { lines_.put(to_line(order)); }

void Driver::be_ready() { order({DriverOrder::Kind::be_ready}); }

void Driver::begin_load() { order({DriverOrder::Kind::begin_load}); }

void Driver::mark(std::string_view name) {
  order({DriverOrder::Kind::mark, std::string(name)});
}

void Driver::seek() { order({DriverOrder::Kind::seek}); }

void Driver::watch_stop() { order({DriverOrder::Kind::watch_stop}); }

void Driver::end_load(std::chrono::nanoseconds within) {
  order({DriverOrder::Kind::end_load, "", within});
}

}  // namespace faultrig
