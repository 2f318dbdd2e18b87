// What is told of a child: shim_launch.h says how.
#include "harness/os/shim_launch.h"

namespace faultrig {

Started started_as(const Child& child) {
  return {child.pid, child.exec_ns, static_cast<bool>(child.listener),
          static_cast<int>(child.network.size())};
}

std::vector<int> passed_with(const Child& child) {
  std::vector<int> fds{child.pidfd.get()};
  if (child.listener) {
    fds.push_back(child.listener.get());
  }
  for (const std::vector<Fd>* lent : {&child.disk, &child.network}) {
    for (const Fd& one : *lent) {
      fds.push_back(one.get());
    }
  }
  return fds;
}

}  // namespace faultrig
