#pragma once

#include "harness/run/loop.h"
#include "harness/run/run_links.h"
#include "harness/run/session.h"
#include "harness/run/survivors.h"

namespace faultrig {

// A go that is killed with all that it started leaves its work folder, and
// nobody to name it: it is looked for while it works. Not after fork.
class GoWatch {
 public:
  // All must outlive it.
  GoWatch(GoLeftovers& leftovers, Loop& loop, const RunLinks& links,
          const Survivors& survivors)
      : leftovers_(leftovers),
        loop_(loop),
        links_(links),
        survivors_(survivors) {}
  GoWatch(const GoWatch&) = delete;
  GoWatch& operator=(const GoWatch&) = delete;
  ~GoWatch() = default;

  // Looks from now on, again and again.
  void watch();
  void look();
  // What is left is left by nobody that lives.
  void remove_leftovers() { leftovers_.remove(); }

 private:
  GoLeftovers& leftovers_;
  Loop& loop_;
  const RunLinks& links_;
  const Survivors& survivors_;
};

}  // namespace faultrig
