// Who listens is one dump, cheap enough for every millisecond; who holds an
// inode is a walk through /proc, made for those inodes alone that are not known
// yet.
#include "harness/load/listeners.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "harness/load/target.h"

namespace faultrig {

namespace {

constexpr int kSharedLooks = 3;

std::set<std::uint64_t> inodes_of(const std::vector<InetSocket>& sockets) {
  std::set<std::uint64_t> inodes;
  for (const InetSocket& socket : sockets) {
    inodes.insert(socket.inode);
  }
  return inodes;
}

void keep_only(std::set<std::uint64_t>& inodes,
               const std::set<std::uint64_t>& there) {
  std::erase_if(inodes,
                [&](std::uint64_t inode) { return !there.contains(inode); });
}

}  // namespace

Result<bool> Listeners::look(bool again) {
  TRY_ASSIGN(std::vector<InetSocket> all, sockets_.listening());
  learn(inodes_of(all), again || shared_looks_ > 0);
  std::vector<InetSocket> before = std::exchange(ours_, {});
  strangers_.clear();
  std::partition_copy(all.begin(), all.end(), std::back_inserter(ours_),
                      std::back_inserter(strangers_),
                      [this](const InetSocket& socket) {
                        return known_.contains(socket.inode);
                      });
  for (const InetSocket& socket : candidates_among(ours_, 0)) {
    ever_[socket.local.port] = socket;
  }
  shared_looks_ = shared_now() ? shared_looks_ + 1 : 0;
  return inodes_of(before) != inodes_of(ours_);
}

std::optional<InetSocket> Listeners::at_port(int port) const {
  auto found = ever_.find(port);
  return found == ever_.end() || is_taken(port) ? std::nullopt
                                                : std::optional(found->second);
}

void Listeners::learn(const std::set<std::uint64_t>& inodes, bool again) {
  keep_only(known_, inodes);
  keep_only(foreign_, inodes);
  std::set<std::uint64_t> unknown;
  for (std::uint64_t inode : inodes) {
    if (!known_.contains(inode) && (again || !foreign_.contains(inode))) {
      unknown.insert(inode);
    }
  }
  if (unknown.empty()) {
    return;
  }
  std::set<std::uint64_t> held = held_sockets(pids_(), unknown);
  known_.insert(held.begin(), held.end());
  foreign_.insert(unknown.begin(), unknown.end());
}

std::vector<std::string> Listeners::addresses() const {
  std::vector<std::string> texts;
  for (const InetSocket& socket : ours_) {
    texts.push_back(socket.local.text());
  }
  std::sort(texts.begin(), texts.end());
  return texts;
}

std::optional<std::string> Listeners::shared() const {
  return shared_looks_ < kSharedLooks ? std::nullopt : shared_now();
}

std::optional<std::string> Listeners::shared_now() const {
  for (const InetSocket& ours : ours_) {
    InetAddress reached = address_to_reach(ours);
    for (const InetSocket& other : strangers_) {
      bool same = other.local == ours.local || other.local == reached ||
                  (other.local.is_any() && ours.local.is_any());
      if (same && other.local.port == ours.local.port) {
        return ours.local.text();
      }
    }
  }
  return std::nullopt;
}

bool Listeners::is_taken(int port) const {
  return std::any_of(
      strangers_.begin(), strangers_.end(),
      [port](const InetSocket& socket) { return socket.local.port == port; });
}

}  // namespace faultrig
