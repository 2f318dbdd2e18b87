// By how each ended; and of those without an answer, by where it was when the
// service was told to stop: that alone says whose fault it is.
#include "harness/sweep/request_sums.h"

#include <array>
#include <string_view>
#include <utility>

#include "harness/judge/service_facts.h"

namespace faultrig {

namespace {

using Count = std::size_t RequestCounts::*;

Count place_of(std::string_view place) {
  static const std::array<std::pair<std::string_view, Count>, 5> kPlaces{
      {{word_for(InFlight::backlog), &RequestCounts::backlog},
       {word_for(InFlight::sent_unread), &RequestCounts::unread},
       {word_for(InFlight::half_sent), &RequestCounts::half_sent},
       {kPlaceAfter, &RequestCounts::after},
       {kPlaceBefore, &RequestCounts::before}}};
  for (const auto& [name, count] : kPlaces) {
    if (name == place) {
      return count;
    }
  }
  return nullptr;
}

std::size_t times_of(const Observation& seen) {
  return static_cast<std::size_t>(requests_told(seen));
}

void count_end(const Observation& seen, RequestCounts& counts) {
  std::optional<RequestEnd> end = request_end(seen.action);
  for (const RequestColumn& column : request_columns()) {
    if (end && column.end == end) {
      counts.*column.count += times_of(seen);
    }
  }
}

// Our own limit is no fault of the service's.
void count_place(const Observation& seen, RequestCounts& counts) {
  if (seen.action == word_for(RequestEnd::own_limit)) {
    return;
  }
  Count place = place_of(seen.text);
  if (place != nullptr && !has_come(seen)) {
    counts.*place += times_of(seen);
  }
  auto where = in_flight(seen.text);
  if (where == InFlight::read_unanswered || where == InFlight::answering ||
      where == InFlight::partly_read) {
    counts.in_flight += times_of(seen);
  }
  counts.unknown += seen.text == kPlaceUnknown ? times_of(seen) : 0;
  bool under_way = seen.text != kPlaceBefore && seen.text != kPlaceAfter;
  counts.under_way += under_way ? times_of(seen) : 0;
  if (seen.text == kPlaceBefore) {
    counts.asked_before += times_of(seen);
    if (int status = status_of(seen); status != 0) {
      counts.statuses[status] += times_of(seen);
    }
  }
}

std::size_t sum_of(const Evidence& evidence,
                   const std::vector<std::size_t>& cites) {
  std::size_t sum = 0;
  for (std::size_t cite : cites) {
    sum += times_of(evidence.trace()[cite]);
  }
  return sum;
}

}  // namespace

RequestCounts request_sums(const Evidence& evidence) {
  RequestCounts counts;
  for (const Observation& seen : evidence.trace()) {
    if (!is_request(seen)) {
      continue;
    }
    if (seen.action == kNeverSent) {
      counts.never_sent += times_of(seen);
      continue;
    }
    count_end(seen, counts);
    count_place(seen, counts);
  }
  counts.lost = sum_of(evidence, lost_requests(evidence));
  counts.misanswered = sum_of(evidence, misanswered_requests(evidence));
  return counts;
}

}  // namespace faultrig
