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

// Where a link prints to: to what the descriptor 1 of its first caller leads
// to, by whichever descriptor. A shell that prints to a file does so by its
// descriptor 1, so that has to be asked before it can.
class LinkStdout {
 public:
  // Before any call of the link.
  void meet(int tid);
  // What a caller is about to write there. Nothing: it is not, or too much.
  std::optional<std::string> printed_by(const WaitingCaller& caller) const;

 private:
  std::string target_;  // as descriptor_target() tells
};

}  // namespace faultrig
