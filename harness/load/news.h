#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "harness/base/result.h"
#include "harness/model/request.h"

namespace faultrig {

// What the driver has seen. Times are CLOCK_MONOTONIC in nanoseconds.

// The ports that processes of the service listen on, whenever that changes.
struct ServiceListens {
  std::int64_t at_ns = 0;
  std::vector<std::string> addresses;  // `127.0.0.1:8080`; none: no more
  std::int64_t before_ns = 0;  // of the look before, which saw what was before
};

// What the service answered when it was asked over TCP.
enum class Speech {
  unknown,  // it was not asked, or said nothing, or no HTTP
  http,
  tls,  // or it says that it wants it
};

struct ServiceReady {
  std::int64_t at_ns = 0;
  int port = 0;         // 0: it listens nowhere
  std::string address;  // that we connect to: `127.0.0.1:8080`
  Speech speech = Speech::unknown;
  std::vector<std::string> addresses;  // all that it listens on
};

// `ready_within` has passed.
struct NeverReady {
  std::int64_t at_ns = 0;
  std::string why;  // `answers 503 at /healthz`
};

// More requests are on their way at once than ever before, or so many where
// each is to be told (DriveOrder).
struct MoreInFlight {
  std::int64_t at_ns = 0;
  int in_flight = 0;
};

// One that was at work when mark() was heard of.
struct MarkedConnection {
  std::string load;
  std::uint64_t n = 0;  // of the request; 0: none was asked
  std::uint64_t connection = 0;
  InFlight where = InFlight::gone;
  bool operator==(const MarkedConnection&) const = default;
};
struct Marked {
  std::int64_t at_ns = 0;  // before the dump
  std::string name;
  std::vector<MarkedConnection> connections;
};

struct LoadTally {
  std::string load;
  std::uint64_t planned = 0;     // due by its rate before it ended
  std::uint64_t sent = 0;        // tried: each has its record
  std::uint64_t never_sent = 0;  // due, and no connection was free
  int most_in_flight = 0;
  bool operator==(const LoadTally&) const = default;
};
struct LoadDone {
  std::int64_t at_ns = 0;
  std::vector<LoadTally> loads;
};

// What the URL that tells whether it is ready answers from now on; told after
// watch_stop().
struct ServiceHealth {
  std::int64_t at_ns = 0;
  int status = 0;    // 0: none came
  int os_errno = 0;  // why
};

// A write that the service has acknowledged, and has not; told after seek().
struct WriteLost {
  std::uint64_t n = 0;  // of the request
  std::string why;
};
struct SeekDone {
  std::int64_t at_ns = 0;
  std::uint64_t found = 0;
};

// The driver itself could not go on; nothing follows.
struct DriverFailed {
  std::string why;
};

using DriverNews =
    std::variant<ServiceListens, ServiceReady, NeverReady, RequestRecord,
                 MoreInFlight, Marked, LoadDone, ServiceHealth, WriteLost,
                 SeekDone, DriverFailed>;

// What the driver is told.
struct DriverOrder {
  enum class Kind { be_ready, begin_load, mark, end_load, watch_stop, seek };
  Kind kind = Kind::begin_load;
  std::string name;                    // mark
  std::chrono::nanoseconds within{0};  // end_load
};

// A line of JSON without its end, and back. Text that a service could have
// chosen is kept as far as it is UTF-8.
std::string to_line(const DriverNews& news);
Result<DriverNews> news_from(const std::string& line);
std::string to_line(const DriverOrder& order);
Result<DriverOrder> order_from(const std::string& line);

}  // namespace faultrig
