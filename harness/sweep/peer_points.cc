// What a program serves itself is no dependency of its: a test that listens on
// port 0 has another address in each run.
#include "harness/sweep/peer_points.h"

#include <algorithm>

#include "harness/model/dependency.h"

namespace faultrig {

namespace {

// The globs of all addresses that were asked for.
std::vector<std::string> globs_of(const PeersAsked& asked) {
  std::vector<std::string> globs;
  for (const std::string& to : asked.to) {
    std::vector<std::string> of_one = dependency_peers(to);
    globs.insert(globs.end(), of_one.begin(), of_one.end());
  }
  return globs;
}

// Do they mean an address by which this peer is known?
bool is_asked(const std::vector<std::string>& globs, const CallSite& peer) {
  std::vector<std::string> addresses = dependency_peers(peer.id);
  addresses.push_back(peer.path);
  return std::any_of(
      addresses.begin(), addresses.end(),
      [&](const std::string& address) { return is_among(globs, address); });
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
  std::vector<std::string> globs = globs_of(*asked.peers);
  std::vector<FaultPoint> points;
  for (std::size_t i = 0; i < peers.size(); ++i) {
    bool wanted = asked.peers->to.empty() || is_asked(globs, peers[i]);
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
