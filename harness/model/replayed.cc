#include "harness/model/replayed.h"

namespace faultrig {

std::string injector_of(const std::string& fault) {
  return fault.substr(0, fault.find(':'));
}

std::string ReplayFailure::ended() const {
  if (!killed_by.empty()) {
    return "was killed by " + killed_by;
  }
  return exited.empty() ? "failed" : "exited " + exited;
}

}  // namespace faultrig
