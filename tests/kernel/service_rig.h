#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "harness/base/fd.h"
#include "harness/load/driver.h"

namespace faultrig {

// A small server in Go, go_fixtures/service/answers, in one of its ways. Ends
// with this object, and with us.
class Server {
 public:
  // `spaces`: CLONE_NEWNET, CLONE_NEWUSER (namespaces(7)); a network of its own
  // has a loopback that is up. The program is compiled once for all tests.
  explicit Server(const std::string& way, int spaces = 0);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  int pid() const { return pid_; }
  void tell(int signal) const;
  // SIGKILL, and its end.
  void kill();
  // It is stopped when this returns, and until go_on().
  void stop() const;
  void go_on() const;
  // Of /proc/PID/ns: `net`, `user`. Invalid where it has none of its own.
  Fd space(const std::string& name) const;

 private:
  int pid_ = 0;
  int spaces_ = 0;
  Fd stdin_;
};

// A driver, and all that it has told.
class Drive {
 public:
  Drive(const Server& server, const Service& service,
        bool tell_each_ask = false);

  Driver& driver() { return driver_; }
  // Waits until there is news of this kind beyond the first `after`, and gives
  // that one; a failure and an empty one when it never comes.
  template <typename News>
  News await(std::size_t after = 0) {
    std::size_t seen = 0;
    for (std::size_t i = 0; i < all_.size() || listen(); ++i) {
      if (const auto* news = std::get_if<News>(&all_[i])) {
        if (seen++ == after) {
          return *news;
        }
      }
    }
    fail();
    return {};
  }
  // All of this kind, until now.
  template <typename News>
  std::vector<News> all() const {
    std::vector<News> found;
    for (const DriverNews& item : all_) {
      if (const auto* news = std::get_if<News>(&item)) {
        found.push_back(*news);
      }
    }
    return found;
  }
  // Until this many more requests have ended, and the last of them.
  RequestRecord await_request(std::size_t n) {
    return await<RequestRecord>(n - 1);
  }
  // Where the first connection of the load stands now.
  InFlight stands_at();
  // Marks when connection 1 stands there; gives up when it never does.
  InFlight mark_until(InFlight where);

 private:
  bool listen();
  void fail() const;
  Driver driver_;
  std::vector<DriverNews> all_;
};

// One that asks for `load` only.
Service service_with(Load load, Ready ready = {});

}  // namespace faultrig
