#include "harness/model/network_fault.h"

#include <utility>

namespace faultrig {

Result<OwnNet> joined(std::optional<OwnNet> one, OwnNet more) {
  if (!one) {
    return more;
  }
  if (one->is_cut_off() || more.is_cut_off()) {
    return usage_error(
        "where nothing is reached (none) there is no packet to be lost");
  }
  one->packets.insert(one->packets.end(), more.packets.begin(),
                      more.packets.end());
  return std::move(*one);
}

}  // namespace faultrig
