#include "harness/judge/service_facts.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "harness/base/names.h"
#include "harness/judge/link_text.h"
#include "harness/model/link.h"
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

// Go's runtime handles every signal, and dies of those that its program did not
// ask for by sending them to itself with tgkill(2) (runtime/signal_unix.go). Of
// a Go program whose stack nobody could read that is more likely than anything.
bool is_by_runtime(const Observation& seen) {
  if (!seen.stack || seen.call != "tgkill") {
    return false;
  }
  const std::vector<GoFrame>& frames = seen.stack->frames;
  if (frames.empty()) {
    return !seen.stack->unknown.empty();
  }
  return std::any_of(frames.begin(), frames.end(), [](const GoFrame& frame) {
    return frame.function == "runtime.dieFromSignal";
  });
}

// As harness/os/sent_signal.h says it.
constexpr std::string_view kListening = ", listening";

bool is_one_of(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Had it called listen(2), or was it ready, before this fact?
bool was_up(const Evidence& evidence, std::size_t before) {
  auto trace = evidence.trace().first(before);
  return std::any_of(trace.begin(), trace.end(), [](const Observation& seen) {
    bool listens = seen.fact == Fact::call_intercepted && seen.call == "listen";
    return seen.link == link_name(Link::service) &&
           (listens || seen.fact == Fact::service_ready);
  });
}

// `SIGTERM to process 42`, or to a group that 42 leads.
bool reaches(const std::string& sent, const std::string& signal,
             std::int64_t pid) {
  std::string number = std::to_string(pid);
  return sent == signal + " to process " + number ||
         sent == signal + " to group " + number ||
         sent.starts_with(signal + " to itself, group " + number);
}

// Who sent the very signal of which it died, if that is seen: a child that asks
// whether its parent lives, or stops another one, says nothing of how this one
// ended.
ServiceEnd::How sender_of(const Evidence& evidence, std::size_t stop,
                          std::size_t end) {
  using How = ServiceEnd::How;
  const Observation& ended = evidence.trace()[end];
  std::string signal =
      signal_name(WaitStatus(static_cast<int>(ended.number)).signal());
  How how = How::unhandled;
  for (std::size_t i = stop; i < end; ++i) {
    const Observation& seen = evidence.trace()[i];
    if (seen.fact != Fact::call_intercepted || seen.link != ended.link ||
        !is_one_of(calls_of_own_hand(), seen.call) || is_by_runtime(seen)) {
      continue;
    }
    if (seen.pid == ended.pid && seen.text.starts_with(signal + " to itself")) {
      bool open = seen.text.ends_with(kListening);
      return open || !was_up(evidence, i) ? How::raised : How::by_own_hand;
    }
    if (seen.pid != ended.pid && reaches(seen.text, signal, ended.pid)) {
      how = How::by_own_process;
    }
  }
  return how;
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
  return sender_of(evidence, stop, end.cite);
}

// Those of this kind that came to nothing. What the service refused to begin on
// (GOAWAY, REFUSED_STREAM) may be asked again, wherever its bytes were.
std::vector<std::size_t> vain_requests(const Evidence& evidence,
                                       bool (*is_one)(const Observation&)) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < evidence.trace().size(); ++i) {
    const Observation& seen = evidence.trace()[i];
    bool vain = is_request(seen) && !has_come(seen) &&
                seen.action != word_for(RequestEnd::refused);
    if (vain && is_one(seen)) {
      found.push_back(i);
    }
  }
  return found;
}

// The statuses of a load's answers before the service was told to stop.
struct Usual {
  std::set<int> as_asked;
  std::set<int> others;
};

std::map<std::string, Usual> usual_answers(const Evidence& evidence) {
  std::map<std::string, Usual> usual;
  for (const Observation& seen : evidence.trace()) {
    int status = status_of(seen);
    if (is_request(seen) && seen.text == kPlaceBefore && status != 0) {
      Usual& of_load = usual[seen.stream];
      bool good = seen.action == word_for(RequestEnd::answered);
      (good ? of_load.as_asked : of_load.others).insert(status);
    }
  }
  return usual;
}

// A status that is not told differs from none.
bool is_unusual(const Observation& seen, const Usual& usual) {
  int status = status_of(seen);
  if (!usual.as_asked.empty()) {
    bool good = seen.action == word_for(RequestEnd::answered);
    return (!good && status == 0) ||
           (status != 0 && !usual.as_asked.contains(status));
  }
  return seen.action == word_for(RequestEnd::wrong) &&
         !usual.others.contains(status);
}

}  // namespace

bool is_request(const Observation& seen) {
  return seen.fact == Fact::request || seen.fact == Fact::requests_untold;
}

std::int64_t requests_told(const Observation& request) {
  return request.fact == Fact::requests_untold ? request.number : 1;
}

int status_of(const Observation& request) {
  if (request.fact == Fact::request) {
    return static_cast<int>(request.number);
  }
  int status = 0;
  const std::string& told = request.path;
  std::from_chars(told.data(), told.data() + told.size(), status);
  return status;
}

// What is no HTTP is no answer.
bool has_come(const Observation& request) {
  return request.action == word_for(RequestEnd::answered) ||
         (request.action == word_for(RequestEnd::wrong) &&
          status_of(request) != 0);
}

const std::vector<std::string>& calls_of_own_hand() {
  static const std::vector<std::string> kCalls{"kill",
                                               "tgkill",
                                               "tkill",
                                               "pidfd_send_signal",
                                               "rt_sigqueueinfo",
                                               "rt_tgsigqueueinfo"};
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

std::string lived_on(const Evidence& evidence) {
  return evidence.first(Fact::leftover) ? "; " + std::string(kLivedOn) : "";
}

bool had_been_read(const Observation& request) {
  return request.text == word_for(InFlight::read_unanswered) ||
         request.text == word_for(InFlight::answering);
}

std::vector<std::size_t> lost_requests(const Evidence& evidence) {
  return vain_requests(evidence, had_been_read);
}

std::vector<std::size_t> doubtful_requests(const Evidence& evidence) {
  std::vector<std::size_t> found =
      vain_requests(evidence, [](const Observation& request) {
        return request.text == kPlaceUnknown ||
               request.text == word_for(InFlight::partly_read) ||
               request.text == word_for(InFlight::strange);
      });
  for (std::size_t i = 0; i < evidence.trace().size(); ++i) {
    const Observation& seen = evidence.trace()[i];
    if (is_request(seen) && had_been_read(seen) && seen.call == kNoLength) {
      found.push_back(i);
    }
  }
  return found;
}

std::vector<std::size_t> misanswered_requests(const Evidence& evidence) {
  std::map<std::string, Usual> usual = usual_answers(evidence);
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < evidence.trace().size(); ++i) {
    const Observation& seen = evidence.trace()[i];
    if (is_request(seen) && had_been_read(seen) && has_come(seen) &&
        is_unusual(seen, usual[seen.stream])) {
      found.push_back(i);
    }
  }
  return found;
}

}  // namespace faultrig
