#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/load/news.h"
#include "harness/load/reactor.h"

namespace faultrig {

// A write that was acknowledged, and where it has to be found again.
struct SoughtWrite {
  std::uint64_t n = 0;  // of the request
  std::string host;     // what we call the server; empty: its address
  bool tls = false;     // over TLS
  std::string path;     // of the GET
  std::string content;  // what the answer has in it
};

// Does this answer have it? Where both are JSON, or a line of the answer is, an
// element that is equal is it, and an object that has all members of what was
// written; else the text itself, as words of its own.
bool has_content(const std::string& answer, const std::string& content);

// Asks for each write, one after the other, each path once; tells WriteLost of
// each that is not there, and SeekDone when it is done. The service and the
// writes must outlive it.
class Seeker {
 public:
  Seeker(Reactor& reactor, const InetAddress& at,
         const std::vector<SoughtWrite>& writes,
         std::function<void(const DriverNews&)> tell);
  Seeker(const Seeker&) = delete;
  Seeker& operator=(const Seeker&) = delete;
  ~Seeker();

  void begin() { next(); }

 private:
  class Fetch;
  void next();
  void answered(int status, const std::string& body);
  void failed(const std::string& why);
  void give_up(std::size_t write);

  Reactor& reactor_;
  InetAddress at_;
  const std::vector<SoughtWrite>& writes_;
  std::function<void(const DriverNews&)> tell_;
  std::size_t at_write_ = 0;
  std::uint64_t found_ = 0;
  std::unique_ptr<Fetch> fetch_;
  std::vector<std::unique_ptr<Fetch>> done_;  // that may still be calling us
};

}  // namespace faultrig
