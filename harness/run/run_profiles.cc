// What a profile is lost by was measured (Go 1.19 to 1.26): the testing package
// writes it when its tests are over, and when they run into its own timeout;
// os.Exit, a panic, a fatal error and every signal end the process before that.
// That of the processor is begun at the start: its file is there, and empty.
#include "harness/run/run_profiles.h"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "harness/base/fd.h"
#include "harness/model/go_words.h"
#include "harness/model/link.h"
#include "harness/model/profile_flags.h"
#include "harness/profile/pprof_file.h"
#include "harness/profile/pprof_writer.h"
#include "harness/run/binary_trace.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

// Told one by one; what is beyond them is told in one sum.
constexpr std::size_t kMostStacks = 256;
constexpr std::size_t kMostFunctions = 128;

std::set<ProfileKind> kinds_of(const Observers& observe) {
  return observe.profile ? observe.profile->kinds : std::set<ProfileKind>();
}

std::string file_name(ProfileKind kind) {
  return std::string(profile_kind_name(kind)) + ".pb.gz";
}

// We look for samples so often.
constexpr std::chrono::milliseconds kDrain{100};

Observation untold_of(const Observation& head, std::int64_t value,
                      std::string what) {
  Observation out = head;
  out.fact = Fact::profile_untold;
  out.number = value;
  out.text = std::move(what);
  return out;
}

void tell_stacks(const Profile& profile, const Observation& head,
                 Recorder& recorder) {
  std::int64_t rest = profile.total;
  for (std::size_t i = 0; i < profile.stacks.size() && i < kMostStacks; ++i) {
    Observation there = head;
    there.fact = Fact::profile_there;
    there.number = profile.stacks[i].value;
    there.stack = std::make_shared<GoStack>(
        profile.stack(profile.stacks[i], kMostFunctions));
    rest -= there.number;
    recorder.add(there);
  }
  if (profile.stacks.size() > kMostStacks) {
    recorder.add(untold_of(
        head, rest,
        std::to_string(profile.stacks.size() - kMostStacks) + " more stacks"));
  }
}

// Why there is no profile, by what reading it says.
std::string why_none(const ObservedBinary& binary, const Error& trouble) {
  const std::string before = " before the profile is written";
  std::string by = binary.cut_short();
  if (!binary.end || binary.was_killed()) {
    return by + (binary.end ? before : "");
  }
  bool wrote_nothing = trouble.os_errno == ENOENT;
  if (by.empty() || (trouble.os_errno != 0 && !wrote_nothing)) {
    return wrote_nothing ? "it ended in order, and wrote no file"
                         : trouble.what;
  }
  return by + before + (binary.end->listened ? "" : ", or it cannot be");
}

}  // namespace

Result<> can_profile(const Observers& observe, const std::string& goflags) {
  std::vector<std::string> words = words_of_goflags(goflags);
  std::string why = observe.timeline ? why_no_trace(words) : "";
  for (ProfileKind kind : kinds_of(observe)) {
    why = why.empty() ? why_no_profile(words, kind) : why;
  }
  return why.empty() ? Result<>(Ok{}) : usage_error("by GOFLAGS " + why);
}

std::vector<std::string> RunProfiles::flags(int witness) {
  std::vector<std::string> out;
  if (!wanted()) {
    return out;
  }
  Binary& binary = binaries_[witness];
  binary.folder = folder_ / kProfileFolder / std::to_string(binaries_.size());
  std::error_code failed;  // that a file is not there is told later
  fs::create_directories(binary.folder, failed);
  for (ProfileKind kind : kinds_of(observe_)) {
    std::string flag = profile_flag(kind);
    if (!flag.empty()) {
      out.push_back("-" + flag + "=" +
                    (binary.folder / file_name(kind)).string());
    }
  }
  if (observe_.timeline) {
    out.push_back("-" + std::string(kTraceFlag) + "=" +
                  trace_file(binary).string());
  }
  return out;
}

std::vector<std::string> RunProfiles::settings(
    std::vector<std::string> env) const {
  return observe_.timeline
             ? with_trace_period(std::move(env), observe_.timeline->period)
             : env;
}

RunProfiles::Binary* RunProfiles::binary_of(int pid) {
  auto found =
      std::find_if(binaries_.begin(), binaries_.end(), [pid](auto& entry) {
        return entry.second.pid == pid && !entry.second.end;
      });
  return found == binaries_.end() ? nullptr : &found->second;
}

void RunProfiles::started(const Start& start) {
  bool known = binaries_.contains(start.witness);
  if (!known && !takes_samples()) {
    return;
  }
  Binary& binary = binaries_[known ? start.witness : -start.pid];
  binary.link = start.link;
  binary.pid = start.pid;
  binary.program = start.program;
  binary.from = start.at;
  if (takes_samples()) {
    binary.perf = std::make_unique<PerfSamples>(programs_);
    auto begun = binary.perf->begin(start.pid);
    binary.no_perf = begun ? "" : begun.error().what;
    drain();
  }
}

void RunProfiles::ready(Link link) {
  for (auto& [key, binary] : binaries_) {
    if (binary.perf && binary.link == link && !binary.end) {
      binary.perf->know(binary.pid);
    }
  }
}

void RunProfiles::drain() {
  if (std::exchange(draining_, true)) {
    return;
  }
  loop_.after(kDrain, [this] {
    draining_ = false;
    bool any = false;
    for (auto& [key, binary] : binaries_) {
      if (binary.perf && !binary.end) {
        binary.perf->drain();
        any = true;
      }
    }
    if (any) {
      drain();
    }
  });
}

void RunProfiles::stopping(int pid) {
  if (Binary* binary = binary_of(pid)) {
    binary->stopped = true;
  }
}

void RunProfiles::ended(const Ended& ended, std::chrono::nanoseconds at) {
  if (Binary* binary = binary_of(ended.pid)) {
    binary->end = ended;
    binary->to = at;
    if (binary->perf) {
      binary->perf->end();
    }
  }
}

// A name that others have is `store.test~2`.
void RunProfiles::heard(const std::string& last_word) {
  auto found = binaries_.find(kNoWitness);
  if (found != binaries_.end() && found->second.end) {
    found->second.end->listened = true;
    found->second.end->last_word = last_word;
  }
}

std::string RunProfiles::free_name(const std::string& program) {
  std::string name = program.empty() || program == "." || program == ".."
                         ? "test"
                         : program.substr(0, 100);
  int number = ++names_[name];
  return number == 1 ? name : name + "~" + std::to_string(number);
}

Observation RunProfiles::about(Fact fact, const Binary& binary,
                               ProfileKind kind) {
  Observation out;
  out.source = kind == ProfileKind::perf ? Source::kernel : Source::go;
  out.fact = fact;
  out.link = link_name(binary.link);
  out.pid = binary.pid;
  out.action = profile_kind_name(kind);
  return out;
}

void RunProfiles::tell_one(const Binary& binary, ProfileKind kind,
                           Recorder& recorder) {
  fs::path file = binary.folder / file_name(kind);
  auto bytes = read_regular_file(file.string(), kLargestProfile);
  bool any = bytes && !bytes->empty();
  auto profile = any ? read_profile(*bytes) : Result<Profile>(usage_error(""));
  if (!profile) {
    Observation lost = about(Fact::profile_lost, binary, kind);
    lost.text = any     ? profile.error().what
                : bytes ? why_none(binary, system_error("it is empty", 0))
                        : why_none(binary, bytes.error());
    recorder.add(lost);
    return;
  }
  keep(*profile, *std::move(bytes), {binary, kind}, recorder);
}

void RunProfiles::tell_perf(Binary& binary, Recorder& recorder) {
  Observation lost = about(Fact::profile_lost, binary, ProfileKind::perf);
  lost.text = binary.no_perf;
  if (!binary.perf || !lost.text.empty()) {
    recorder.add(lost);
    return;
  }
  binary.perf->end();  // it may live
  Profile profile = binary.perf->profile();
  profile.lasted = (binary.end ? binary.to : recorder.now()) - binary.from;
  auto bytes = write_profile(profile);
  if (!bytes) {
    lost.text = bytes.error().what;
    recorder.add(lost);
    return;
  }
  keep(profile, *std::move(bytes), {binary, ProfileKind::perf}, recorder);
  Observation head = about(Fact::profile_untold, binary, ProfileKind::perf);
  auto missed = static_cast<std::int64_t>(binary.perf->lost());
  if (missed > 0) {
    recorder.add(untold_of(
        head, missed * profile.each,
        std::to_string(missed) + " samples for which there was no room"));
  }
  if (!binary.perf->sees_kernel()) {
    head.fact = Fact::not_known;
    head.text =
        "what the kernel did for it: of that no samples may be taken "
        "(kernel.perf_event_paranoid)";
    recorder.add(head);
  }
}

void RunProfiles::keep(const Profile& profile, std::string bytes, const Of& of,
                       Recorder& recorder) {
  Observation kept = about(Fact::profile_kept, of.binary, of.kind);
  kept.path =
      (fs::path(kProfileFolder) / of.binary.name / file_name(of.kind)).string();
  kept.text = of.binary.program;
  kept.number = profile.lasted.count() > 0
                    ? profile.lasted.count()
                    : (of.binary.to - of.binary.from).count();
  kept.names = {profile.type, profile.unit, std::to_string(profile.each)};
  recorder.add(kept);
  tell_stacks(profile, about(kept.fact, of.binary, of.kind), recorder);
  files_[kept.path] = std::move(bytes);
}

void RunProfiles::tell(Session& session, Recorder& recorder) {
  for (auto& [key, binary] : binaries_) {
    if (binary.pid == 0) {
      continue;  // it never ran, which was told
    }
    binary.name = free_name(binary.program);
    for (ProfileKind kind : kinds_of(observe_)) {
      if (kind == ProfileKind::perf) {
        tell_perf(binary, recorder);
      } else {
        tell_one(binary, kind, recorder);
      }
    }
    if (observe_.timeline && !binary.folder.empty()) {
      files_.merge(tell_trace(session, binary, recorder));
    }
  }
}

}  // namespace faultrig
