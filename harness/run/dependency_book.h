#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/model/dependency.h"
#include "harness/model/observation.h"

namespace faultrig {

class DnsBook;

// A connection of the workload to a dependency, as faults see it.
struct DependencyUse {
  std::string to;  // its address
  int pid = 0;
  std::vector<std::size_t> faults;  // those of its address
  std::set<std::size_t> met;        // those that it has met
  DnsBook* names = nullptr;         // where it is one to a resolver
};

// The faults of one link's dependencies: which are active, and what met them.
// A connection is counted once for each fault that it meets, and so is each
// request that one answers.
class DependencyBook {
 public:
  using Record = std::function<void(Observation)>;
  DependencyBook(std::vector<Dependency> all, Link link, Record record);

  // Faults that are there for this address.
  std::vector<std::size_t> at(const std::string& address) const;
  // From now on connections meet this fault, or do no more.
  void select(FaultId fault, bool active);
  // Is it this fault's?
  bool belongs(std::size_t index, FaultId fault) const;
  const Dependency& operator[](std::size_t index) const {
    return all_[index].fault;
  }

  // The first fault in this mode that the connection is to meet, or meets.
  std::optional<std::size_t> next(const DependencyUse& use,
                                  DependencyMode mode) const;
  // It has met it: told once, of an answer each time.
  void meet(DependencyUse& use, std::size_t index, const std::string& how);

 private:
  struct Counted {
    Dependency fault;
    bool active = false;
    std::int64_t connections = 0;
    std::int64_t effects = 0;
  };
  std::vector<Counted> all_;
  Link link_;
  Record record_;
};

}  // namespace faultrig
