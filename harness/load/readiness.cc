// A socket that listens is served by the kernel: connections stand before the
// server accepts one. So what is ready is asked a question, where it takes one:
// `GET /`, and any status is an answer. What reads the question and says
// nothing for 200 ms, or says something that is no HTTP, is ready as what it
// is; one that has not even read it may only be slow, and has a second.
#include "harness/load/readiness.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fmt/format.h>

#include "harness/base/names.h"
#include "harness/model/request.h"
#include "harness/os/shim_processes.h"

namespace faultrig {

namespace {

using State = Probe::State;

constexpr std::int64_t kMillisecond = 1'000'000;  // nanoseconds
constexpr std::int64_t kSilence = 200 * kMillisecond;
// Ports that are opened right behind one that speaks no HTTP are asked too.
constexpr std::int64_t kSettle = 20 * kMillisecond;
constexpr std::int64_t kPatience = 1000 * kMillisecond;
constexpr std::int64_t kChoice = 5000 * kMillisecond;

std::string asked_path(const Ready& ready) {
  return ready.kind == Ready::Kind::http   ? ready.text
         : ready.kind == Ready::Kind::grpc ? " by gRPC"
                                           : "/";
}

std::string unix_text(const Listeners& listeners) {
  std::set<std::string> places = listeners.unix_places();
  return places.empty() ? "" : ", but at the unix socket " + *places.begin();
}

std::int64_t age_of(const Probe& probe) {
  return monotonic_ns() - probe.begun_ns();
}

}  // namespace

Readiness::Readiness(Reactor& reactor, InetSockets& sockets,
                     const Service& service,
                     std::function<void(const DriverNews&)> tell)
    : reactor_(reactor),
      sockets_(sockets),
      ready_(service.ready),
      has_load_(!service.load.empty()),
      deadline_ns_(monotonic_ns() + service.ready_within.count()),
      tell_(std::move(tell)) {}

Readiness::~Readiness() = default;

bool Readiness::is_certain(const Listeners& listeners) const {
  bool asked = ready_.kind == Ready::Kind::serving ||
               ready_.kind == Ready::Kind::http ||
               ready_.kind == Ready::Kind::grpc;
  int port = ready_.port;
  return asked || candidates_among(listeners.ours(), port).size() < 2;
}

void Readiness::ask_which() {
  ready_.kind = Ready::Kind::serving;
  deadline_ns_ = monotonic_ns() + kChoice;
  told_ = false;
}

void Readiness::look(const Listeners& listeners) {
  tidy();
  if (told_) {
    return;
  }
  candidates_ = candidates_among(listeners.ours(), ready_.port);
  addresses_ = listeners.addresses();
  ask();
  note_silence();
  decide();
  if (!told_ && monotonic_ns() >= deadline_ns_) {
    tell_never(listeners);
  }
}

// Those that are still read to their end, so that no server is cut short, and
// those of listeners that are gone.
void Readiness::tidy() {
  std::erase_if(probes_, [this](const auto& row) {
    const Probe& probe = *row.second;
    return told_ && (probe.is_done() || age_of(probe) > kPatience);
  });
}

Probe* Readiness::probe_of(const InetSocket& listener) {
  auto found = probes_.find(listener.local);
  return found == probes_.end() ? nullptr : found->second.get();
}

// `path` empty: only a connection is asked for.
void Readiness::ask_all(const std::string& path) {
  for (const InetSocket& listener : candidates_) {
    if (probe_of(listener) != nullptr) {
      continue;
    }
    InetAddress to = address_to_reach(listener);
    HttpRequest request{"GET", ready_.host.empty() ? to.text() : ready_.host,
                        path, "", false};
    ProbeAsk ask{path.empty() ? "" : text_of(request),
                 {ready_.tls, request.host, ""},
                 std::nullopt};
    if (ready_.kind == Ready::Kind::grpc) {
      ask.health = ready_.text;
      ask.wire.protocol = "h2";
    }
    probes_[listener.local] =
        std::make_unique<Probe>(reactor_, to, std::move(ask), [this] {
          if (!told_) {
            decide();
          }
        });
  }
}

// What is to be asked of each candidate that is not being asked.
void Readiness::ask() {
  switch (ready_.kind) {
    case Ready::Kind::listening:
      break;
    case Ready::Kind::tcp:
      ask_all("");
      break;
    case Ready::Kind::http:
      ask_all(ready_.text);
      break;
    case Ready::Kind::grpc:
    case Ready::Kind::serving:
      ask_all("/");
      break;
    case Ready::Kind::output:
    case Ready::Kind::file:
      if (said_ready_ && candidates_.size() > 1) {
        ask_all("/");
      }
      break;
  }
}

void Readiness::decide() {
  switch (ready_.kind) {
    case Ready::Kind::listening:
      decide_listening();
      break;
    case Ready::Kind::tcp:
      decide_tcp();
      break;
    case Ready::Kind::http:
    case Ready::Kind::grpc:
      decide_http();
      break;
    case Ready::Kind::serving:
      decide_serving();
      break;
    case Ready::Kind::output:
    case Ready::Kind::file:
      decide_told();
      break;
  }
}

void Readiness::decide_listening() {
  if (!candidates_.empty()) {
    tell_ready(&candidates_.front(), Speech::unknown);
  }
}

void Readiness::decide_tcp() {
  for (const InetSocket& listener : candidates_) {
    Probe* probe = probe_of(listener);
    State state = probe == nullptr ? State::connecting : probe->state();
    if (state == State::failed) {
      note_failure(listener, *probe);
    } else if (state != State::connecting) {
      tell_ready(&listener, Speech::unknown);
      return;
    }
  }
}

void Readiness::decide_http() {
  for (const InetSocket& listener : candidates_) {
    Probe* probe = probe_of(listener);
    if (probe == nullptr) {
      continue;
    }
    State state = probe->state();
    if (state == State::http && probe->status() == ready_.status) {
      tell_ready(&listener, Speech::http);
      return;
    }
    bool waits = state == State::connecting || state == State::connected;
    if (!waits || age_of(*probe) > kPatience) {
      note_failure(listener, *probe);
    }
  }
}

// Whether the other end has read a question is told by the kernel alone.
void Readiness::note_silence() {
  for (const auto& [at, probe] : probes_) {
    if (probe->state() != State::connected || age_of(*probe) < kSilence ||
        silent_.contains(at)) {
      continue;
    }
    auto dump = sockets_.all();
    bool read = dump && whereabouts({probe->standing()}, *dump).at(0).where ==
                            InFlight::read_unanswered;
    if (read || age_of(*probe) > kPatience) {
      silent_.insert(at);
    }
  }
}

// Has it said what it is?
bool Readiness::is_known(const InetSocket& listener, const Probe& probe) const {
  State state = probe.state();
  bool silent = state == State::connected && silent_.contains(listener.local);
  return silent || state == State::http || state == State::tls ||
         state == State::other;
}

// The lowest port that speaks HTTP, once those below it have said what they
// are; where none does, the lowest.
void Readiness::decide_serving() {
  const InetSocket* best = nullptr;
  bool settled = false;
  for (const InetSocket& listener : candidates_) {
    Probe* probe = probe_of(listener);
    if (probe != nullptr && probe->state() == State::failed) {
      note_failure(listener, *probe);
      return;
    }
    if (probe == nullptr || !is_known(listener, *probe)) {
      return;
    }
    if (probe->state() == State::http) {
      tell_ready(&listener, Speech::http);
      return;
    }
    settled = settled || age_of(*probe) >= kSettle;
    bool better = best == nullptr || (probe->state() == State::tls &&
                                      probe_of(*best)->state() != State::tls);
    best = better ? &listener : best;
  }
  if (settled) {
    bool tls = probe_of(*best)->state() == State::tls;
    tell_ready(best, tls ? Speech::tls : Speech::unknown);
  }
}

void Readiness::decide_told() {
  if (!said_ready_ || (candidates_.empty() && has_load_)) {
    return;
  }
  if (candidates_.size() > 1) {
    decide_serving();
  } else {
    tell_ready(candidates_.empty() ? nullptr : &candidates_.front(),
               Speech::unknown);
  }
}

// It is asked again at the next look.
void Readiness::note_failure(const InetSocket& at, const Probe& probe) {
  std::string where = at.local.text() + asked_path(ready_);
  switch (probe.state()) {
    case State::http:
      if (ready_.kind == Ready::Kind::grpc) {
        last_ = where + " does not say that it is serving";
        break;
      }
      last_ = fmt::format("{}{}{}", where, kAnsweredWith, probe.status());
      last_ += probe.location().empty() ? "" : ", to " + probe.location();
      break;
    case State::tls:
      last_ = at.local.text() + " wants TLS, so ask it by https://";
      break;
    case State::other:
      last_ = where + " is answered, but not in HTTP" +
              (ready_.kind == Ready::Kind::grpc ? "/2" : "");
      break;
    case State::failed:
      if (probe.os_errno() == EPROTO) {
        last_ = at.local.text() + " speaks no TLS";
        break;
      }
      last_ = fmt::format("a connection to {} fails with {}", at.local.text(),
                          errno_name(probe.os_errno()));
      break;
    default:
      last_ = where + " is not answered within 1 s";
      break;
  }
  probes_.erase(at.local);
  silent_.erase(at.local);
}

void Readiness::tell_ready(const InetSocket* at, Speech speech) {
  told_ = true;
  ServiceReady news{
      .at_ns = monotonic_ns(), .speech = speech, .addresses = addresses_};
  if (at != nullptr) {
    chosen_ = *at;
    news.port = at->local.port;
    news.address = address_to_reach(*at).text();
  }
  std::erase_if(probes_, [](const auto& row) {
    return row.second->state() != Probe::State::http;
  });
  tell_(news);
}

void Readiness::tell_never(const Listeners& listeners) {
  told_ = true;
  probes_.clear();
  tell_(NeverReady{monotonic_ns(), why_not(listeners)});
}

std::string Readiness::why_not(const Listeners& listeners) const {
  int port = ready_.port;
  bool by_others =
      ready_.kind == Ready::Kind::output || ready_.kind == Ready::Kind::file;
  if (by_others && !said_ready_) {
    return ready_.kind == Ready::Kind::file ? "the file is not there"
                                            : "the line was not printed";
  }
  if (addresses_.empty()) {
    return port != 0 && listeners.is_taken(port)
               ? fmt::format("port {} is another process's", port)
               : "it listens on no TCP port" + unix_text(listeners);
  }
  if (!candidates_.empty()) {
    return last_.empty() ? "it says nothing" : last_;
  }
  std::string where;
  for (const std::string& address : addresses_) {
    where += (where.empty() ? "" : ", ") + address;
  }
  return fmt::format(
      "it listens on {}, not on port {}{}", where, port,
      listeners.is_taken(port) ? ", which is another process's" : "");
}

}  // namespace faultrig
