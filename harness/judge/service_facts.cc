#include "harness/judge/service_facts.h"

#include <algorithm>

#include "harness/base/names.h"
#include "harness/judge/link_text.h"
#include "harness/model/request.h"

namespace faultrig {

namespace {

// The first signal that was to stop it: of a platform any may be.
std::optional<std::size_t> stop_of(const Evidence& evidence) {
  for (std::size_t i = 0; i < evidence.trace().size(); ++i) {
    const Observation& seen = evidence.trace()[i];
    bool stops = is_stop_signal(static_cast<int>(seen.number)) ||
                 (seen.fault >= 0 &&
                  evidence.first(Fact::stop_begun, seen.fault).has_value());
    if (seen.fact == Fact::service_stopped ||
        (seen.fact == Fact::signal_sent && stops)) {
      return i;
    }
  }
  return std::nullopt;
}

bool killed_itself(const Evidence& evidence, std::size_t stop,
                   std::size_t end) {
  const auto& calls = calls_of_own_hand();
  for (std::size_t i = stop; i < end; ++i) {
    const Observation& seen = evidence.trace()[i];
    if ((seen.fact == Fact::call_intercepted ||
         seen.fact == Fact::calls_untold) &&
        seen.link == link_name(Link::service) &&
        std::find(calls.begin(), calls.end(), seen.call) != calls.end()) {
      return true;
    }
  }
  return false;
}

ServiceEnd::How how_of(const Evidence& evidence, std::size_t stop,
                       const LinkEnd& end) {
  using How = ServiceEnd::How;
  if (end.hung) {
    return How::hung;
  }
  if (end.cite < stop || end.our_signal != 0) {
    return How::other;
  }
  if (end.status->exited()) {
    return How::exited;
  }
  if (end.status->signal() != evidence.trace()[stop].number) {
    return How::other;
  }
  return killed_itself(evidence, stop, end.cite) ? How::by_own_hand
                                                 : How::unhandled;
}

// Those of this kind that came to nothing. What the service refused to begin on
// (GOAWAY, REFUSED_STREAM) may be asked again, wherever its bytes were.
std::vector<std::size_t> vain_requests(const Evidence& evidence,
                                       bool (*is_one)(const Observation&)) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < evidence.trace().size(); ++i) {
    const Observation& seen = evidence.trace()[i];
    bool told =
        seen.fact == Fact::request || seen.fact == Fact::requests_untold;
    bool came = seen.action == word_for(RequestEnd::answered) ||
                seen.action == word_for(RequestEnd::wrong) ||
                seen.action == word_for(RequestEnd::refused);
    if (told && !came && is_one(seen)) {
      found.push_back(i);
    }
  }
  return found;
}

}  // namespace

const std::vector<std::string>& calls_of_own_hand() {
  static const std::vector<std::string> kCalls{
      "kill", "tkill", "pidfd_send_signal", "rt_sigqueueinfo"};
  return kCalls;
}

std::optional<ServiceEnd> service_end(const Evidence& evidence) {
  auto stop = stop_of(evidence);
  const ExitChain& chain = evidence.exits();
  auto end = std::find_if(chain.begin(), chain.end(), [](const LinkEnd& one) {
    return one.link == Link::service && one.status;
  });
  if (!stop || end == chain.end()) {
    return std::nullopt;
  }
  ServiceEnd out;
  out.how = how_of(evidence, *stop, *end);
  out.signal = static_cast<int>(evidence.trace()[*stop].number);
  out.code = end->status->exited() ? end->status->exit_code() : 0;
  out.words = end_words(*end);
  out.cites = {*stop, end->cite};
  std::sort(out.cites.begin(), out.cites.end());
  return out;
}

bool had_been_read(const Observation& request) {
  return request.text == word_for(InFlight::read_unanswered) ||
         request.text == word_for(InFlight::answering);
}

std::vector<std::size_t> lost_requests(const Evidence& evidence) {
  return vain_requests(evidence, had_been_read);
}

std::vector<std::size_t> doubtful_requests(const Evidence& evidence) {
  return vain_requests(evidence, [](const Observation& request) {
    return request.text == kPlaceUnknown;
  });
}

}  // namespace faultrig
