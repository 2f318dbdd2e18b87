#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/model/dependency_deed.h"
#include "harness/model/scenario.h"

namespace faultrig {

// Is this address, or path, one that these globs mean?
bool is_among(const std::vector<std::string>& peers,
              const std::string& address);

// One fault of that kind, resolved.
struct Dependency {
  FaultId fault = kNoFault;
  std::vector<std::string> peers;  // globs of its address
  DependencyMode mode = DependencyMode::refuse;
  std::int64_t number = 0;
  std::string body;        // of an answer
  std::int64_t first = 0;  // connections that meet it; 0: all
  std::int64_t most = 0;   // as CallRule::most
  bool active_from_start = true;

  // Is this address one of its?
  bool is_at(const std::string& address) const {
    return is_among(peers, address);
  }
  // Can it be without a server behind it?
  bool stands_alone() const {
    return mode == DependencyMode::hang || mode == DependencyMode::reset ||
           mode == DependencyMode::answer;
  }
};

// What a fault `dependency` with these parameters does.
DependencyDeed deed_of(const Params& params);

// The globs of addresses that `HOST:PORT`, `PORT` or a path mean; none: it is
// none of these, or a name, which connect(2) does not show.
std::vector<std::string> dependency_peers(const std::string& to);

}  // namespace faultrig
