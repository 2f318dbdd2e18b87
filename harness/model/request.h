#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace faultrig {

// How a request of our load ended, or a connection that we only hold.
enum class RequestEnd {
  answered,   // whole, and as asked
  wrong,      // whole, and not as asked; or not in the protocol asked for
  cut,        // the answer had begun and did not come to its end
  reset,      // sent whole, and the connection ended without an answer
  unsent,     // the connection ended before the request was sent whole
  refused,    // no connection was made; or the server said that it has not
              // begun on it (GOAWAY, REFUSED_STREAM)
  timed_out,  // not ended when we stopped waiting
  own_limit,  // we could not: no descriptor, port or memory of ours was left
  closed,     // held: the server closed it
  held,       // held: still open when we stopped
};
std::string_view word_for(RequestEnd end);
std::optional<RequestEnd> request_end(std::string_view word);

// Where a connection of ours stands at an instant.
enum class InFlight {
  backlog,          // the kernel has it, the server has not accepted it
  sent_unread,      // sent whole, the server has not read all of it
  read_unanswered,  // the server has read all of it; no answer has begun
  answering,        // the first byte of the answer is on our side
  half_sent,        // we have more to send (or mean never to send it)
  idle,             // accepted, and nothing is asked on it
  gone,             // ended already
  partly_read,      // sent whole, the server has read some of it
  strange,          // none of the service's processes has the other end
};
std::string_view word_for(InFlight where);
std::optional<InFlight> in_flight(std::string_view word);

// A request that its rate had due, while no connection was free.
inline constexpr std::string_view kNeverSent = "never sent";

// The word of an answer that had no length and ended with its connection
// (RFC 9112, section 6.3): one that was cut looks like one that is whole.
inline constexpr std::string_view kNoLength = "no length";

// Of a service that does not get ready: `127.0.0.1:80/ is answered with 503`.
inline constexpr std::string_view kAnsweredWith = " is answered with ";

// One request of a load, as a fact. Times are CLOCK_MONOTONIC in nanoseconds,
// of one process; 0: that did not happen.
struct RequestRecord {
  std::string load;              // its name
  std::uint64_t n = 0;           // the request's number in its load, from 1
  std::uint64_t connection = 0;  // a number for each connection of the load
  bool reused = false;           // not the first request of its connection
  std::int64_t planned_ns = 0;   // when the rate had it due
  std::int64_t connected_ns = 0;
  std::int64_t sent_ns = 0;  // our kernel had its last byte
  std::int64_t first_byte_ns = 0;
  std::int64_t last_byte_ns = 0;  // of the answer, or its end
  RequestEnd end = RequestEnd::timed_out;
  int status = 0;           // of HTTP; 0: none came
  int os_errno = 0;         // what ended the connection; 0: the peer closed it
  bool complete = false;    // Content-Length, last chunk, END_STREAM, or
                            // the close of HTTP/1.0
  bool delivered = false;   // the server's kernel has acknowledged all of it
  std::uint64_t bytes = 0;  // of the answer, with its head
  std::string word;         // the server's last, where its protocol has one:
                     // `close 1001`, `grpc-status 14`, `GOAWAY NO_ERROR`,
                     // `RST_STREAM CANCEL`; or kNoLength
  bool operator==(const RequestRecord&) const = default;
};

}  // namespace faultrig
