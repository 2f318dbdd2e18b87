#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "harness/base/result.h"

namespace faultrig {

// What a loop of Asio hears beside its connections: descriptors and time. Must
// not outlive the loop.
class Ears {
 public:
  explicit Ears(boost::asio::io_context& context) : context_(context) {}

  // As those of HttpServer.
  Result<> watch(int fd, std::function<void()> ready);
  void unwatch(int fd) { ears_.erase(fd); }
  void again(const std::function<std::chrono::milliseconds()>& tick);

 private:
  struct Ear;
  using Timer = std::shared_ptr<boost::asio::steady_timer>;

  void await(const std::shared_ptr<Ear>& ear);
  void heard(const std::weak_ptr<Ear>& known);
  void repeat(const Timer& timer, std::chrono::milliseconds after,
              const std::function<std::chrono::milliseconds()>& tick);

  boost::asio::io_context& context_;
  std::map<int, std::shared_ptr<Ear>> ears_;
};

}  // namespace faultrig
