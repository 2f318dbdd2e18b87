#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/load/news.h"
#include "harness/load/reactor.h"
#include "harness/load/whereabouts.h"
#include "harness/model/service.h"

namespace faultrig {

// What a load needs of the driver.
struct TrafficPlace {
  Reactor* reactor = nullptr;
  InetAddress to;
  std::string host;  // what we call the server
  Wire wire;
  std::function<void(const RequestRecord&)> ended;
  std::function<void()> asked;  // a request more is on its way
  // Is what we have told not heard fast enough? Then nothing new is sent.
  std::function<bool()> is_behind;
};

// One load while it runs. Each request, and each connection that is only held,
// is told once, when it has ended.
class Traffic {
 public:
  virtual ~Traffic() = default;
  virtual void begin() = 0;
  // Sends nothing new; may be said twice.
  virtual void stop() = 0;
  // Requests that have not ended, connections that are still held.
  virtual int outstanding() const = 0;
  // Requests that have a connection and no whole answer; what is only held is
  // none.
  virtual int in_flight() const = 0;
  // Tells all that is outstanding as it is now.
  virtual void give_up() = 0;
  virtual std::vector<OpenConnection> connections() const = 0;
  virtual LoadTally tally() const = 0;
};

std::unique_ptr<Traffic> asked_traffic(const Load& load, TrafficPlace place);
std::unique_ptr<Traffic> held_traffic(Load load, TrafficPlace place);

// How a request ends when no connection could be made for it.
RequestEnd end_without_connection(int os_errno);

}  // namespace faultrig
