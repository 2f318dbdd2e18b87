#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/fd.h"
#include "harness/model/disk.h"
#include "harness/model/observation.h"
#include "harness/os/disk_room.h"
#include "harness/os/notify.h"
#include "harness/os/room_call.h"
#include "harness/os/seccomp.h"
#include "harness/os/shim_wire.h"
#include "harness/run/waiting_caller.h"

namespace faultrig {

// The disks of one link's processes, each laid over a folder at a process's
// start, and gone with the last that sees it: their bounds while the fault
// acts, and the calls that meet them. Not after fork.
class LinkDisk {
 public:
  using Record = std::function<void(Observation)>;
  LinkDisk(Link link, OwnDisk disk, Record record);

  // How a process of the link gets its disk; `tmpdir`: what kOwnTmpdir means.
  MountDisk step(const std::string& tmpdir) const;
  // What came of it, with Started.
  void add(std::vector<Fd> fds);

  // Begins or ends the fault's bounds, on all disks and those that come.
  void select(FaultId fault, bool active);

  // What a filter has to stop for it.
  std::vector<FilterRule> filter_rules() const;

  // A call that may meet the end of a disk: whether its caller has its answer.
  // Nothing: it has to run as it is.
  std::optional<Result<bool>> answer(Notifier& notifier,
                                     const WaitingCaller& caller);

  // No fault bounds it any more, and nobody is told of it: its programs have
  // ended, and others are to see what is on it.
  void outlive();
  // Descriptors of the mount namespace and, or -1, of the user namespace in
  // which the last disk is; nothing if there is none.
  struct Place {
    int mounts = -1;
    int users = -1;
  };
  std::optional<Place> place() const;

 private:
  struct Mounted {
    Fd mount;
    Fd picked;
    Fd mounts;
    Fd users;
    Fd taken;  // a block of it, where it is to be full and nothing is on it
  };
  // What bounds it now: fields that are 0 do not.
  DiskBounds bounds() const;
  void bound(Mounted& disk);
  Result<> try_to_bound(Mounted& disk);
  void trouble(const std::string& what);
  std::optional<Result<bool>> answer_on(const Mounted& disk, Notifier& notifier,
                                        const WaitingCaller& caller);
  void tell_effect(const WaitingCaller& caller, int error, bool no_file);

  Link link_;
  OwnDisk disk_;
  Record record_;
  bool active_ = false;
  std::int64_t effects_ = 0;
  std::vector<Mounted> mounted_;
};

}  // namespace faultrig
