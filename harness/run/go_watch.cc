#include "harness/run/go_watch.h"

#include <algorithm>
#include <chrono>

namespace faultrig {

namespace {

constexpr std::chrono::milliseconds kBetweenLooks{50};
// Of a fork bomb, some are enough.
constexpr std::size_t kMostLooks = 64;

}  // namespace

void GoWatch::watch() {
  look();
  loop_.after(kBetweenLooks, [this] { watch(); });
}

void GoWatch::look() {
  for (const auto& [name, link] : links_.all()) {
    std::vector<int> pids = link.group().members();
    pids = pids.empty() ? survivors_.pids() : pids;
    pids.resize(std::min(pids.size(), kMostLooks));
    leftovers_.look_at(pids);
  }
}

}  // namespace faultrig
