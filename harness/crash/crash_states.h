#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "harness/crash/durable.h"
#include "harness/crash/file_tree.h"
#include "harness/model/crash.h"

namespace faultrig {

// A folder as it was, and what was done to it since.
struct DiskRecord {
  FileTree before;
  std::vector<DiskOp> ops;
  // For each number of operations, from 0 to all of them, whether power may go
  // then. Empty: whenever.
  std::vector<bool> may_end;

  // What so many operations have printed.
  std::string printed_until(std::size_t count) const;
};

// What a disk may hold if power goes.
struct CrashState {
  CrashStateKind kind = CrashStateKind::kept;
  std::size_t after = 0;  // so many operations had been done
  bool lacks = false;     // something that was written is not there
  // Which of them are not there, or not as a whole.
  std::vector<std::size_t> lost;
  // Of a torn write: so many bytes of it are there.
  std::uint64_t torn_at = 0;
};

// The states in which a crash may leave a folder, by a model. Pure. Of states
// with the same content there is one, that before which most was printed: what
// is missing there was acknowledged.
class CrashStates {
 public:
  struct Asked {
    std::vector<CrashStateKind> kinds;
    CrashModel model = CrashModel::ext4;
    std::size_t at_most = kMostCrashStates;
  };
  // `record` must outlive it.
  CrashStates(const DiskRecord& record, Asked asked);

  // At most `at_most`, evenly chosen, in the order of time.
  const std::vector<CrashState>& chosen() const { return chosen_; }
  // How many different ones were found, and whether all there are were looked
  // for: of a very long record some moments are left out.
  std::size_t found() const { return found_; }
  bool looked_at_all() const { return looked_at_all_; }

  FileTree tree_of(const CrashState& state) const;
  // What had been printed by then.
  std::string printed_by(const CrashState& state) const {
    return record_.printed_until(state.after);
  }
  // `torn: power went after operation 7 of 42 (write of ...); lost: ...`.
  std::string text_of(const CrashState& state) const;

 private:
  std::optional<std::size_t> quiet_until(std::size_t point) const;
  void look_at(const Durable& durable, std::vector<CrashState>& out) const;
  CrashState state_of(CrashStateKind kind, const Durable& durable,
                      std::size_t after) const;
  bool is_there(const Durable& durable, std::size_t op, bool all_names) const;
  void add_torn(const Durable& durable, std::vector<CrashState>& out) const;
  void add_reordered(const Durable& durable,
                     std::vector<CrashState>& out) const;
  std::vector<CrashState> candidates();
  void keep_different(std::vector<CrashState> candidates);

  const DiskRecord& record_;
  Asked asked_;
  std::vector<std::size_t> printed_;  // bytes, by number of operations
  std::vector<CrashState> chosen_;
  std::size_t found_ = 0;
  bool looked_at_all_ = true;
};

}  // namespace faultrig
