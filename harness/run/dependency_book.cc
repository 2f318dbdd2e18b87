// What was only installed has met nobody: an effect is told when bytes or a
// connect(2) have got another fate than without the fault.
#include "harness/run/dependency_book.h"

#include <algorithm>
#include <utility>

#include "harness/run/fault_effect.h"

namespace faultrig {

DependencyBook::DependencyBook(std::vector<Dependency> all, Link link,
                               Record record)
    : link_(link), record_(std::move(record)) {
  for (Dependency& one : all) {
    bool active = one.active_from_start;
    all_.push_back({std::move(one), active});
  }
}

std::vector<std::size_t> DependencyBook::at(const std::string& address) const {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < all_.size(); ++i) {
    if (all_[i].fault.is_at(address)) {
      found.push_back(i);
    }
  }
  return found;
}

void DependencyBook::select(FaultId fault, bool active) {
  for (Counted& one : all_) {
    one.active = one.fault.fault == fault ? active : one.active;
  }
}

bool DependencyBook::belongs(std::size_t index, FaultId fault) const {
  return all_[index].fault.fault == fault;
}

std::optional<std::size_t> DependencyBook::next(const DependencyUse& use,
                                                DependencyMode mode) const {
  auto meets = [&](std::size_t index) {
    const Counted& one = all_[index];
    bool met = use.met.contains(index);
    bool more = one.fault.most == 0 || one.effects < one.fault.most ||
                (met && mode != DependencyMode::answer);
    bool first =
        met || one.fault.first == 0 || one.connections < one.fault.first;
    return one.active && one.fault.mode == mode && more && first;
  };
  auto found = std::find_if(use.faults.begin(), use.faults.end(), meets);
  return found == use.faults.end() ? std::nullopt : std::optional(*found);
}

void DependencyBook::meet(DependencyUse& use, std::size_t index,
                          const std::string& how) {
  bool first = use.met.insert(index).second;
  if (!first && all_[index].fault.mode != DependencyMode::answer) {
    return;
  }
  all_[index].connections += first ? 1 : 0;
  ++all_[index].effects;
  record_(fault_effect(all_[index].fault.fault, link_, use.pid, how));
}

}  // namespace faultrig
