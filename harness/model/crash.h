#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/link.h"

namespace faultrig {

// What may be left on a disk when power goes.
enum class CrashStateKind {
  kept,       // all that was done, as after SIGKILL
  synced,     // nothing but what was promised
  names,      // changes of names to some moment since; content as promised
  torn,       // all but the end of the last write, cut at a sector
  reordered,  // all but an earlier write in place
};

// Who promises: ext4 with data=ordered, as is its default, or POSIX alone.
enum class CrashModel { ext4, posix };

// Names to the command of `recover` a file with what the workload had written
// to its stdout when power went.
inline constexpr const char* kPrintedVariable = "FAULTRIG_PRINTED";

// The kind of a state that was on a disk, of no model.
inline constexpr const char* kCrashImageKind = "image";

// The folder of such states in evidence.
inline constexpr const char* kCrashFolder = "crash";

inline constexpr std::size_t kMostCrashStates = 200;

// A folder of a link whose crashes are tried.
struct CrashFolder {
  FaultId fault = kNoFault;  // none: a golden run's, which is recorded alike
  std::string path;  // kOwnTmpdir, below it, or from where the link starts
  std::vector<CrashStateKind> kinds;
  CrashModel model = CrashModel::ext4;
  // A real file system, whose disk is looked at instead: ext4, xfs. Empty: the
  // model's states.
  std::string image = {};
  std::size_t at_most = kMostCrashStates;
  bool from_start = true;  // else power goes from the fault's trigger on

  // Of the path what stands behind kOwnTmpdir: empty for that itself; nothing
  // for one from where the link starts.
  std::optional<std::string> below_tmpdir() const;
};

// `kept`, `synced`, `names`, `torn`, `reordered`, in this order.
const std::vector<std::string>& crash_kind_names();
std::string_view crash_kind_name(CrashStateKind kind);
std::optional<CrashStateKind> crash_kind_named(std::string_view name);
std::string_view crash_model_name(CrashModel model);

}  // namespace faultrig
