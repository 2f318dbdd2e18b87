#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/evidence.h"

namespace faultrig {

// How a service ended after it had been told to stop.
struct ServiceEnd {
  enum class How {
    exited,       // by itself, with `code`
    by_own_hand,  // by the signal, which it sent to itself: it had handled it
    unhandled,    // by the signal's default action
    hung,         // its grace was over, and we killed it
    other,        // by another signal, or before it was told
  };
  How how = How::other;
  int signal = 0;  // that was to stop it, the first
  int code = 0;
  std::string words;               // `exited 1`
  std::vector<std::size_t> cites;  // into the trace
};

// Nothing: it was never told to stop, or has no end.
std::optional<ServiceEnd> service_end(const Evidence& evidence);

// Had the service read this request when it was told to stop?
bool had_been_read(const Observation& request);

// The requests that the service had read when it was told to stop, and never
// answered whole.
std::vector<std::size_t> lost_requests(const Evidence& evidence);

// Requests that came to nothing, of which nobody knows where they were when it
// was told to stop.
std::vector<std::size_t> doubtful_requests(const Evidence& evidence);

// Calls by which a program sends a signal to itself (kill(2),
// pidfd_send_signal(2)); not tgkill(2), by which Go's runtime dies.
const std::vector<std::string>& calls_of_own_hand();

}  // namespace faultrig
