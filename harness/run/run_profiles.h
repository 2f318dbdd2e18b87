#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/model/observe.h"
#include "harness/os/shim_wire.h"
#include "harness/run/recorder.h"

namespace faultrig {

// Usage: with this GOFLAGS the test binaries leave no profile that says what is
// asked of it.
Result<> can_profile(const std::optional<ProfileObserver>& observer,
                     const std::string& goflags);

// The profiles that the test binaries of a run write of themselves
// (`observe: profile`): which flags they get for that, and what came of it.
// Without an observer it does nothing. Not after fork.
class RunProfiles {
 public:
  // A binary that no witness starts.
  static constexpr int kNoWitness = 0;

  explicit RunProfiles(const std::optional<ProfileObserver>& observer)
      : observer_(observer) {}

  bool wanted() const { return observer_.has_value(); }
  // Of this run, which must outlive us.
  void use_folder(const std::filesystem::path& folder) { folder_ = folder; }
  // The words that the binary which this witness starts gets behind its name,
  // with a folder of its own for its files.
  std::vector<std::string> flags(int witness);
  // That binary runs, as this process.
  void started(int witness, int pid, const std::string& program,
               std::chrono::nanoseconds at);
  // We are about to end it.
  void stopping(int pid);
  void ended(const Ended& ended, std::chrono::nanoseconds at);
  // All are over: tells what each has left, as the last of the run's facts.
  void tell(Recorder& recorder);
  // The files of those that were kept, by their paths in the evidence.
  std::map<std::string, std::string> take_files() { return std::move(files_); }

 private:
  struct Binary {
    std::filesystem::path folder;
    int pid = 0;
    std::string program;
    std::chrono::nanoseconds from{0};
    std::chrono::nanoseconds to{0};
    bool stopped = false;      // by us
    std::optional<Ended> end;  // none: we do not know it
  };
  Binary* binary_of(int pid);
  void tell_one(const Binary& binary, const std::string& name, ProfileKind kind,
                Recorder& recorder);
  std::string free_name(const std::string& program);
  static std::string why_none(const Binary& binary, const Error& trouble);

  const std::optional<ProfileObserver>& observer_;
  std::filesystem::path folder_;
  std::map<int, Binary> binaries_;  // by witness
  std::map<std::string, int> names_;
  std::map<std::string, std::string> files_;
};

}  // namespace faultrig
