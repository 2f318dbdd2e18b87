#include "harness/run/given_snapshots.h"

#include "harness/model/snapshot.h"

namespace faultrig {

void add_snapshots(const Scenario& scenario,
                   std::map<std::string, std::string>& files) {
  for (std::size_t i = 0; i < scenario.expect.size(); ++i) {
    const auto* text =
        scenario.expect[i].params.find<std::string>(std::string(kSnapshotText));
    if (text != nullptr) {
      files[kept_snapshot(i)] = *text;
    }
  }
}

}  // namespace faultrig
