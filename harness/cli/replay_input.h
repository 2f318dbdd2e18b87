#pragma once

#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/model/replayed.h"

namespace faultrig {

// Reads a strace output, or the files of one (-ff, `trace.4242`, by the ids of
// its processes), or a log; `-` is stdin. In one pass; memory is bounded.
// `here`: the folder in which what failed is to be run. A usage error where
// there is no such file, it is packed, or several are no strace output.
Result<Replayed> read_replayed(const std::vector<std::string>& files,
                               const std::string& here);

}  // namespace faultrig
