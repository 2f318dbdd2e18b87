#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/model/observation.h"
#include "harness/model/plan.h"
#include "harness/os/cgroup.h"
#include "harness/os/go_leftovers.h"
#include "harness/os/launcher.h"
#include "harness/os/mount_watch.h"
#include "harness/os/scratch.h"
#include "harness/run/package_place.h"
#include "harness/run/program_stacks.h"

namespace faultrig {

// What it takes to make network namespaces (network_namespaces(7)).
inline constexpr const char* kNeedsNetworks = "CAP_SYS_ADMIN";

// What later runs need not find out or make again.
class LinkDisk;
class LinkImages;
class LinkRecording;

struct Learnt {
  // Results that do not change during a session, by a name.
  std::map<std::string, std::string> words;
  ProgramStacks programs;
  PackagePlace place;
  // The TMPDIR of the last run that had one of its own, and where it stood:
  // both end with the next such run.
  TempDir tmp;
  std::filesystem::path folder;
  // The outermost folder that it had of its own: that one, or one around it.
  std::filesystem::path top;
  // Of TMPDIR what a disk is laid over, where TMPDIR is to be on one.
  std::filesystem::path tmp_below_disk() const { return tmp.path() / "over"; }
  // The disk of the run before, while that run is there.
  std::weak_ptr<LinkDisk> disk;
  // And what was done to the folder whose crashes are tried.
  std::weak_ptr<LinkRecording> recording;
  std::weak_ptr<LinkImages> images;
};

// What outlives single runs of one worker: its shim, its cgroups to reuse, its
// folder, what it has learnt about the go command and built.
class Session {
 public:
  struct Options {
    std::vector<std::string> environment;  // NAME=value, of the user
    std::string version;                   // of faultrig, for evidence
    std::size_t keep_output = 16 << 20;    // bytes of each stream
    int stop_fd = -1;  // a socket whose peer is gone: give up; borrowed
    bool pool_groups = true;
    // From the moment that a service is ready: how long faults that are still
    // to come are waited for. One that idles would make some calls never. None:
    // to the deadline.
    std::optional<std::chrono::nanoseconds> patience;
    // Hears, in the process that runs, of each observation as it is made; later
    // ones may get an earlier time. It must not wait. Empty: nobody.
    std::function<void(const Observation&)> hear = {};
  };
  static Result<Session> open(Options options);
  Session(Session&&) noexcept = default;
  Session& operator=(Session&&) noexcept = default;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  Launcher& launcher() { return launcher_; }
  const Options& options() const { return options_; }
  // Options::patience of the runs from now on.
  void be_patient(std::optional<std::chrono::nanoseconds> patience) {
    options_.patience = patience;
  }
  const std::filesystem::path& shim() const { return shim_; }
  const std::filesystem::path& scratch() const { return scratch_.path(); }
  // For the work of go; empty where go could not work either.
  const std::filesystem::path& work() const { return work_.path(); }
  const CgroupPlaces& places() const { return places_; }

  // Can this plan run here? `unsupported` with `needs ...: why` where this
  // machine lacks something; another error where a group around us allows less
  // memory than a fault is to (BelowALowerOneAreRefused in limits_test.cc).
  Result<> can_run(const Plan& plan);

  // Has this machine what plans call `need`, for us? Nothing: it has, which is
  // remembered.
  std::optional<std::string> why_not(const std::string& need);

  // A group to use for one run. `used`: one that was used before and is empty
  // again will do; it may still be charged for files on tmpfs, which a memory
  // limit would count.
  enum class Group { fresh, used };
  Result<Cgroup> take_group(Group kind) { return take_group(kind, {}); }
  // One with more controllers is always fresh.
  Result<Cgroup> take_group(Group kind, const std::set<Controller>& more);
  // Takes a group back; makes sure that nothing lives in it.
  void give_back(Cgroup group);

  // A fresh folder below scratch().
  Result<TempDir> make_folder();
  // One for the work of go, on a disk where there is one; none where go could
  // not work either.
  std::optional<TempDir> make_work_folder();

  // What a killed go leaves in a folder that is not ours.
  GoLeftovers& go_leftovers() { return go_leftovers_; }

  // May anything be mounted on our folders? Told by what changed since the last
  // time; `kept`: something was found then that could not be taken off.
  bool may_have_mounts() { return mounts_.changed() || mounts_kept_; }
  void mounts_looked_at(bool kept) { mounts_kept_ = kept; }

  // Has the user, or whoever started us, asked us to stop?
  bool stopped() const;

  // SIGCHLD and SIGCONT of this process (take_job_signals()).
  const Fd& signals() const { return signals_; }
  // False once the shim is gone: nothing more can be started here.
  bool healthy() const { return !launcher_.gone(); }

  Learnt& learnt() { return learnt_; }

 private:
  Session(Options options, Launcher launcher, TempDir scratch);
  Result<> tell_what_we_own();

  struct Groups {
    std::vector<Cgroup> free;        // to be used again
    std::vector<std::string> owned;  // paths, as the shim is told
  };

  Options options_;
  std::string name_;
  std::filesystem::path shim_;
  CgroupPlaces places_;
  TempDir scratch_;
  TempDir work_;  // of go; may be none
  Launcher launcher_;
  Groups groups_;
  Learnt learnt_;
  std::set<std::string> there_;  // of what plans need
  GoLeftovers go_leftovers_;
  MountWatch mounts_;
  bool mounts_kept_ = false;
  Fd signals_;
  int made_ = 0;
};

}  // namespace faultrig
