#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/crash/file_tree.h"
#include "harness/crash/listing.h"
#include "harness/model/crash.h"
#include "harness/model/observation.h"
#include "harness/os/disk_image.h"
#include "harness/os/seccomp.h"
#include "harness/os/shim_wire.h"
#include "harness/run/crash_place.h"
#include "harness/run/waiting_caller.h"

namespace faultrig {

// A folder of one link's processes on a file system of its own, and what its
// disk held each time that something was promised or is about to be: before a
// call that prints or syncs is made. Not after fork.
class LinkImages {
 public:
  using Record = std::function<void(Observation)>;
  LinkImages(Link link, CrashFolder folder, Record record);

  // Before the first process of the link starts: makes the disk, with what is
  // in the folder. As LinkRecording::begin; `env`: where mkfs is looked for.
  Result<> begin(const std::string& stands, const std::string& tmpdir,
                 const std::vector<std::string>& env);
  // How a process of the link gets to see it; nothing before begin().
  std::optional<MountImage> step() const;

  // From now on power may go, which is a moment too, or no more.
  void select(FaultId fault, bool active);
  // What a filter has to stop for it. `begins`: also the beginning of a
  // program, for nobody else asks about it.
  static std::vector<FilterRule> filter_rules(bool begins);
  // Before any call of the link: where its first process prints to.
  void meet(int tid) { stdout_.meet(tid); }
  // Before this call is made.
  void look(const WaitingCaller& caller);
  // When all that wrote has ended. Nobody is told of anything afterwards.
  void close();

  const CrashFolder& asked() const { return asked_; }
  // One for all moments between which nothing was written to the disk, as of
  // the last of them: by then the most was promised.
  struct Image {
    Fd file;
    std::uint64_t writes = 0;
    std::string when;         // `before fsync(2) of process 7`
    std::size_t printed = 0;  // bytes of printed(), by then
    Listing there;            // what a program could read
  };
  const std::vector<Image>& images() const { return images_; }
  // So many were taken; some are left out where there are too many.
  std::size_t taken() const { return taken_; }
  // So often none could be, since the disk was written to all the time.
  std::size_t missed() const { return missed_; }
  const std::string& printed() const { return printed_; }
  // What can be read there now.
  Result<FileTree> tree() const;

 private:
  void look_now(const std::string& when);
  Result<> take(const std::string& when);
  void tell(const std::string& trouble);
  Error as_of_user(Error error) const;
  void thin_out();

  Link link_;
  CrashFolder asked_;
  Record record_;
  bool active_ = false;
  std::optional<DiskImage> disk_;
  std::string path_;  // where it is mounted
  LinkStdout stdout_;
  std::string printed_;
  std::set<std::string> told_;
  std::vector<Image> images_;
  std::size_t taken_ = 0;
  std::size_t missed_ = 0;
  std::size_t stride_ = 1;
};

}  // namespace faultrig
