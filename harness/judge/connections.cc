// What became of connections on which nothing was asked when the service was
// told to stop. A service closes them in order; its death does so too, and that
// is no deed of its own.
#include <map>

#include "harness/base/text.h"
#include "harness/judge/expectations.h"
#include "harness/judge/finding.h"
#include "harness/judge/service_facts.h"
#include "harness/model/request.h"

namespace faultrig {

namespace {

using Frame = std::map<std::string, std::string>;

constexpr int kSwitchingProtocols = 101;

const Section& section() {
  static const Section kSection{
      .name = "connections",
      .summary = "what became of connections that a load holds open",
      .fields = {{.key = "of",
                  .kind = Kind::text,
                  .summary = "the name of the load; absent: of all"},
                 {.key = "idle",
                  .kind = Kind::choice,
                  .summary = "closed: each on which nothing was asked when the "
                             "service was told to stop was closed by it, in "
                             "order, and not by its death",
                  .choices = {"closed"}},
                 {.key = "websocket",
                  .kind = Kind::environment,
                  .summary = "close: the code of the close frame that each "
                             "WebSocket got which was open when the service "
                             "was told to stop, such as {close: 1001}; none: "
                             "it got no such frame"}},
      .needs_any = true};
  return kSection;
}

struct Held {
  std::vector<std::size_t> closed;
  std::vector<std::size_t> broken;  // reset, still open, or closed otherwise
  std::vector<std::size_t> unknown;
};

// Those that a load holds open and that are asked about.
bool is_held(const Observation& seen, const Params& params) {
  const auto* of = params.find<std::string>("of");
  return is_request(seen) && (of == nullptr || *of == seen.stream) &&
         (seen.action == word_for(RequestEnd::closed) ||
          seen.action == word_for(RequestEnd::held));
}

// By where each was when the service was told to stop.
void sort_in(std::size_t cite, const Observation& seen, bool good, Held& held) {
  if (seen.text == kPlaceUnknown) {
    held.unknown.push_back(cite);
  } else if (seen.text == word_for(InFlight::idle)) {
    (good ? held.closed : held.broken).push_back(cite);
  }
}

Held idle_of(const Params& params, const Evidence& evidence) {
  Held idle;
  for (std::size_t i = 0; i < evidence.trace().size(); ++i) {
    const Observation& seen = evidence.trace()[i];
    if (is_held(seen, params)) {
      bool closed = seen.action == word_for(RequestEnd::closed);
      sort_in(i, seen, closed && seen.error == 0, idle);
    }
  }
  return idle;
}

// What was never answered by 101 is no WebSocket.
Held web_sockets_of(const Params& params, const Evidence& evidence,
                    const std::string& word) {
  Held sockets;
  for (std::size_t i = 0; i < evidence.trace().size(); ++i) {
    const Observation& seen = evidence.trace()[i];
    if (is_held(seen, params) && status_of(seen) == kSwitchingProtocols) {
      sort_in(i, seen, seen.call == word, sockets);
    }
  }
  return sockets;
}

// Why its end says nothing for it; empty: it handled its signal.
std::string why_by_death(const ServiceEnd& end) {
  using How = ServiceEnd::How;
  if (end.how == How::hung) {
    return "it had not ended when its grace was over";
  }
  return end.how == How::exited || end.how == How::by_own_hand
             ? ""
             : "its death closed them: " + end.words;
}

Finding judge_idle(const Held& idle, const ServiceEnd& end,
                   const Evidence& evidence) {
  if (!idle.broken.empty()) {
    return answer(false, "an idle connection was reset, or still open",
                  evidence, idle.broken);
  }
  if (idle.closed.empty()) {
    return cannot_tell("no connection idled when it was told to stop",
                       idle.unknown);
  }
  std::string why = why_by_death(end);
  return answer(why.empty(), why, evidence,
                why.empty() ? idle.closed : end.cites);
}

// A close frame is a deed of the service's, however it ends then.
Finding judge_web_sockets(const Held& sockets, const Evidence& evidence) {
  if (!sockets.broken.empty()) {
    return answer(false, "a WebSocket was closed otherwise, or not at all",
                  evidence, sockets.broken);
  }
  return sockets.closed.empty()
             ? cannot_tell("no WebSocket was open when it was told to stop",
                           sockets.unknown)
             : answer(true, "", evidence, sockets.closed);
}

Finding check(const Params& params, const Evidence& evidence) {
  auto end = service_end(evidence);
  std::vector<std::string> expected;
  Finding finding = answer(true, "", evidence);
  if (params.has("idle")) {
    expected.emplace_back("idle connections closed");
    finding =
        end ? judge_idle(idle_of(params, evidence), *end, evidence)
            : answer(false, "the service was never told to stop", evidence);
  }
  if (params.has("websocket")) {
    std::string code = params.get_or("websocket", Frame())["close"];
    std::string word = code == "none" ? "no close frame" : "close " + code;
    expected.push_back("each WebSocket got " + word);
    if (finding.verdict == Verdict::pass) {
      finding =
          judge_web_sockets(web_sockets_of(params, evidence, word), evidence);
    }
  }
  finding.expected = join(expected, ", ");
  return finding;
}

}  // namespace

const ExpectationType& connections_expectation() {
  static const ExpectationType kType{&section(), check};
  return kType;
}

}  // namespace faultrig
