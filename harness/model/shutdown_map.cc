#include "harness/model/shutdown_map.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/base/units.h"

namespace faultrig {

namespace {

constexpr std::array<std::string_view, kPhases> kPhaseNames{
    "exec",  "runtime start", "before listen", "listening",
    "ready", "loaded",        "draining"};

std::string later(const std::string& text, std::chrono::nanoseconds after) {
  return after.count() == 0 ? text : text + " + " + format_duration(after);
}

// The likeliest reason of the first try that hung.
std::string hung_in(const MapPoint& point) {
  for (const StopOutcome& one : point.tries) {
    if (one.end == StopOutcome::End::hung && !one.hanging.empty()) {
      return "; it stood with " + one.hanging.front();
    }
  }
  return "";
}

}  // namespace

std::string_view phase_name(Phase phase) {
  return kPhaseNames.at(static_cast<std::size_t>(phase));
}

std::string Instant::text() const {
  switch (tie) {
    case Tie::start:
      return later("exec", after);
    case Tie::listening:
      return later("after listen(2)", after);
    case Tie::call:
      return counted == call ? fmt::format("{} {}", call, nth)
                             : fmt::format("{} ({} {})", call, counted, nth);
    case Tie::ready:
      break;
  }
  std::string first = later("ready", after);
  if (phase != Phase::draining) {
    return first;
  }
  return again.count() == 0
             ? first + ", again at once"
             : first + ", again " + format_duration(again) + " later";
}

std::string Instant::moment() const {
  return tie == Tie::call        ? "before " + text()
         : tie == Tie::listening ? text()
                                 : "at " + text();
}

const std::array<RequestColumn, 16>& request_columns() {
  static constexpr std::array<RequestColumn, 16> kColumns{
      {{"answered", &RequestCounts::answered, RequestEnd::answered},
       {"wrong", &RequestCounts::wrong, RequestEnd::wrong},
       {"cut", &RequestCounts::cut, RequestEnd::cut},
       {"reset", &RequestCounts::reset, RequestEnd::reset},
       {"refused", &RequestCounts::refused, RequestEnd::refused},
       {"timed_out", &RequestCounts::timed_out, RequestEnd::timed_out},
       {"unsent", &RequestCounts::unsent, RequestEnd::unsent},
       {"own_limit", &RequestCounts::own_limit, RequestEnd::own_limit},
       {"never_sent", &RequestCounts::never_sent},
       {"lost", &RequestCounts::lost},
       {"misanswered", &RequestCounts::misanswered},
       {"backlog", &RequestCounts::backlog, {}, "in the backlog"},
       {"unread", &RequestCounts::unread, {}, "unread"},
       {"half_sent", &RequestCounts::half_sent, {}, "half sent"},
       {"after", &RequestCounts::after, {}, "after the signal"},
       {"before", &RequestCounts::before, {}, "before it"}}};
  return kColumns;
}

void RequestCounts::add(const RequestCounts& other) {
  for (const RequestColumn& column : request_columns()) {
    this->*column.count += other.*column.count;
  }
  asked_before += other.asked_before;
  in_flight += other.in_flight;
  under_way += other.under_way;
  unknown += other.unknown;
  for (const auto& [status, times] : other.statuses) {
    statuses[status] += times;
  }
}

namespace {

constexpr std::string_view kRaised =
    "killed by its own hand without a shutdown";

}  // namespace

std::string StopOutcome::end_text() const {
  switch (end) {
    case End::exited:
      return fmt::format("exited {}", number);
    case End::unhandled:
      return "killed unhandled";
    case End::own_hand:
      return "handled, then killed by its own hand";
    case End::raised:
      return std::string(kRaised);
    case End::own_process:
      return "killed by another process of its own";
    case End::killed:
      return "killed by " + signal_name(number);
    case End::hung:
      return "hung";
    case End::never:
      return "never";
    case End::unknown:
      break;
  }
  return "could not tell";
}

std::string StopOutcome::text() const {
  std::string out = end_text();
  out += requests.lost > 0 ? ", requests lost" : "";
  out += requests.misanswered > 0 ? ", requests answered otherwise" : "";
  return out + (left.empty() && left_files.empty() ? "" : ", left behind");
}

std::string_view graceful_name(Graceful graceful) {
  static constexpr std::array<std::string_view, 3> kNames{"zero", "signal",
                                                          "any"};
  return kNames.at(static_cast<std::size_t>(graceful));
}

std::map<std::string, int> MapPoint::outcomes() const {
  std::map<std::string, int> out;
  for (const StopOutcome& one : tries) {
    if (one.is_told()) {
      ++out[one.text()];
    }
  }
  return out;
}

int MapPoint::told() const {
  return static_cast<int>(
      std::count_if(tries.begin(), tries.end(),
                    [](const StopOutcome& one) { return one.is_told(); }));
}

std::optional<std::string> MapPoint::main_outcome() const {
  std::map<std::string, int> all = outcomes();
  auto most = std::max_element(
      all.begin(), all.end(),
      [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == all.end() ? std::nullopt : std::optional(most->first);
}

const StopOutcome* idle_stop(const ShutdownMap& map) {
  const StopOutcome* idle = nullptr;
  for (const MapPoint& point : map.points) {
    auto main = point.main_outcome();
    if (point.instant.phase != Phase::ready || !main) {
      continue;
    }
    idle = &*std::find_if(
        point.tries.begin(), point.tries.end(),
        [&](const StopOutcome& one) { return one.text() == *main; });
  }
  return idle;
}

std::string end_clause(const std::string& end) {
  constexpr std::string_view kHandled = "handled, then ";
  return end.starts_with(kHandled)
             ? "handled it and was then " + end.substr(kHandled.size())
         : end.starts_with("killed") ? "was " + end
                                     : end;
}

std::string_view map_verdict_name(ShutdownMap::Verdict verdict) {
  static constexpr std::array<std::string_view, 3> kNames{
      "no finding", "findings", "could not tell"};
  return kNames.at(static_cast<std::size_t>(verdict));
}

std::string finding_text(const MapFinding& finding, const ShutdownMap& map) {
  using What = MapFinding::What;
  const std::string& signal = map.asked.signal;
  switch (finding.what) {
    case What::idle_stop:
      return "told to stop when idle, it " + end_clause(finding.outcome);
    case What::idle_varies:
      return "told to stop when idle, it does not always end alike: " +
             finding.outcome;
    case What::other_code:
      return fmt::format("{}, another code than when idle", finding.outcome);
    case What::unhandled:
      return finding.outcome == kRaised
                 ? finding.outcome + ": nothing shows that it handled " + signal
                 : "killed by the default action of " + signal + ", unhandled";
    case What::killed:
      return finding.outcome;
    case What::hung:
      return "hung: it did not end within its grace, and we killed it" +
             (finding.point < map.points.size()
                  ? hung_in(map.points[finding.point])
                  : "");
    case What::lost:
    case What::misanswered:
      return finding.outcome;
    case What::left:
    case What::left_file:
      break;
  }
  return "left behind: " + finding.outcome;
}

}  // namespace faultrig
