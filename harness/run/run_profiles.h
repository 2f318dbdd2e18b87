#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/model/link.h"
#include "harness/model/observe.h"
#include "harness/model/profile.h"
#include "harness/os/shim_wire.h"
#include "harness/run/loop.h"
#include "harness/run/perf_samples.h"
#include "harness/run/recorder.h"

namespace faultrig {

// Usage: with this GOFLAGS the test binaries leave no profile that says what is
// asked of it.
Result<> can_profile(const std::optional<ProfileObserver>& observer,
                     const std::string& goflags);

// The profiles of a run (`observe: profile`): those that its test binaries
// write of themselves, which flags they get for that, and what came of it; and
// that which we take of any program (perf). Without an observer it does
// nothing. Not after fork.
class RunProfiles {
 public:
  // A binary that no witness starts.
  static constexpr int kNoWitness = 0;

  // All must outlive it.
  RunProfiles(const std::optional<ProfileObserver>& observer, Loop& loop,
              ProgramStacks& programs)
      : observer_(observer), loop_(loop), programs_(programs) {}

  bool wanted() const { return observer_.has_value(); }
  // Of this run, which must outlive us.
  void use_folder(const std::filesystem::path& folder) { folder_ = folder; }
  // The words that the binary which this witness starts gets behind its name,
  // with a folder of its own for its files.
  std::vector<std::string> flags(int witness);
  // Is a process to be held at its first instruction for them?
  bool takes_samples() const {
    return observer_ && observer_->takes(ProfileKind::perf);
  }
  // A program runs as this process, which the link's processes are: that binary
  // where a witness has started it.
  struct Start {
    Link link = Link::test;
    int witness = kNoWitness;
    int pid = 0;
    std::string program;
    std::chrono::nanoseconds at{0};
  };
  void started(const Start& start);
  // Those of this link that have started are at their first instruction, if
  // they were held there.
  void ready(Link link);
  // We are about to end it.
  void stopping(int pid);
  void ended(const Ended& ended, std::chrono::nanoseconds at);
  // All are over: tells what each has left, as the last of the run's facts.
  void tell(Recorder& recorder);
  // The files of those that were kept, by their paths in the evidence.
  std::map<std::string, std::string> take_files() { return std::move(files_); }

 private:
  struct Binary {
    Link link = Link::test;
    std::filesystem::path folder;  // empty: it writes none
    int pid = 0;
    std::string program;
    std::chrono::nanoseconds from{0};
    std::chrono::nanoseconds to{0};
    bool stopped = false;      // by us
    std::optional<Ended> end;  // none: we do not know it
    std::unique_ptr<PerfSamples> perf;
    std::string no_perf;  // why there is none
  };
  void drain();
  void tell_perf(Binary& binary, const std::string& name, Recorder& recorder);
  Binary* binary_of(int pid);
  void tell_one(const Binary& binary, const std::string& name, ProfileKind kind,
                Recorder& recorder);
  // Which profile it is.
  struct Of {
    const Binary& binary;
    const std::string& name;
    ProfileKind kind;
  };
  void keep(const Profile& profile, std::string bytes, const Of& of,
            Recorder& recorder);
  static Observation about(Fact fact, const Binary& binary, ProfileKind kind);
  std::string free_name(const std::string& program);
  static std::string why_none(const Binary& binary, const Error& trouble);

  const std::optional<ProfileObserver>& observer_;
  Loop& loop_;
  ProgramStacks& programs_;
  bool draining_ = false;
  std::filesystem::path folder_;
  std::map<int, Binary> binaries_;  // by witness; others by -pid
  std::map<std::string, int> names_;
  std::map<std::string, std::string> files_;
};

}  // namespace faultrig
