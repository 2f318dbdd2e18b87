#pragma once

#include <optional>

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

 private:
  FileNames files_of(const WaitingCaller& caller);
  GoStackPtr stack_of(const WaitingCaller& caller);
  PeerNames peers_of(const WaitingCaller& caller) const;

  const Notifier& notifier_;
  const RuleBook& rules_;
  CallPaths paths_;
  CallStacks stacks_;
};

}  // namespace faultrig
