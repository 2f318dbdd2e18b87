// A map is silent on what was never asked, and "no finding" would be read as if
// it had been.
#include "harness/sweep/remarks.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/judge/not_sent.h"
#include "harness/sweep/instants.h"

namespace faultrig {

namespace {

constexpr int kFirstRefusal = 400;  // statuses from here say no

// Where nothing was asked at all that is said instead.
std::vector<int> other_ports(const ShutdownMap& map) {
  const Recording& golden = map.golden;
  if (!golden.unasked.empty()) {
    return {};
  }
  std::vector<int> out = listened_ports(golden);
  std::int64_t own = map.asked.port != 0 ? map.asked.port : golden.port;
  std::erase_if(out, [own](int port) { return port == own; });
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

// All that were due.
std::size_t asked_for(const RequestCounts& sum) {
  std::size_t all = sum.never_sent;
  for (const RequestColumn& column : request_columns()) {
    all += column.end ? sum.*column.count : 0;
  }
  return all;
}

// What was left there by one try may have been met by the next.
std::string shared_files(const Recording& golden) {
  constexpr std::size_t kMostNamed = 3;
  std::vector<std::string> named = golden.shared;
  std::size_t more = named.size() - std::min(named.size(), kMostNamed);
  named.resize(named.size() - more);
  return named.empty()
             ? ""
             : "outside of the folder and the TMPDIR that each try has of its "
               "own, all of them share " +
                   join(named, ", ") +
                   (more > 0 ? fmt::format(" and {} more", more) : "") +
                   "; what is left there stays";
}

// Whether it can start with that there is for each try to show.
std::string left_when_recorded(const Recording& golden) {
  return golden.left.empty()
             ? ""
             : "when it was recorded it left " + join(golden.left, ", ") +
                   ", which each later try meets: nothing outside of its "
                   "folder is removed by us";
}

std::string run_in_place(const Recording& golden) {
  return golden.in_place.empty()
             ? ""
             : "in a copy of this folder it does not start (" +
                   golden.in_place +
                   "), so each try runs in the folder itself, and what one "
                   "leaves there is met by the next";
}

// Of one that ends by itself when it is alone, or is never ready, nobody knows.
bool never_told_alone(const ShutdownMap& map) {
  return std::any_of(
      map.points.begin(), map.points.end(), [](const MapPoint& point) {
        return std::any_of(
            point.tries.begin(), point.tries.end(),
            [](const auto& one) { return one.by_itself || one.unready; });
      });
}

std::string collision(const ShutdownMap& map) {
  return map.collided.empty() || never_told_alone(map)
             ? ""
             : "tries beside each other are in each other's way (" +
                   map.collided + "), so they run one at a time";
}

// What becomes of one that it had read was never seen.
std::string none_in_flight(const RequestCounts& sum) {
  if (sum.unknown > 0) {
    return fmt::format(
        "where {} requests were when it was told is not known, it could not be "
        "frozen: what becomes of one that it had read is not known",
        sum.unknown);
  }
  std::size_t unread = sum.backlog + sum.unread + sum.half_sent;
  return (unread == 0 ? "no request was in flight when it was told"
                      : fmt::format("no request that it had read was in flight "
                                    "when it was told, {} that it had not",
                                    unread)) +
         std::string(
             ": what becomes of one is not known, --url names one that "
             "takes longer");
}

// Of a fault beside, how many tries that tell something there are, in how many
// of them it took no effect, and of these the phases.
struct Unmet {
  int tries = 0;
  int without = 0;
  std::vector<std::string> phases;

  // One try more.
  void add(const std::string& phase) {
    ++without;
    if (phases.empty() || phases.back() != phase) {
      phases.push_back(phase);
    }
  }
};

std::map<std::string, Unmet> unmet_faults(const ShutdownMap& map) {
  std::map<std::string, Unmet> out;
  int tries = 0;
  for (const MapPoint& point : map.points) {
    tries += point.told();
    for (const StopOutcome& one : point.tries) {
      for (const std::string& name : one.without) {
        out[name].add(std::string(phase_name(point.instant.phase)));
      }
    }
  }
  for (auto& [name, unmet] : out) {
    unmet.tries = tries;
  }
  return out;
}

// Of points that tell something all the same.
std::string untold_tries(const ShutdownMap& map) {
  int tries = 0;
  int untold = 0;
  std::string why;
  for (const MapPoint& point : map.points) {
    for (const StopOutcome& one : point.tries) {
      bool counts = one.end == StopOutcome::End::unknown && !one.by_itself &&
                    (point.told() > 0 || !map.findings.empty());
      ++tries;
      untold += counts ? 1 : 0;
      why = counts && why.empty() ? one.why : why;
    }
  }
  return untold == 0 ? ""
                     : fmt::format("in {} of {} tries it could not be told: {}",
                                   untold, tries, why);
}

// Shells by which others are started: `sh -c 'server & wait'`.
std::string behind_shell(const ShutdownMap& map) {
  static const std::set<std::string> kShells{"sh",  "bash", "dash",
                                             "ash", "ksh",  "zsh"};
  const std::vector<std::string>& words = map.asked.command;
  bool shell = words.size() > 2 &&
               kShells.contains(words[0].substr(words[0].rfind('/') + 1)) &&
               words[1].starts_with('-') && words[1].ends_with('c') &&
               words[2].find("exec ") == std::string::npos;
  bool hurts = std::any_of(map.findings.begin(), map.findings.end(),
                           [](const auto& finding) {
                             return finding.what == MapFinding::What::left ||
                                    finding.what == MapFinding::What::unhandled;
                           });
  return shell && hurts
             ? "the signal reaches " + words[0] +
                   ", and not what it starts: with `exec` before the last "
                   "command of its script they are one process"
             : "";
}

// No loss by the rules; who only peeks (MSG_PEEK in recv(2)) has not read.
std::string unread_text(const RequestCounts& sum) {
  return sum.unread == 0 || sum.in_flight == 0
             ? ""
             : fmt::format(
                   "{} request{} that it had not read yet, in sockets "
                   "that it had accepted, came to nothing",
                   sum.unread, sum.unread == 1 ? "" : "s");
}

}  // namespace

std::string unmet_in_all(const ShutdownMap& map) {
  for (const auto& [name, unmet] : unmet_faults(map)) {
    if (unmet.without == unmet.tries) {
      return "`" + name + "` took no effect in any try";
    }
  }
  return "";
}

std::string refusals(const ShutdownMap& map) {
  std::vector<std::string> words;
  for (const auto& [status, times] : all_requests(map).statuses) {
    if (status < kFirstRefusal) {
      return "";
    }
    words.push_back(std::to_string(status));
  }
  return words.empty()
             ? ""
             : "every answer before the signal was " + join(words, " or ");
}

std::string asked_in_vain(const ShutdownMap& map) {
  RequestCounts sum = all_requests(map);
  return 2 * sum.before <= sum.asked_before
             ? ""
             : fmt::format(
                   "most requests, {} of {}, were not answered even before it "
                   "was told to stop",
                   sum.before, sum.asked_before);
}

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
  for (int port : other_ports(map)) {
    out.push_back(fmt::format("port {} was not asked", port));
  }
  RequestCounts sum = all_requests(map);
  if (sum.before > 0) {
    out.push_back(fmt::format(
        "{} of {} requests were not answered even before the signal",
        sum.before, sum.asked_before));
  }
  if (sum.asked_before > 0 && sum.in_flight == 0) {
    out.push_back(none_in_flight(sum));
  }
  if (std::size_t all = asked_for(sum); sum.own_limit > 0) {
    out.push_back(own_limit_text(sum.own_limit, all));
  }
  if (std::size_t all = asked_for(sum); sum.never_sent > 0) {
    out.push_back(never_sent_text(sum.never_sent, all));
  }
  if (std::string no = refusals(map);
      !no.empty() && (!map.asked.url_named || !map.findings.empty())) {
    out.push_back(no);
  }
  for (const auto& [name, unmet] : unmet_faults(map)) {
    out.push_back(fmt::format("`{}` took no effect in {} of {} tries ({})",
                              name, unmet.without, unmet.tries,
                              join(unmet.phases, ", ")));
  }
  for (const std::string& said :
       {unread_text(sum), behind_shell(map), shared_files(map.golden),
        left_when_recorded(map.golden), run_in_place(map.golden),
        collision(map), untold_tries(map)}) {
    if (!said.empty()) {
      out.push_back(said);
    }
  }
  if (!map.findings.empty()) {
    if (std::string fell = ended_by_itself(map); !fell.empty()) {
      out.push_back(fell);
    }
  }
  return out;
}

}  // namespace faultrig
