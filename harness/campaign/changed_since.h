#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/campaign/catalogue.h"
#include "harness/run/session.h"

namespace faultrig {

struct ChangedEntries {
  std::vector<Entry> entries;
  // Those of them of which it is not known, by why it is not.
  std::map<std::string, std::vector<std::string>> unknown;
};

// The scenarios that may do something else than at revision `since` of the git
// work tree in which we are, from where it and HEAD parted: whose file, or what
// their workload is made from, changed, or of which that is not known. Asks git
// and go, in a process of its own with a session of these options. A usage
// error for what is no revision, or no work tree.
Result<ChangedEntries> changed_since(const std::string& since,
                                     std::vector<Entry> entries,
                                     const Session::Options& options);

}  // namespace faultrig
