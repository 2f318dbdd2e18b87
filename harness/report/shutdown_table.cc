#include "harness/report/shutdown_table.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/report/shutdown_report.h"

namespace faultrig {

namespace {

using End = StopOutcome::End;

// What a column counts, in the order of columns.
struct ColumnKey {
  int order = 0;
  int number = 0;

  friend bool operator<(const ColumnKey& a, const ColumnKey& b) {
    return std::pair(a.order, a.number) < std::pair(b.order, b.number);
  }
};

constexpr int kLost = 100;
constexpr int kLeft = 101;

ColumnKey key_of(const StopOutcome& stop) {
  bool numbered = stop.end == End::exited || stop.end == End::killed;
  return {static_cast<int>(stop.end), numbered ? stop.number : 0};
}

std::string head_of(const ColumnKey& key) {
  switch (key.order) {
    case kLost:
      return "lost";
    case kLeft:
      return "left";
    default:
      break;
  }
  switch (static_cast<End>(key.order)) {
    case End::exited:
      return fmt::format("exit {}", key.number);
    case End::unhandled:
      return "unhandled";
    case End::own_hand:
      return "own hand";
    case End::raised:
      return "raised";
    case End::own_process:
      return "own process";
    case End::killed:
      return signal_name(key.number);
    case End::hung:
      return "hung";
    case End::never:
      return "never";
    case End::unknown:
      break;
  }
  return "untold";
}

struct PhaseSum {
  std::map<ColumnKey, std::size_t> counts;
  std::size_t tries = 0;
  std::size_t told = 0;
  RequestCounts requests;
  // Of a try that is told: requests that it had begun to read, and not answered
  // when it was told to stop.
  std::size_t fewest_in_flight = std::numeric_limits<std::size_t>::max();
  std::size_t most_in_flight = 0;

  void add(const StopOutcome& stop) {
    ++tries;
    if (stop.is_told()) {
      ++told;
      std::size_t in_flight = stop.requests.in_flight;
      fewest_in_flight = std::min(fewest_in_flight, in_flight);
      most_in_flight = std::max(most_in_flight, in_flight);
    }
    ++counts[key_of(stop)];
    requests.add(stop.requests);
    if (stop.requests.lost > 0) {
      counts[{kLost}] += stop.requests.lost;
    }
    if (!stop.left.empty() || !stop.left_files.empty()) {
      ++counts[{kLeft}];
    }
  }
};

std::map<Phase, PhaseSum> sums_of(const ShutdownMap& map) {
  std::map<Phase, PhaseSum> sums;
  for (const MapPoint& point : map.points) {
    for (const StopOutcome& stop : point.tries) {
      sums[point.instant.phase].add(stop);
    }
  }
  return sums;
}

std::string cell(const PhaseSum& sum, const ColumnKey& key) {
  auto found = sum.counts.find(key);
  if (found == sum.counts.end()) {
    return "";
  }
  if (key.order == kLost) {
    return fmt::format("{}", found->second);
  }
  bool says_nothing = key.order == static_cast<int>(End::never) ||
                      key.order == static_cast<int>(End::unknown);
  return fmt::format("{} of {}", found->second,
                     says_nothing ? sum.tries : sum.told);
}

// What the service had in its hands at the moment of which the phase tells.
std::string in_flight_text(const PhaseSum& sum) {
  if (sum.requests.unknown > 0 || sum.told == 0) {
    return "";
  }
  return sum.fewest_in_flight == sum.most_in_flight
             ? fmt::format("; in flight when told: {}", sum.most_in_flight)
             : fmt::format("; in flight when told: {} to {}",
                           sum.fewest_in_flight, sum.most_in_flight);
}

// `never_sent` as words.
std::string spaced(std::string_view name) {
  std::string out(name);
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

}  // namespace

ShutdownTable shutdown_table(const ShutdownMap& map) {
  std::map<Phase, PhaseSum> sums = sums_of(map);
  std::set<ColumnKey> keys;
  for (const auto& [phase, sum] : sums) {
    for (const auto& [key, count] : sum.counts) {
      keys.insert(key);
    }
  }
  ShutdownTable out;
  for (const ColumnKey& key : keys) {
    out.heads.push_back(head_of(key));
  }
  for (const auto& [phase, sum] : sums) {
    ShutdownTable::Row row{phase, {}};
    for (const ColumnKey& key : keys) {
      row.cells.push_back(cell(sum, key));
    }
    out.rows.push_back(std::move(row));
  }
  return out;
}

std::vector<UntoldReason> untold_reasons(const ShutdownMap& map) {
  std::vector<UntoldReason> out;
  for (const MapPoint& point : map.points) {
    auto stop = std::find_if(point.tries.begin(), point.tries.end(),
                             [](const auto& one) { return !one.is_told(); });
    if (stop == point.tries.end()) {
      continue;
    }
    std::string outcome = stop->end_text();
    auto same = std::find_if(out.begin(), out.end(), [&](const auto& reason) {
      return reason.outcome == outcome && reason.why == stop->why;
    });
    if (same == out.end()) {
      out.push_back({outcome, point.instant.text(), stop->why, 1});
    } else {
      ++same->points;
    }
  }
  return out;
}

std::string asked_text(const MapAsked& asked) {
  std::string beside =
      asked.faults.empty() ? "" : ", beside " + join(asked.faults, " and ");
  return shell_line(asked.command) + ", told by " + asked.signal + beside;
}

std::string golden_text(const Recording& golden) {
  if (!golden.trouble.empty()) {
    // It may have been ready by then.
    bool cut = golden.trouble.starts_with("interrupted");
    return (cut ? "" : "not ready: ") + golden.trouble;
  }
  std::string how = golden.how;
  how += golden.port > 0 ? fmt::format(" on port {}", golden.port) : "";
  how = how.empty() ? "" : " (" + how + ")";
  std::string shared =
      !golden.own_network        ? "; one at a time, in this machine's network"
      : !golden.in_place.empty() ? "; one at a time, in the folder itself"
      : golden.shared.empty()    ? ""
                                 : "; one at a time, they share files";
  return fmt::format("ready after {}{}, {} calls until then{}",
                     format_elapsed(golden.ready), how, golden.calls.size(),
                     shared);
}

std::vector<std::string> request_lines(const ShutdownMap& map) {
  std::vector<std::string> out;
  for (const auto& [phase, sum] : sums_of(map)) {
    std::vector<std::string> parts;
    std::vector<std::string> places;
    for (const RequestColumn& column : request_columns()) {
      bool ends = column.place.empty();
      if (std::size_t count = sum.requests.*column.count; count > 0) {
        (ends ? parts : places)
            .push_back(fmt::format("{} {}", count,
                                   ends ? spaced(column.name) : column.place));
      }
    }
    if (!parts.empty()) {
      out.push_back(
          fmt::format("{}: {}", phase_name(phase), join(parts, ", ")) +
          in_flight_text(sum) +
          (places.empty() ? "" : "; without an answer: " + join(places, ", ")));
    }
  }
  return out;
}

std::string share_text(const Share& share) {
  return fmt::format("{} of {} ({:.0f}-{:.0f} %)", share.k, share.n,
                     share.low * 100, share.high * 100);
}

}  // namespace faultrig
