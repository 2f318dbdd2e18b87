// When a service stopped to listen, counted from the signal that was to stop
// it. That a socket listens no more is seen by looking, again and again: it was
// closed between the last look that found it and the first that did not. Its
// end closes it too.
#include <optional>

#include "harness/base/units.h"
#include "harness/judge/expectations.h"
#include "harness/judge/finding.h"
#include "harness/judge/service_facts.h"

namespace faultrig {

namespace {

using std::chrono::nanoseconds;

const Section& section() {
  static const Section kSection{
      .name = "listener",
      .summary =
          "how long the service listened on, after the signal that was "
          "to stop it",
      .fields = {{.key = "closed_within",
                  .kind = Kind::duration,
                  .summary = "it had stopped to listen after so long"},
                 {.key = "open_for",
                  .kind = Kind::duration,
                  .summary = "it listened at least so long"}},
      .shorthand = "closed_within",
      .needs_any = true};
  return kSection;
}

// The time from the signal to the close lies between these.
struct Closed {
  nanoseconds earliest{0};
  nanoseconds latest{0};
  std::vector<std::size_t> cites;
};

// Is one of `127.0.0.1:80, [::1]:81` at this port?
bool has_port(const std::string& addresses, std::int64_t port) {
  std::string all = addresses + ",";
  return all.find(":" + std::to_string(port) + ",") != std::string::npos;
}

std::optional<Closed> close_of(const Evidence& evidence, const ServiceEnd& end,
                               std::int64_t port) {
  std::size_t stop = end.cites[0];
  std::size_t last = end.cites[1];
  nanoseconds told = evidence.trace()[stop].at;
  for (std::size_t i = stop; i < last; ++i) {
    const Observation& seen = evidence.trace()[i];
    if (seen.fact == Fact::listens_at && !has_port(seen.text, port)) {
      nanoseconds latest = seen.at - told;
      nanoseconds earliest = latest - nanoseconds(seen.number);
      return Closed{std::max(earliest, nanoseconds(0)), latest, {stop, i}};
    }
  }
  // What it left may hold its socket.
  if (evidence.first(Fact::leftover)) {
    return std::nullopt;
  }
  nanoseconds ended = evidence.trace()[last].at - told;
  return Closed{ended, ended, {stop, last}};
}

Finding judge_time(const Params& params, const Closed& closed,
                   const Evidence& evidence) {
  const auto* within = params.find<nanoseconds>("closed_within");
  const auto* open = params.find<nanoseconds>("open_for");
  bool late = within != nullptr && closed.earliest > *within;
  bool early = open != nullptr && closed.latest < *open;
  bool unsure = (within != nullptr && closed.latest > *within) ||
                (open != nullptr && closed.earliest < *open);
  std::string what =
      "it listened for " + format_elapsed(closed.latest) + " more";
  if (!late && !early && unsure) {
    return cannot_tell(
        what + ", as exactly as we looked: " + cite_all(evidence, closed.cites),
        closed.cites);
  }
  return answer(!late && !early, what, evidence, closed.cites);
}

std::string expected(const Params& params) {
  const auto* within = params.find<nanoseconds>("closed_within");
  const auto* open = params.find<nanoseconds>("open_for");
  std::string text = "listener";
  text += within == nullptr ? "" : " closed within " + format_duration(*within);
  return text + (open == nullptr ? "" : " open for " + format_duration(*open));
}

Finding check(const Params& params, const Evidence& evidence) {
  Finding finding;
  auto end = service_end(evidence);
  auto ready = evidence.first(Fact::service_ready);
  std::int64_t port = ready ? evidence.trace()[*ready].number : 0;
  if (!end || end->cites.size() != 2) {
    finding = answer(false, "the service was never told to stop", evidence);
  } else if (port == 0) {
    finding = cannot_tell("it was not seen to listen on a port");
  } else if (auto closed = close_of(evidence, *end, port)) {
    finding = judge_time(params, *closed, evidence);
  } else {
    finding =
        cannot_tell("what it left behind may listen on, and was not seen to");
  }
  finding.expected = expected(params);
  return finding;
}

}  // namespace

const ExpectationType& listener_expectation() {
  static const ExpectationType kType{&section(), check};
  return kType;
}

}  // namespace faultrig
