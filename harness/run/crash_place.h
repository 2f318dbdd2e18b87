#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "harness/base/result.h"
#include "harness/model/crash.h"
#include "harness/run/waiting_caller.h"

namespace faultrig {

// Where a folder is whose crashes are tried: below `tmpdir`, where it is made,
// or below where the link `stands`. Usage: that is not known.
Result<std::filesystem::path> crash_place(const CrashFolder& asked,
                                          const std::string& stands,
                                          const std::string& tmpdir);

// What a caller is about to write to its descriptor 1, where that leads to
// `out`, as descriptor_target() tells. Nothing: it does not, or too much.
std::optional<std::string> printed_by(const WaitingCaller& caller,
                                      const std::string& out);

}  // namespace faultrig
