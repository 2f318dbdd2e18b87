// Who had to wait until the service was told to stop has had no answer,
// whatever became of the request then. An answer with an error status tells
// whoever asked.
#include "harness/sweep/request_trouble.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/judge/service_facts.h"
#include "harness/model/request.h"

namespace faultrig {

namespace {

constexpr int kServerErrors = 500;  // RFC 9110: statuses of the server's own

std::int64_t most_of(const std::vector<SiteRun>& recordings,
                     std::int64_t RequestTrouble::*count) {
  std::int64_t most = 0;
  for (const SiteRun& run : recordings) {
    most = std::max(most, run.tests.requests.*count);
  }
  return most;
}

bool has_answer(RequestEnd end) {
  return end == RequestEnd::answered || end == RequestEnd::held;
}

// What had not come to the service when it was told to stop says nothing.
void add(const Observation& seen, RequestEnd end, RequestTrouble& out) {
  std::int64_t times = requests_told(seen);
  out.all += times;
  if (end == RequestEnd::wrong) {
    out.status = out.wrong == 0 ? std::to_string(status_of(seen)) : out.status;
    out.wrong += times;
    out.told += status_of(seen) >= kServerErrors ? times : 0;
  } else if (end == RequestEnd::timed_out || had_been_read(seen)) {
    out.waiting += has_answer(end) ? 0 : times;
  } else if (seen.text == kPlaceBefore) {
    out.broken += has_answer(end) ? 0 : times;
  }
}

}  // namespace

RequestTrouble request_trouble(const Evidence& evidence) {
  RequestTrouble out;
  for (const Observation& seen : evidence.trace()) {
    auto end = is_request(seen) ? request_end(seen.action) : std::nullopt;
    if (end && *end != RequestEnd::own_limit && seen.text != kPlaceAfter) {
      add(seen, *end, out);
    }
    bool unready = seen.fact == Fact::service_unready &&
                   seen.text.find(kAnsweredWith) != std::string::npos;
    out.unready = unready ? seen.text : out.unready;
  }
  return out;
}

std::optional<SiteJudgement> of_requests(
    const SiteRun& run, const std::vector<SiteRun>& recordings) {
  const RequestTrouble& seen = run.tests.requests;
  auto more = [&](std::int64_t RequestTrouble::*count) {
    return seen.*count > most_of(recordings, count);
  };
  auto judged = [&](SiteOutcome outcome, std::int64_t count,
                    const std::string& what) {
    return SiteJudgement{
        outcome, fmt::format("{} of {} requests {}", count, seen.all, what)};
  };
  if (!seen.unready.empty()) {
    bool told = seen.unready.find(std::string(kAnsweredWith) + "5") !=
                std::string::npos;
    return SiteJudgement{told ? SiteOutcome::surfaced : SiteOutcome::failed,
                         "it did not get ready " + seen.unready};
  }
  if (more(&RequestTrouble::waiting)) {
    return judged(SiteOutcome::hung, seen.waiting,
                  "had no answer when it was told to stop");
  }
  if (more(&RequestTrouble::broken)) {
    return judged(SiteOutcome::failed, seen.broken,
                  "came to an end without a whole answer");
  }
  if (more(&RequestTrouble::wrong)) {
    bool told = seen.told == seen.wrong;
    return judged(
        told ? SiteOutcome::surfaced : SiteOutcome::failed, seen.wrong,
        "were answered otherwise, the first with status " + seen.status);
  }
  return std::nullopt;
}

}  // namespace faultrig
