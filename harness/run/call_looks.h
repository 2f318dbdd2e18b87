#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>

#include "harness/os/notify.h"
#include "harness/run/call_paths.h"
#include "harness/run/call_stacks.h"
#include "harness/run/rule_book.h"
#include "harness/run/waiting_caller.h"

namespace faultrig {

// What a rule may ask of a call that waits: its files, descriptors, peers, and
// who led to it. Each is read when it is first asked for, and true only if the
// caller still waits afterwards. Not after fork.
class CallLooks {
 public:
  // All of these must outlive it.
  CallLooks(const Notifier& notifier, const RuleBook& rules,
            ProgramStacks& programs)
      : notifier_(notifier), rules_(rules), stacks_(programs) {}

  // `caller` must outlive the view.
  CallView at(const WaitingCaller& caller);
  // Has a call of this name come this way before? Each is asked about once.
  bool knows_way(const std::string& call, const GoStackPtr& stack);

 private:
  FileNames files_of(const WaitingCaller& caller);
  GoStackPtr stack_of(const WaitingCaller& caller);
  PeerNames peers_of(const WaitingCaller& caller) const;

  const Notifier& notifier_;
  const RuleBook& rules_;
  CallPaths paths_;
  CallStacks stacks_;
  std::set<std::pair<std::string, GoStackPtr>> ways_;
};

}  // namespace faultrig
