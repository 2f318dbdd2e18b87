#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "harness/base/result.h"
#include "harness/os/kept_folder.h"

namespace faultrig {

// Replaces the content of `path` by what `change` makes of it ("" if it is not
// there yet), as one step for whoever reads it and for all who change it by
// this function. Only a regular file. The error names the file.
Result<> change_file(
    const std::filesystem::path& path,
    const std::function<std::string(const std::string& old)>& change);

// Makes `parent`, and in it a folder for one process of `run`: `name`, or
// `name.2`, ... where another process of the same run has that one. The folder
// of an earlier run is given again, with what is in it. Links below `parent`
// are not followed.
Result<KeptFolder> claim_folder(const std::filesystem::path& parent,
                                const std::string& name,
                                const std::string& run);

// The `go` command that this process runs under, or else its parent.
struct RunOwner {
  std::string name;  // `PID-START`, with the start time of proc_pid_stat(5)
  // Where `go` was started: it runs a test in the folder of its package, and
  // people name files from where they are. Elsewhere our own folder.
  std::filesystem::path folder;
};
RunOwner run_owner();

}  // namespace faultrig
