#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/evidence.h"

namespace faultrig {

// How a service ended after it had been told to stop.
struct ServiceEnd {
  enum class How {
    exited,       // by itself, with `code`
    by_own_hand,  // by the signal, which it sent to itself, and by then it had
                  // closed what it listened on: it had handled it
    raised,       // so too, but it still listened, or never had and was not
                  // ready when it was told: nothing shows that it handled it
    by_own_process,  // by the signal, which another of its processes sent to it
                     // while it lived on after ours
    unhandled,       // by the signal's default action
    hung,            // its grace was over, and we killed it
    other,           // by another signal, or before it was told
  };
  How how = How::other;
  int signal = 0;  // that was to stop it, the first
  int code = 0;
  std::string words;               // `exited 1`
  std::vector<std::size_t> cites;  // into the trace
};

// Nothing: it was never told to stop, or has no end.
std::optional<ServiceEnd> service_end(const Evidence& evidence);

// Of a service that went to the background.
inline constexpr std::string_view kLivedOn =
    "what it started lived on: a service runs in the foreground, and ends with "
    "its first process";
// The same behind how it ended, `; what it started ...`; empty: nothing did.
std::string lived_on(const Evidence& evidence);

// One request, or a sum of them.
bool is_request(const Observation& seen);
// Of how many requests such a fact tells.
std::int64_t requests_told(const Observation& request);
// Of its answer; 0: none came, or none in HTTP.
int status_of(const Observation& request);
// An answer came whole, whatever it says.
bool has_come(const Observation& request);

// Had the service read this request when it was told to stop?
bool had_been_read(const Observation& request);

// The requests that the service had read when it was told to stop, and never
// answered whole.
std::vector<std::size_t> lost_requests(const Evidence& evidence);

// Requests of which nobody knows whether the service had read them when it was
// told to stop and answered them whole. Of those that came to nothing: where
// they were is not known, it had read a part, or none of its processes had
// them. Of those with an answer: it had no length, ended with its connection,
// and was none as long as those before (kNoLength).
std::vector<std::size_t> doubtful_requests(const Evidence& evidence);

// The requests that it had read and answered otherwise than those before it was
// told to stop: by a status that none of them had. Where none had been
// answered: otherwise than asked.
std::vector<std::size_t> misanswered_requests(const Evidence& evidence);

// Calls by which a program sends a signal: kill(2), tgkill(2), which is that of
// raise(3), pidfd_send_signal(2) and others.
const std::vector<std::string>& calls_of_own_hand();

}  // namespace faultrig
