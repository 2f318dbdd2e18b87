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
#include "harness/run/loop.h"
#include "harness/run/observed_binary.h"
#include "harness/run/perf_samples.h"
#include "harness/run/recorder.h"
#include "harness/run/session.h"

namespace faultrig {

// Usage: with this GOFLAGS the test binaries leave no profile that says what is
// asked of it, or no trace.
Result<> can_profile(const Observers& observe, const std::string& goflags);

// The profiles and traces of a run (`observe: profile`, `timeline`): those that
// its test binaries write of themselves, which flags they get for that, and
// what came of it; and that which we take of any program (perf). Without an
// observer it does nothing. Not after fork.
class RunProfiles {
 public:
  // A binary that no witness starts.
  static constexpr int kNoWitness = 0;

  // All must outlive it.
  RunProfiles(const Observers& observe, Loop& loop, ProgramStacks& programs)
      : observe_(observe), loop_(loop), programs_(programs) {}

  bool wanted() const { return observe_.profile || observe_.timeline; }
  // Of this run, which must outlive us.
  void use_folder(const std::filesystem::path& folder) { folder_ = folder; }
  // The words that the binary which this witness starts gets behind its name,
  // with a folder of its own for its files.
  std::vector<std::string> flags(int witness);
  // This environment, with what has them write a trace soon enough.
  std::vector<std::string> settings(std::vector<std::string> env) const;
  // Is a process to be held at its first instruction for them?
  bool takes_samples() const {
    return observe_.profile && observe_.profile->takes(ProfileKind::perf);
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
  // What the binary that no witness starts has said last: PASS, FAIL, nothing.
  void heard(const std::string& last_word);
  // All are over: tells what each has left, as the last of the run's facts.
  void tell(Session& session, Recorder& recorder);
  // The files of those that were kept, by their paths in the evidence.
  std::map<std::string, std::string> take_files() { return std::move(files_); }

 private:
  struct Binary : ObservedBinary {
    Link link = Link::test;
    std::unique_ptr<PerfSamples> perf;
    std::string no_perf;  // why there is none
  };
  void drain();
  void tell_perf(Binary& binary, Recorder& recorder);
  Binary* binary_of(int pid);
  void tell_one(const Binary& binary, ProfileKind kind, Recorder& recorder);
  // Which profile it is.
  struct Of {
    const Binary& binary;
    ProfileKind kind;
  };
  void keep(const Profile& profile, std::string bytes, const Of& of,
            Recorder& recorder);
  static Observation about(Fact fact, const Binary& binary, ProfileKind kind);
  std::string free_name(const std::string& program);

  const Observers& observe_;
  Loop& loop_;
  ProgramStacks& programs_;
  bool draining_ = false;
  std::filesystem::path folder_;
  std::map<int, Binary> binaries_;  // by witness; others by -pid
  std::map<std::string, int> names_;
  std::map<std::string, std::string> files_;
};

}  // namespace faultrig
