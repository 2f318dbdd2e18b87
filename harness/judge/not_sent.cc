#include "harness/judge/not_sent.h"

#include <fmt/format.h>

#include "harness/judge/service_facts.h"
#include "harness/model/request.h"

namespace faultrig {

std::string never_sent_text(std::size_t times, std::size_t of) {
  return fmt::format(
      "{} of {} requests were due and never sent: no connection of the load "
      "was free in time",
      times, of);
}

std::string own_limit_text(std::size_t times, std::size_t of) {
  return fmt::format(
      "own limit: {} of {} requests or connections were not made, no "
      "descriptor, port or memory of ours was left",
      times, of);
}

std::vector<std::string> not_sent(const Evidence& evidence) {
  std::size_t all = 0;
  std::size_t never = 0;
  std::size_t limited = 0;
  for (const Observation& seen : evidence.trace()) {
    if (is_request(seen)) {
      auto times = static_cast<std::size_t>(requests_told(seen));
      all += times;
      never += seen.action == kNeverSent ? times : 0;
      limited += seen.action == word_for(RequestEnd::own_limit) ? times : 0;
    }
  }
  std::vector<std::string> out;
  if (limited > 0) {
    out.push_back(own_limit_text(limited, all));
  }
  if (never > 0) {
    out.push_back(never_sent_text(never, all));
  }
  return out;
}

}  // namespace faultrig
