// One site for calls from one place, one peer for connections to one address.
#include "harness/sweep/recorded_sites.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "harness/base/text.h"
#include "harness/model/call_origin.h"

namespace faultrig {

namespace {

// Package time looks for the local zone once, whoever first asks for a time,
// and takes UTC if it finds none: nobody is told.
bool asks_for_zone(const GoStack& stack) {
  return std::any_of(
      stack.frames.begin(), stack.frames.end(),
      [](const GoFrame& one) { return one.function == "time.initLocal"; });
}

}  // namespace

std::string entry_of(const Observation& seen) {
  std::string text = site_text(seen.call, *seen.stack);
  std::vector<std::string_view> lines = lines_of(text);
  return lines.size() > 1 ? std::string(lines[1]) : "";
}

namespace {

CallSite site_from(const Observation& seen) {
  CallSite site;
  site.id = seen.site;
  site.call = seen.call;
  site.path = seen.path;
  site.recordings = 1;
  if (seen.stack != nullptr && !seen.site.empty()) {
    site.owner =
        asks_for_zone(*seen.stack) ? CallOwner::runtime : owner_of(*seen.stack);
    site.frames = program_frames(*seen.stack);
    site.entry = entry_of(seen);
  }
  return site;
}

void add_test(CallSite& site, const Observation& seen) {
  std::string test = test_of(seen);
  if (seen.fact == Fact::call_intercepted) {
    ++site.calls_in[test];
  }
  bool known =
      std::find(site.tests.begin(), site.tests.end(), test) != site.tests.end();
  if (!test.empty() && !known && site.tests.size() < kMostTests) {
    site.tests.push_back(std::move(test));
  }
}

// `8080` of `127.0.0.1:8080`; of a path all.
std::string_view port_of(std::string_view address) {
  bool path = address.starts_with('/') || address.starts_with('@');
  return path ? address : address.substr(address.rfind(':') + 1);
}

// What it listens on, as connect(2) may name it. A wildcard takes connections
// to any address of the machine: which are, nobody can tell from here.
class OwnListeners {
 public:
  explicit OwnListeners(const Evidence& evidence) {
    for (const Observation& seen : evidence.trace()) {
      if (seen.fact == Fact::call_intercepted && seen.call == "listen") {
        bool any = std::any_of(
            kAny.begin(), kAny.end(),
            [&](std::string_view host) { return seen.path.starts_with(host); });
        known_.insert(any ? std::string(port_of(seen.path)) : seen.path);
      }
    }
  }
  bool has(const std::string& address) const {
    return known_.contains(address) ||
           known_.contains(std::string(port_of(address)));
  }

 private:
  static constexpr std::array<std::string_view, 2> kAny{"0.0.0.0:", "[::]:"};
  std::set<std::string> known_;
};

// Lines of one site, no more: a function that is called in a hundred places is
// no hundred ways to take an error.
constexpr std::size_t kMostLines = 8;

std::vector<int> lines_in(const std::vector<GoFrame>& frames) {
  std::vector<int> lines;
  lines.reserve(frames.size());
  std::transform(frames.begin(), frames.end(), std::back_inserter(lines),
                 [](const GoFrame& frame) { return frame.line; });
  return lines;
}

// Which call of its site is the first that comes over other lines. Of flock(2)
// some are not counted (calls_told()), and of calls that were only summed up
// nobody knows the order.
class OtherLines {
 public:
  void see(const Observation& seen, std::size_t site, std::int64_t number) {
    bool told = seen.fact == Fact::call_intercepted && seen.call != "flock" &&
                seen.stack != nullptr && !seen.site.empty();
    Known& known = known_[site];
    known.in_order = known.in_order && told;
    if (!known.in_order || known.lines.size() >= kMostLines ||
        !known.stacks.insert(seen.stack.get()).second) {
      return;
    }
    std::vector<GoFrame> frames = program_frames(*seen.stack);
    if (known.lines.insert(lines_in(frames)).second && number > 1) {
      known.others.emplace_back(number, std::move(frames));
    }
  }

  // Behind the sites themselves, of which each has what it shares.
  void add_to(std::vector<CallSite>& sites) const {
    for (const auto& [site, known] : known_) {
      for (const auto& [number, frames] : known.others) {
        CallSite other = sites[site];
        other.frames = frames;
        other.first = number;
        sites.push_back(std::move(other));
      }
    }
  }

 private:
  struct Known {
    bool in_order = true;
    std::set<const GoStack*> stacks = {};
    std::set<std::vector<int>> lines = {};
    std::vector<std::pair<std::int64_t, std::vector<GoFrame>>> others = {};
  };
  std::map<std::size_t, Known> known_;
};

}  // namespace

std::int64_t calls_told(const Observation& seen) {
  bool lets_go = seen.call == "flock" && seen.text.starts_with("LOCK_UN");
  return seen.fact == Fact::calls_untold                   ? seen.number
         : seen.fact == Fact::call_intercepted && !lets_go ? 1
                                                           : 0;
}

std::string test_of(const Observation& seen) {
  if (seen.stack == nullptr) {
    return "";
  }
  const GoStack& stack = *seen.stack;
  auto runner = std::find_if(
      stack.frames.begin(), stack.frames.end(),
      [](const GoFrame& one) { return one.function == "testing.tRunner"; });
  bool behind = runner != stack.frames.begin() && runner != stack.frames.end();
  return behind && !is_standard((runner - 1)->function) ? (runner - 1)->function
                                                        : "";
}

std::vector<CallSite> recorded_sites(const Evidence& evidence) {
  std::vector<CallSite> sites;
  std::map<std::pair<std::string, std::string>, std::size_t> known;
  OtherLines lines;
  for (const Observation& seen : evidence.trace()) {
    if (calls_told(seen) == 0 || seen.call.empty()) {
      continue;
    }
    auto [place, fresh] =
        known.try_emplace({seen.call, seen.site}, sites.size());
    if (fresh) {
      sites.push_back(site_from(seen));
    }
    sites[place->second].calls += calls_told(seen);
    add_test(sites[place->second], seen);
    lines.see(seen, place->second, sites[place->second].calls);
  }
  lines.add_to(sites);
  return sites;
}

// Of one that was made to no stream, or never ran, the text says so.
std::string stream_peer(const Observation& seen) {
  bool connects = seen.fact == Fact::call_intercepted &&
                  seen.call == "connect" && seen.text.empty() && seen.peers &&
                  seen.peers->size() == 1;
  return connects ? seen.peers->front() : "";
}

std::string peer_name(const std::string& address) {
  bool local =
      address.starts_with("127.0.0.1:") || address.starts_with("[::1]:");
  return local ? "localhost:" + std::string(port_of(address)) : address;
}

std::vector<CallSite> recorded_peers(const Evidence& evidence) {
  OwnListeners own(evidence);
  std::vector<CallSite> peers;
  std::map<std::string, std::size_t> known;
  for (const Observation& seen : evidence.trace()) {
    std::string address = stream_peer(seen);
    if (address.empty()) {
      continue;
    }
    bool is_own = own.has(address);
    std::string name = is_own ? std::string(kItself) : peer_name(address);
    auto [place, fresh] = known.try_emplace(name, peers.size());
    if (fresh) {
      CallSite peer = site_from(seen);
      peer.id = place->first;
      peer.path = address;
      peer.is_peer = true;
      peer.owner = is_own ? CallOwner::other : CallOwner::program;
      peers.push_back(std::move(peer));
    }
    ++peers[place->second].calls;
    add_test(peers[place->second], seen);
  }
  return peers;
}

}  // namespace faultrig
