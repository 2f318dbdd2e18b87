// A poll of how full a disk is proves nothing: a file that did not fit is
// deleted at once by those who wrote it. So each call that may want more than
// there is, and no other, is made here, and what it came to is the proof.
#include "harness/run/link_disk.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "harness/base/names.h"
#include "harness/os/own_user.h"
#include "harness/run/fault_effect.h"

namespace faultrig {

namespace {

// Of a disk that no fault bounds; tmpfs takes memory only as it is used.
constexpr std::uint64_t kRoom = std::uint64_t{1} << 30;
constexpr std::uint64_t kManyFiles = std::uint64_t{1} << 20;
// More may be written between a look at what is used and the bound.
constexpr int kMostTries = 100;

}  // namespace

LinkDisk::LinkDisk(Link link, OwnDisk disk, Record record)
    : link_(link),
      disk_(std::move(disk)),
      record_(std::move(record)),
      active_(disk_.from_start && disk_.fault != kNoFault) {}

DiskBounds LinkDisk::bounds() const {
  DiskBounds roomy{disk_.size + (disk_.full ? 0 : kRoom),
                   disk_.inodes + kManyFiles};
  if (disk_.full && disk_.size == 0) {
    roomy.size = kRoom;
  }
  if (!active_) {
    return roomy;
  }
  return {disk_.size != 0 ? disk_.size : roomy.size,
          disk_.inodes != 0 ? disk_.inodes : roomy.inodes};
}

MountDisk LinkDisk::step(const std::string& tmpdir) const {
  MountDisk step;
  step.path = disk_.path == kOwnTmpdir ? tmpdir : disk_.path;
  // What is full from the start is so before its program begins, but for one
  // block, which add() takes.
  step.size = active_ && disk_.full ? 1 : bounds().size;
  step.inodes = bounds().inodes;
  step.own_user = needs_own_user();
  return step;
}

void LinkDisk::add(std::vector<Fd> fds) {
  constexpr std::size_t kAtLeast = 3;
  if (fds.size() < kAtLeast) {
    return;
  }
  Mounted disk;
  disk.mount = std::move(fds[0]);
  disk.picked = std::move(fds[1]);
  disk.mounts = std::move(fds[2]);
  if (fds.size() > kAtLeast) {
    disk.users = std::move(fds[kAtLeast]);
  }
  mounted_.push_back(std::move(disk));
  if (active_) {
    bound(mounted_.back());
  }
}

void LinkDisk::select(FaultId fault, bool active) {
  if (fault != disk_.fault || active == active_) {
    return;
  }
  active_ = active;
  for (Mounted& disk : mounted_) {
    bound(disk);
  }
}

// EINVAL: between the look and the bound more was written.
void LinkDisk::bound(Mounted& disk) {
  Result<> done = try_to_bound(disk);
  for (int i = 0; i < kMostTries && !done && done.error().os_errno == EINVAL;
       ++i) {
    done = try_to_bound(disk);
  }
  if (!done) {
    trouble(done.error().what);
  }
}

// No disk is smaller than what is on it, nor is any without a block.
Result<> LinkDisk::try_to_bound(Mounted& disk) {
  TRY_ASSIGN(DiskRoom room, room_of(disk.mount));
  DiskBounds wanted = bounds();
  if (active_ && disk_.full && room.used == 0) {
    TRY_ASSIGN(disk.taken, take_block(disk.mount));
    TRY_ASSIGN(room, room_of(disk.mount));
  } else if (!active_) {
    disk.taken.reset();
  }
  std::uint64_t used = room.used * room.block;
  wanted.size = active_ && disk_.full ? used : std::max(wanted.size, used);
  wanted.inodes = std::max(wanted.inodes, room.used_files);
  return bound_disk(disk.picked, wanted);
}

std::vector<FilterRule> LinkDisk::filter_rules() const {
  std::vector<std::string> calls = room_calls();
  if (disk_.counts_inodes) {
    std::vector<std::string> more = file_making_calls();
    calls.insert(calls.end(), more.begin(), more.end());
  }
  return rules_for(calls);
}

std::optional<Result<bool>> LinkDisk::answer(Notifier& notifier,
                                             const WaitingCaller& caller) {
  std::optional<Result<bool>> out;
  for (std::size_t i = 0; active_ && !out && i < mounted_.size(); ++i) {
    out = answer_on(mounted_[i], notifier, caller);
  }
  return out;
}

std::optional<Result<bool>> LinkDisk::answer_on(const Mounted& disk,
                                                Notifier& notifier,
                                                const WaitingCaller& caller) {
  const Notification& call = caller.call;
  auto room = room_of(disk.mount);
  if (!room) {
    return std::nullopt;
  }
  if (disk_.counts_inodes && room->free_files == 0) {
    auto refused = making_refused(call, caller.name, room->device);
    if (refused && notifier.still_waiting(call.id)) {
      tell_effect(caller, *refused, true);
      return notifier.answer(call.id, 0, *refused);
    }
  }
  auto asked = room_asked(call, caller.name);
  if (!asked || asked->size <= room->free_bytes()) {
    return std::nullopt;
  }
  auto file = copy_descriptor_of(call.tid, caller.pid, asked->file);
  if (!file || disk_of_file(*file) != room->device ||
      !notifier.still_waiting(call.id)) {
    return std::nullopt;
  }
  auto result = use_room(call, caller.pid, *file, *asked);
  if (!result) {
    return std::nullopt;
  }
  if (*result >= 0) {
    return notifier.answer(call.id, *result, 0);
  }
  tell_effect(caller, static_cast<int>(-*result), false);
  return notifier.answer(call.id, 0, static_cast<int>(-*result));
}

void LinkDisk::tell_effect(const WaitingCaller& caller, int error,
                           bool no_file) {
  Observation effect =
      fault_effect(disk_.fault, link_, caller.pid,
                   caller.name + " met " + errno_name(error) + ": " +
                       (no_file ? "no inode was left" : "the disk was full"));
  effect.source = Source::seccomp;
  effect.call = caller.name;
  effect.error = error;
  record_(std::move(effect));
  ++effects_;
  if (effects_ == disk_.most) {
    select(disk_.fault, false);
  }
}

void LinkDisk::outlive() {
  record_ = [](const Observation&) {};
  select(disk_.fault, false);
}

std::optional<LinkDisk::Place> LinkDisk::place() const {
  if (mounted_.empty()) {
    return std::nullopt;
  }
  const Mounted& last = mounted_.back();
  return Place{last.mounts.get(), last.users ? last.users.get() : -1};
}

void LinkDisk::trouble(const std::string& what) {
  record_(link_trouble(link_, what));
}

}  // namespace faultrig
