#include "harness/model/explanation.h"

#include <algorithm>

namespace faultrig {

bool Explained::found() const {
  return std::any_of(
      explanations.begin(), explanations.end(),
      [](const Explanation& one) { return !one.causes.empty(); });
}

}  // namespace faultrig
