// What a program serves itself is no dependency of its: a test that listens on
// port 0 has another address in each run.
#include "harness/sweep/peer_points.h"

#include <algorithm>

#include "harness/model/dependency.h"

namespace faultrig {

namespace {

// An address by which this peer is known is among those that were asked for.
bool is_asked(const PeersAsked& asked, const CallSite& peer) {
  std::vector<std::string> addresses = dependency_peers(peer.id);
  addresses.push_back(peer.path);
  return std::any_of(asked.to.begin(), asked.to.end(),
                     [&](const std::string& to) {
                       std::vector<std::string> globs = dependency_peers(to);
                       return std::any_of(addresses.begin(), addresses.end(),
                                          [&](const std::string& address) {
                                            return is_among(globs, address);
                                          });
                     });
}

void add_moments(const SweepAsked& asked, FaultPoint point,
                 std::vector<FaultPoint>& points) {
  for (const std::string& when : asked.peers->when) {
    for (Each each : asked.each) {
      point.when = when;
      point.each = each;
      points.push_back(point);
    }
  }
}

}  // namespace

std::vector<FaultPoint> peer_points(const SweepAsked& asked,
                                    const std::vector<CallSite>& peers) {
  std::vector<FaultPoint> points;
  for (std::size_t i = 0; i < peers.size(); ++i) {
    bool wanted = asked.peers->to.empty() || is_asked(*asked.peers, peers[i]);
    if (!wanted || peers[i].owner == CallOwner::other) {
      continue;
    }
    for (const DependencyDeed& deed : asked.peers->does) {
      add_moments(asked, {.site = i, .harm = Harm::peer, .deed = deed}, points);
    }
  }
  return points;
}

}  // namespace faultrig
