// Calls make a better map than time: `after: 3ms` is another moment on each
// run, the fifth call of %network is the same one (docs/services.md).
#include "harness/sweep/instants.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <tuple>

#include "harness/base/path_place.h"
#include "harness/base/text.h"
#include "harness/base/whole_number.h"
#include "harness/judge/service_facts.h"
#include "harness/model/syscalls.h"
#include "harness/sweep/request_sums.h"

namespace faultrig {

namespace {

using std::chrono::milliseconds;

constexpr std::string_view kNetwork = "%network";

bool is_of_service(const Observation& seen) {
  return seen.link == link_name(Link::service);
}

// What it printed last, which mostly tells why.
std::string last_words(const Evidence& evidence) {
  for (const std::string* text : {&evidence.err(), &evidence.out()}) {
    std::vector<std::string_view> lines = lines_of(*text);
    auto last = std::find_if(lines.rbegin(), lines.rend(), [](auto line) {
      return line.find_first_not_of(" \t\r") != line.npos;
    });
    if (last != lines.rend()) {
      return "; it said: " + for_one_line(last->substr(0, 200));
    }
  }
  return "";
}

// What keeps a recording from being one.
std::string trouble_in(const Evidence& evidence) {
  for (Fact fact :
       {Fact::never_started, Fact::trouble, Fact::supervision_lost}) {
    if (auto found = evidence.first(fact)) {
      return describe(evidence.trace()[*found]);
    }
  }
  for (const Observation& seen : evidence.trace()) {
    if (seen.fact == Fact::service_ready && is_of_service(seen)) {
      return "";
    }
    if (seen.fact == Fact::service_unready && is_of_service(seen)) {
      return "the service did not get ready " + seen.text +
             last_words(evidence);
    }
    if (seen.fact == Fact::process_ended && is_of_service(seen)) {
      WaitStatus status(static_cast<int>(seen.number));
      return "the service ended of its own accord: " + status.text() +
             lived_on(evidence) + last_words(evidence);
    }
  }
  return "nothing shows that the service was ever ready";
}

// Files that a program has not asked for: those of the loader (ld.so(8)) and of
// a runtime that looks at its machine.
bool is_of_runtime(const RecordedCall& call) {
  constexpr std::array<std::string_view, 3> kPlaces{"/etc/ld.so*", "/lib*/*",
                                                    "/usr/lib*/*"};
  return is_of_kernel(call.path) ||
         std::any_of(kPlaces.begin(), kPlaces.end(),
                     [&](auto place) { return glob_match(place, call.path); });
}

bool is_of_network(const std::string& name) {
  const Syscall* call = find_syscall(name);
  return call != nullptr && call->network;
}

// Of each call, by its index.
std::vector<Phase> phases_of(const std::vector<RecordedCall>& calls) {
  auto program = std::find_if_not(calls.begin(), calls.end(), is_of_runtime);
  auto listen = first_listen(calls);
  std::vector<Phase> out;
  for (auto call = calls.begin(); call != calls.end(); ++call) {
    out.push_back(call > listen    ? Phase::listening
                  : call < program ? Phase::runtime_start
                                   : Phase::before_listen);
  }
  return out;
}

// How its requests ended, `12 reset, 1 timed out`.
std::string ends_of(const Evidence& evidence) {
  RequestCounts sums = request_sums(evidence);
  std::vector<std::string> parts;
  for (const RequestColumn& column : request_columns()) {
    if (std::size_t times = sums.*column.count; column.end && times > 0) {
      parts.push_back(std::to_string(times) + " " +
                      std::string(word_for(*column.end)));
    }
  }
  return join(parts, ", ");
}

Instant ready_instant(Phase phase, milliseconds after,
                      milliseconds again = milliseconds(0)) {
  Instant out;
  out.phase = phase;
  out.tie = Instant::Tie::ready;
  out.after = after;
  out.again = again;
  return out;
}

// A port that is opened when it is ready already.
void add_listener(const Observation& seen, Recording& out) {
  bool listens = seen.fact == Fact::call_intercepted && seen.call == "listen";
  if (listens && !seen.path.empty() &&
      out.shown_by.find(seen.path) == out.shown_by.npos) {
    out.shown_by += (out.shown_by.empty() ? "" : ", ") + seen.path;
  }
}

// What is in its own folder and TMPDIR no other try meets.
std::vector<std::string> left_outside(const Evidence& evidence) {
  std::vector<std::string> out;
  for (const Observation& seen : evidence.trace()) {
    if (seen.fact == Fact::files_seen && seen.action == kFileLeft &&
        seen.path.starts_with('/')) {
      out.push_back(seen.text + " " + seen.path);
    }
  }
  return out;
}

}  // namespace

Recording recording_of(const Evidence& evidence) {
  Recording out;
  out.trouble = trouble_in(evidence);
  out.unready = evidence.first(Fact::service_unready).has_value();
  out.left = left_outside(evidence);
  std::chrono::nanoseconds start{0};
  bool started = false;
  bool ready = false;
  for (const Observation& seen : evidence.trace()) {
    if (!is_of_service(seen)) {
      continue;
    }
    if (ready) {
      add_listener(seen, out);
      continue;
    }
    if (seen.fact == Fact::process_started && !started) {
      start = seen.at;
      started = true;
    } else if (seen.fact == Fact::call_intercepted) {
      out.calls.push_back({seen.call, seen.path, seen.at - start});
    } else if (seen.fact == Fact::service_ready) {
      out.how = seen.action;
      out.shown_by = seen.text;
      out.port = seen.number;
      out.ready = seen.at - start;
      ready = true;
    }
  }
  return out;
}

std::vector<int> listened_ports(const Recording& recording) {
  std::vector<int> out;
  std::string_view left = recording.shown_by;
  while (!left.empty()) {
    std::string_view address = left.substr(0, left.find(", "));
    left.remove_prefix(std::min(address.size() + 2, left.size()));
    std::size_t colon = address.rfind(':');
    auto port = colon == address.npos
                    ? std::nullopt
                    : whole_number<int>(address.substr(colon + 1));
    if (port && std::find(out.begin(), out.end(), *port) == out.end()) {
      out.push_back(*port);
    }
  }
  return out;
}

std::string unasked_because(const Evidence& evidence) {
  constexpr int kBadRequest = 400;  // what is to be asked over TLS, says so
  bool bad = false;
  bool silent = true;
  for (const Observation& seen : evidence.trace()) {
    if (!is_request(seen)) {
      continue;
    }
    int status = status_of(seen);
    if (has_come(seen) && status != kBadRequest) {
      return "";
    }
    bad = bad || status == kBadRequest;
    silent = silent && seen.action == word_for(RequestEnd::timed_out);
  }
  std::string ends = ends_of(evidence);
  if (ends.empty()) {
    std::string why = trouble_in(evidence);
    return "it could not be asked" + (why.empty() ? "" : ": " + why);
  }
  return bad      ? "it answers every request with 400"
         : silent ? std::string(kNeverAnswered) + " within 5 s"
                  : "it answers no HTTP (" + ends + ")";
}

std::vector<Instant> call_instants(const Recording& recording) {
  std::vector<Phase> phases = phases_of(recording.calls);
  std::map<std::string, std::int64_t> counts;
  std::vector<Instant> out;
  for (std::size_t i = 0; i < recording.calls.size(); ++i) {
    const RecordedCall& call = recording.calls[i];
    Instant instant;
    instant.phase = phases[i];
    instant.tie = Instant::Tie::call;
    instant.counted =
        is_of_network(call.name) ? std::string(kNetwork) : call.name;
    instant.nth = ++counts[instant.counted];
    instant.call = call.name;
    instant.path = call.path;
    instant.at = call.at;
    out.push_back(std::move(instant));
  }
  return out;
}

std::vector<std::size_t> first_look(const std::vector<Instant>& line,
                                    std::size_t most) {
  std::set<std::size_t> out;
  auto add_ends = [&](bool of_last) {
    for (std::size_t i = line.size(); i-- > 0;) {
      std::size_t beside = of_last ? i + 1 : i - 1;  // may wrap: beyond the end
      bool ends = beside >= line.size() || line[beside].phase != line[i].phase;
      if (ends && out.size() < most) {
        out.insert(i);
      }
    }
  };
  add_ends(true);
  add_ends(false);
  if (out.empty()) {
    return {};
  }
  // The middles of the widest gaps, one after the other.
  while (out.size() > 1 && out.size() < std::min(most, line.size())) {
    auto widest = out.begin();
    for (auto left = out.begin(); std::next(left) != out.end(); ++left) {
      std::size_t gap = *std::next(left) - *left;
      widest = gap > *std::next(widest) - *widest ? left : widest;
    }
    out.insert((*widest + *std::next(widest)) / 2);
  }
  return {out.begin(), out.end()};
}

std::vector<Instant> lone_instants(bool load, bool brief) {
  Instant exec;
  Instant listening;
  listening.phase = Phase::listening;
  listening.tie = Instant::Tie::listening;
  std::vector<Instant> out{exec, listening};
  constexpr std::array<int, 3> kReady{300, 0, 50};
  constexpr std::array<int, 3> kLoaded{200, 50, 400};
  constexpr std::array<int, 3> kAgain{5, 0, 50};
  for (std::size_t i = 0; i < (brief ? 1 : kReady.size()); ++i) {
    out.push_back(ready_instant(Phase::ready, milliseconds(kReady.at(i))));
    if (load) {
      out.push_back(ready_instant(Phase::loaded, milliseconds(kLoaded.at(i))));
      out.push_back(ready_instant(Phase::draining, milliseconds(200),
                                  milliseconds(kAgain.at(i))));
    }
  }
  return out;
}

std::vector<RecordedCall>::const_iterator first_listen(
    const std::vector<RecordedCall>& calls) {
  return std::find_if(calls.begin(), calls.end(), [](const RecordedCall& call) {
    return call.name == "listen";
  });
}

std::chrono::nanoseconds time_of(const Instant& instant,
                                 const Recording& golden) {
  std::chrono::nanoseconds from{0};
  if (instant.tie == Instant::Tie::ready) {
    from = golden.ready;
  } else if (instant.tie == Instant::Tie::listening) {
    auto listen = first_listen(golden.calls);
    from = listen == golden.calls.end() ? golden.ready : listen->at;
  }
  return from + instant.after + instant.again;
}

bool is_earlier(const Instant& a, const Instant& b) {
  auto key = [](const Instant& instant) {
    bool called = instant.tie == Instant::Tie::call;
    bool ready = instant.tie == Instant::Tie::ready;
    return std::tuple(instant.phase,
                      called  ? 1
                      : ready ? 2
                              : 0,
                      instant.at, instant.after, instant.again);
  };
  return key(a) < key(b);
}

}  // namespace faultrig
