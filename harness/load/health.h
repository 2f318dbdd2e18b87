#pragma once

#include <functional>
#include <memory>

#include "harness/load/news.h"
#include "harness/load/probe.h"
#include "harness/model/service.h"

namespace faultrig {

// Asks the URL that tells whether a service is ready, on a connection of its
// own each time, and tells what it answers whenever that changes.
class HealthWatch {
 public:
  HealthWatch(Reactor& reactor, const InetAddress& at, const Ready& ready,
              std::function<void(const ServiceHealth&)> tell)
      : reactor_(reactor), at_(at), ready_(ready), tell_(std::move(tell)) {}
  HealthWatch(const HealthWatch&) = delete;
  HealthWatch& operator=(const HealthWatch&) = delete;
  ~HealthWatch() = default;

  // From now on, as long as the reactor lives.
  void ask();

 private:
  void look();
  void note(int status, int os_errno);

  Reactor& reactor_;
  InetAddress at_;
  const Ready& ready_;
  std::function<void(const ServiceHealth&)> tell_;
  std::unique_ptr<Probe> probe_;
  int status_ = -1;  // that was told last
  int errno_ = -1;
};

}  // namespace faultrig
