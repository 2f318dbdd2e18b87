// A map is silent on what was never asked, and "no finding" would be read as if
// it had been.
#include "harness/sweep/remarks.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/base/text.h"

namespace faultrig {

namespace {

constexpr int kFirstRefusal = 400;  // statuses from here say no

// The port of `127.0.0.1:8080`.
std::string port_of(const std::string& address) {
  std::size_t colon = address.rfind(':');
  return colon == std::string::npos ? "" : address.substr(colon + 1);
}

// Where nothing was asked at all that is said instead.
std::vector<std::string> other_ports(const ShutdownMap& map) {
  const Recording& golden = map.golden;
  std::int64_t own = map.asked.port != 0 ? map.asked.port : golden.port;
  std::vector<std::string> out;
  if (!golden.unasked.empty()) {
    return out;
  }
  std::size_t at = 0;
  while (at < golden.shown_by.size()) {
    std::size_t comma =
        std::min(golden.shown_by.find(", ", at), golden.shown_by.size());
    std::string port = port_of(golden.shown_by.substr(at, comma - at));
    bool asked = port.empty() || port == std::to_string(own);
    if (!asked && std::find(out.begin(), out.end(), port) == out.end()) {
      out.push_back(port);
    }
    at = comma + 2;
  }
  return out;
}

RequestCounts all_requests(const ShutdownMap& map) {
  RequestCounts sum;
  for (const MapPoint& point : map.points) {
    for (const StopOutcome& one : point.tries) {
      sum.add(one.requests);
    }
  }
  return sum;
}

// Every answer said no.
std::string refusals(const RequestCounts& sum) {
  std::vector<std::string> words;
  for (const auto& [status, times] : sum.statuses) {
    if (status < kFirstRefusal) {
      return "";
    }
    words.push_back(std::to_string(status));
  }
  return words.empty()
             ? ""
             : "every answer before the signal was " + join(words, " or ");
}

}  // namespace

std::string ended_by_itself(const ShutdownMap& map) {
  int tries = 0;
  int early = 0;
  std::string why;
  for (const MapPoint& point : map.points) {
    for (const StopOutcome& one : point.tries) {
      ++tries;
      early += one.by_itself ? 1 : 0;
      why = one.by_itself && why.empty() ? one.why : why;
    }
  }
  return early == 0 ? ""
                    : fmt::format("in {} of {} tries it ended by itself: {}",
                                  early, tries, why);
}

std::vector<std::string> remarks_on(const ShutdownMap& map) {
  std::vector<std::string> out;
  if (map.points.empty()) {
    return out;
  }
  if (!map.golden.unasked.empty()) {
    out.push_back("no request was asked: " + map.golden.unasked);
  }
  for (const std::string& port : other_ports(map)) {
    out.push_back("port " + port + " was not asked");
  }
  RequestCounts sum = all_requests(map);
  if (sum.before > 0) {
    out.push_back(fmt::format(
        "{} of {} requests were not answered even before the signal",
        sum.before, sum.asked_before));
  }
  if (sum.asked_before > 0 && sum.in_flight == 0) {
    out.push_back(
        "no request was in flight when it was told: what becomes of one is not "
        "known, --url names one that takes longer");
  }
  if (std::string no = refusals(sum); !no.empty()) {
    out.push_back(no);
  }
  if (!map.findings.empty()) {
    if (std::string fell = ended_by_itself(map); !fell.empty()) {
      out.push_back(fell);
    }
  }
  return out;
}

}  // namespace faultrig
