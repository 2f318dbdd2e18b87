#include "harness/model/evidence.h"

#include <algorithm>
#include <csignal>
#include <utility>

#include "harness/base/names.h"
#include "harness/base/text.h"

namespace faultrig {

namespace {

// Longer texts are cut: every line of evidence.jsonl stays far below 1 MiB,
// so that what is written can be read and judged alike.
constexpr std::size_t kLongestText = 16 << 10;

void tidy(std::string& text) {
  if (!is_valid_utf8(text)) {
    text = valid_utf8(text);
  }
  if (text.size() > kLongestText) {
    text.resize(kLongestText);
    while (!is_valid_utf8(text)) {
      text.pop_back();
    }
  }
}

// The same text whether the observation comes from a run or from a file,
// which holds UTF-8 only.
void tidy(Observation& observation) {
  for (std::string* text :
       {&observation.link, &observation.call, &observation.path,
        &observation.fd, &observation.action, &observation.stream,
        &observation.text, &observation.unread}) {
    tidy(*text);
  }
  for (std::string& name : observation.names) {
    tidy(name);
  }
  if (observation.peers) {
    std::for_each(observation.peers->begin(), observation.peers->end(),
                  [](std::string& peer) { tidy(peer); });
  }
}

std::optional<LinkEnd> link_end(const Observation& observation,
                                std::size_t index) {
  bool ended = observation.fact == Fact::process_ended;
  if (observation.link.empty() ||
      (!ended && observation.fact != Fact::never_started)) {
    return std::nullopt;
  }
  LinkEnd end;
  end.link = link_named(observation.link).value_or(Link::need);
  end.name = observation.link;
  end.cite = index;
  if (ended) {
    end.program = observation.text;
    end.status = WaitStatus(static_cast<int>(observation.number));
  } else {
    end.why_not_started = observation.text;
  }
  return end;
}

// Evidence of before our own signals were told: at the deadline the first of
// these links that lived was asked to end.
bool asked_unseen(std::span<const Observation> trace, std::size_t deadline,
                  const std::string& link) {
  for (const char* asked : {"test", "command", "go"}) {
    for (std::size_t i = deadline; i < trace.size(); ++i) {
      if (trace[i].fact == Fact::process_ended && trace[i].link == asked) {
        return link == asked;
      }
    }
  }
  return false;
}

// From then on a service is waited for.
bool is_due(const Observation& seen) {
  return seen.fact == Fact::service_stopped || seen.fact == Fact::stop_begun ||
         seen.fact == Fact::grace_passed ||
         (seen.fact == Fact::signal_sent &&
          is_stop_signal(static_cast<int>(seen.number)));
}

// What we did to it ourselves before it ended.
class OurDoing {
 public:
  explicit OurDoing(std::span<const Observation> trace) : trace_(trace) {
    for (const Observation& seen : trace) {
      told_ = told_ || seen.fact == Fact::our_signal;
    }
  }

  void add_to(LinkEnd& end) const {
    const Observation& ended = trace_[end.cite];
    std::optional<std::size_t> deadline;
    bool late = false;
    // A service runs until it is told to stop: by then it only served.
    bool due = end.link != Link::service;
    bool harmed = false;
    for (std::size_t i = 0; i < end.cite; ++i) {
      const Observation& seen = trace_[i];
      if (seen.fact == Fact::deadline_passed) {
        deadline = i;
        late = true;
      } else if (seen.fact == Fact::grace_passed ||
                 seen.fact == Fact::service_unready) {
        late = true;
      } else if (seen.fact == Fact::our_signal && seen.pid == ended.pid) {
        end.our_signal = static_cast<int>(seen.number);
      }
      // One that never got ready hangs where a fault has seen to that.
      harmed = harmed || seen.fact == Fact::fault_activated;
      due =
          due || is_due(seen) || (harmed && seen.fact == Fact::service_unready);
    }
    if (!told_ && deadline && asked_unseen(trace_, *deadline, ended.link)) {
      end.our_signal = SIGQUIT;
    }
    end.hung = end.link == Link::need      ? end.our_signal == SIGKILL
               : end.link == Link::recover ? end.our_signal != 0
                                           : late && due && end.our_signal != 0;
  }

 private:
  std::span<const Observation> trace_;
  bool told_ = false;
};

ExitChain exit_chain(std::span<const Observation> trace) {
  ExitChain chain;
  OurDoing ours(trace);
  for (std::size_t i = 0; i < trace.size(); ++i) {
    if (auto end = link_end(trace[i], i)) {
      ours.add_to(*end);
      chain.push_back(*std::move(end));
    }
  }
  std::stable_sort(chain.begin(), chain.end(),
                   [](const LinkEnd& a, const LinkEnd& b) {
                     return a.link == Link::test && b.link != Link::test;
                   });
  return chain;
}

}  // namespace

Evidence::Evidence(Parts parts) : parts_(std::move(parts)) {
  for (Observation& observation : parts_.trace) {
    tidy(observation);
  }
  tidy(parts_.golden_trouble);
  std::stable_sort(
      parts_.trace.begin(), parts_.trace.end(),
      [](const Observation& a, const Observation& b) { return a.at < b.at; });
  exits_ = exit_chain(parts_.trace);
  auto beside = std::stable_partition(
      exits_.begin(), exits_.end(), [](const LinkEnd& end) {
        return end.link != Link::need && end.link != Link::recover;
      });
  beside_.assign(beside, exits_.end());
  exits_.erase(beside, exits_.end());
}

bool Evidence::activated(FaultId fault) const {
  return first(Fact::fault_activated, fault).has_value();
}

std::optional<std::size_t> Evidence::first(Fact fact, FaultId fault) const {
  for (std::size_t i = 0; i < parts_.trace.size(); ++i) {
    const Observation& observation = parts_.trace[i];
    if (observation.fact == fact &&
        (fault == kNoFault || observation.fault == fault)) {
      return i;
    }
  }
  return std::nullopt;
}

std::size_t Evidence::count(Fact fact, FaultId fault) const {
  return static_cast<std::size_t>(
      std::count_if(parts_.trace.begin(), parts_.trace.end(),
                    [&](const Observation& observation) {
                      return observation.fact == fact &&
                             (fault == kNoFault || observation.fault == fault);
                    }));
}

std::vector<FaultId> Evidence::faults_named(std::string_view name) const {
  std::vector<FaultId> named;
  std::vector<FaultId> injected;
  for (std::size_t i = 0; i < parts_.injectors.size(); ++i) {
    bool own_name = i < parts_.fault_names.size() &&
                    parts_.fault_names[i] != parts_.injectors[i];
    if (own_name && parts_.fault_names[i] == name) {
      named.push_back(static_cast<FaultId>(i));
    }
    if (parts_.injectors[i] == name) {
      injected.push_back(static_cast<FaultId>(i));
    }
  }
  return named.empty() ? injected : named;
}

}  // namespace faultrig
