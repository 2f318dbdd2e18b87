#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/fd.h"
#include "harness/model/crash.h"
#include "harness/model/observation.h"
#include "harness/os/content_call.h"
#include "harness/os/name_call.h"
#include "harness/os/seccomp.h"
#include "harness/run/crash_place.h"
#include "harness/run/recorded_folder.h"
#include "harness/run/waiting_caller.h"

namespace faultrig {

// Records what one link's processes do to a folder: each call that changes it
// is made here, so that its order and its result are known. What cannot be is
// told, and lets it run. Not after fork.
class LinkRecording {
 public:
  using Record = std::function<void(Observation)>;
  LinkRecording(Link link, CrashFolder folder, Record record);

  // Before the first process of the link starts: where that stands, and its
  // TMPDIR. Usage: the folder is not there, or none that recover can be shown
  // another content of.
  Result<> begin(const std::string& stands, const std::string& tmpdir);

  // From now on power may go, or no more.
  void select(FaultId fault, bool active);

  // What a filter has to stop for it. `maps`: also all of mmap(2), for others
  // ask about it.
  static std::vector<FilterRule> filter_rules(bool maps);

  // Whether the caller has its answer. Nothing: it has to run as it is.
  std::optional<Result<bool>> answer(Notifier& notifier,
                                     const WaitingCaller& caller);
  // Something else makes this call for its caller.
  void not_seen(const WaitingCaller& caller, const std::string& why);

  const CrashFolder& asked() const { return asked_; }
  const RecordedFolder& folder() const { return folder_; }
  // When all that wrote has ended: tells what was not seen, by what is there.
  // Nobody is told of anything afterwards.
  std::optional<Observation> close();

 private:
  using Answer = std::optional<Result<bool>>;
  Answer answer_name(Notifier& notifier, const WaitingCaller& caller,
                     NameAsk ask);
  void note_name(const NameAsk& ask, const FileIdentity* opened);
  void note_move(const NameAsk& ask);
  bool concerns(const NameAsk& ask) const;
  bool follows(const NameAsk& ask, const std::string& from);
  Answer answer_content(Notifier& notifier, const WaitingCaller& caller,
                        const ContentAsk& ask);
  Answer write(Notifier& notifier, const WaitingCaller& caller,
               const ContentAsk& ask, const Fd& file,
               const FileIdentity& before);
  void note_content(const WaitingCaller& caller, const ContentAsk& ask,
                    const FileIdentity& file, MadeContent made);
  void print(const WaitingCaller& caller);
  Observation doubt(const WaitingCaller& caller, const std::string& why) const;

  Link link_;
  CrashFolder asked_;
  Record record_;
  RecordedFolder folder_;
  LinkStdout stdout_;
  std::set<std::pair<int, std::string>> told_;  // once a process
  bool begun_ = false;
};

}  // namespace faultrig
