#pragma once

#include <string>
#include <vector>

#include "harness/model/replayed.h"

namespace faultrig {

// What is run by such a command line: a plain `go test` is told as that, all
// else as a command. Empty: nothing, nobody told. `here`: the folder.
ReplayWorkload workload_of(const std::vector<std::string>& argv,
                           const std::string& here);

}  // namespace faultrig
