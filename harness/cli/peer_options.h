#pragma once

#include <string>
#include <vector>

#include "harness/cli/arguments.h"
#include "harness/model/site_sweep.h"

namespace faultrig {

// `--dependency`, `--does` and `--when` of `faultrig sweep`: in place of calls,
// what a program connects to.
class PeerOptions {
 public:
  void declare(Arguments& arguments);
  bool given() const { return !to_.empty(); }
  // What is wrong with them beside the others; empty: nothing. `each` are the
  // words of --each, `coverage`: it is asked for.
  std::string wrong(const SweepAsked& others,
                    const std::vector<std::string>& each, bool coverage) const;
  // Adds what they ask for, if they are given.
  void ask(SweepAsked& asked) const;

 private:
  std::vector<std::string> to_;  // an empty one: any
  std::vector<DependencyDeed> does_;
  std::vector<std::string> when_;  // as read_moment() gives them
};

}  // namespace faultrig
