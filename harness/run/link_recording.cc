#include "harness/run/link_recording.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "harness/model/disk.h"
#include "harness/os/path_step.h"
#include "harness/os/room_call.h"
#include "harness/os/shim_folders.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;
using Kind = FileIdentity::Kind;

// Shared mappings that can be written to: a filter compares whole arguments.
std::vector<FilterRule> map_rules() {
  constexpr unsigned kProtection = 2;
  constexpr unsigned kFlags = 3;
  std::vector<FilterRule> rules;
  for (std::uint64_t protection : shared_write_protections()) {
    for (std::uint64_t flags : shared_map_flags()) {
      FilterRule rule;
      rule.call = "mmap";
      rule.tests = {{kProtection, FilterRule::Test::Is::equal, protection},
                    {kFlags, FilterRule::Test::Is::equal, flags}};
      rules.push_back(std::move(rule));
    }
  }
  return rules;
}

bool is_sync_of_all(const std::string& call) {
  return call == "sync" || call == "syncfs";
}

}  // namespace

LinkRecording::LinkRecording(Link link, CrashFolder folder, Record record)
    : link_(link), asked_(std::move(folder)), record_(std::move(record)) {
  folder_.let_power_go(asked_.from_start && asked_.fault != kNoFault);
}

Result<> LinkRecording::begin(const std::string& stands,
                              const std::string& tmpdir) {
  TRY_ASSIGN(fs::path path, crash_place(asked_, stands, tmpdir));
  begun_ = true;
  return folder_.begin(
      path, asked_.below_tmpdir() ? fs::path(tmpdir) / kOwnMark : fs::path());
}

void LinkRecording::select(FaultId fault, bool active) {
  if (fault == asked_.fault) {
    folder_.let_power_go(active);
  }
}

std::vector<FilterRule> LinkRecording::filter_rules(bool maps) {
  std::vector<std::string> calls = name_calls();
  std::vector<std::string> more = content_calls();
  calls.insert(calls.end(), more.begin(), more.end());
  calls.insert(calls.end(), {"sync", "syncfs"});
  if (maps) {
    calls.emplace_back("mmap");
  }
  std::vector<FilterRule> rules = rules_for(calls);
  if (!maps) {
    std::vector<FilterRule> narrow = map_rules();
    rules.insert(rules.end(), narrow.begin(), narrow.end());
  }
  return rules;
}

Observation LinkRecording::doubt(const WaitingCaller& caller,
                                 const std::string& why) const {
  Observation told;
  told.source = Source::seccomp;
  told.fact = Fact::unrecorded;
  told.fault = asked_.fault;
  told.link = link_name(link_);
  told.pid = caller.pid;
  told.call = caller.name;
  told.text = why;
  return told;
}

void LinkRecording::not_seen(const WaitingCaller& caller,
                             const std::string& why) {
  if (asked_.fault != kNoFault &&
      told_.emplace(caller.pid, caller.name + why).second) {
    record_(doubt(caller, why));
  }
}

LinkRecording::Answer LinkRecording::answer(Notifier& notifier,
                                            const WaitingCaller& caller) {
  if (!begun_) {
    return std::nullopt;
  }
  stdout_.meet(caller.call.tid);
  if (folder_.is_full()) {
    not_seen(caller, "more was written than can be kept (256MiB)");
    return std::nullopt;
  }
  if (is_sync_of_all(caller.name)) {
    folder_.add({.what = DiskOp::What::sync_all});
    return std::nullopt;
  }
  if (auto data = content_asked(caller.call, caller.name)) {
    return answer_content(notifier, caller, *data);
  }
  auto name = name_asked(caller.call, caller.name);
  return name ? answer_name(notifier, caller, *std::move(name)) : std::nullopt;
}

// Does it change a name in the folder, or the size of a file that is in it?
bool LinkRecording::concerns(const NameAsk& ask) const {
  bool file = ask.what == NameAsk::What::resize ||
              (ask.what == NameAsk::What::open && ask.place.there);
  bool empties =
      file && (ask.what == NameAsk::What::resize || (ask.flags & O_TRUNC) != 0);
  if (empties && folder_.is_on_disk(*ask.place.there) &&
      folder_.is_inside(*ask.place.there)) {
    return true;
  }
  auto in = [&](const NamePlace& place) {
    return place.of_folder && folder_.path_of_folder(*place.of_folder);
  };
  if (ask.what == NameAsk::What::link) {
    return in(ask.to);
  }
  return !(file && !empties) && (in(ask.place) || in(ask.to));
}

// Can what it moves into the folder, or empties there, be known? `from`: a way
// to the file of the old name.
bool LinkRecording::follows(const NameAsk& ask, const std::string& from) {
  const auto& there = ask.place.there;
  bool inside = ask.place.of_folder &&
                folder_.path_of_folder(*ask.place.of_folder).has_value();
  if (!ask.moves() || !there || (inside && ask.from_file.empty())) {
    return true;
  }
  bool exchanges = (ask.flags & RENAME_EXCHANGE) != 0;
  if (ask.what == NameAsk::What::rename && exchanges) {
    return false;
  }
  return there->kind == Kind::symlink ||
         (there->kind == Kind::file && folder_.is_on_disk(*there) &&
          folder_.take_from_outside(*there, from));
}

LinkRecording::Answer LinkRecording::answer_name(Notifier& notifier,
                                                 const WaitingCaller& caller,
                                                 NameAsk ask) {
  const Notification& call = caller.call;
  if (ask.what == NameAsk::What::node || !concerns(ask)) {
    return std::nullopt;
  }
  auto rights = rights_of(call.tid);
  std::string from = ask.from_file.empty() && ask.place.folder
                         ? "/proc/self/fd/" +
                               std::to_string(ask.place.folder.get()) + "/" +
                               ask.place.name
                         : ask.from_file;
  if (ask.unclear.empty() && (!rights || !are_ours(*rights))) {
    ask.unclear = "by another user";
  } else if (ask.unclear.empty() && !follows(ask, from)) {
    ask.unclear = "what comes from outside is not known";
  }
  if (!ask.unclear.empty()) {
    not_seen(caller, ask.unclear);
    return std::nullopt;
  }
  if (!notifier.still_waiting(call.id)) {
    return std::nullopt;
  }
  MadeName made = make_name_call(ask, *rights);
  auto opened = identity_of(made.file);
  if (made.error == 0) {
    note_name(ask, opened ? &*opened : nullptr);
  }
  if (made.file) {
    return notifier.answer_with(call.id, made.file,
                                (ask.flags & O_CLOEXEC) != 0);
  }
  return notifier.answer(call.id, 0, made.error);
}

void LinkRecording::note_name(const NameAsk& ask, const FileIdentity* opened) {
  using What = NameAsk::What;
  const auto& there = ask.place.there;
  auto path = ask.place.of_folder
                  ? folder_.path_in(*ask.place.of_folder, ask.place.name)
                  : std::nullopt;
  if (ask.moves()) {
    note_move(ask);
  } else if (ask.what == What::resize) {
    folder_.resized(*there, ask.size);
  } else if (ask.what == What::open && there) {
    if (there->size != 0 && folder_.knows(*there)) {
      folder_.resized(*there, 0);
    }
  } else if (ask.what == What::open && opened != nullptr) {
    folder_.made_file(*path, *opened);
  } else if (ask.what == What::remove) {
    folder_.removed(*path);
  } else if (ask.what == What::symlink) {
    folder_.add(
        {.what = DiskOp::What::symlink, .path = *path, .bytes = ask.target});
  } else if (auto made = identity_in(ask.place.folder, ask.place.name)) {
    folder_.made_folder(*path, *made);
  }
}

// Two names of one file are not moved over each other (rename(2)).
void LinkRecording::note_move(const NameAsk& ask) {
  auto from = ask.place.of_folder && ask.from_file.empty()
                  ? folder_.path_in(*ask.place.of_folder, ask.place.name)
                  : std::nullopt;
  auto to = folder_.path_in(*ask.to.of_folder, ask.to.name);
  bool rename = ask.what == NameAsk::What::rename;
  bool exchanges = rename && (ask.flags & RENAME_EXCHANGE) != 0;
  const auto& there = ask.place.there;
  if (!there || (ask.to.there && there->same_as(*ask.to.there))) {
    return;
  }
  if (rename && from && to) {
    folder_.renamed(*from, *to, exchanges);
  } else if (rename && from) {
    folder_.removed(*from);
  } else if (to && there->kind == Kind::symlink) {
    folder_.add({.what = DiskOp::What::symlink,
                 .path = *to,
                 .bytes = link_at(ask.to.folder.get(), ask.to.name)});
  } else if (to) {
    folder_.entered(*to, *there);
  }
}

LinkRecording::Answer LinkRecording::answer_content(Notifier& notifier,
                                                    const WaitingCaller& caller,
                                                    const ContentAsk& ask) {
  auto file = copy_descriptor_of(caller.call.tid, caller.pid, ask.file);
  auto seen = file ? identity_of(*file) : std::nullopt;
  if (!seen || !folder_.is_on_disk(*seen) ||
      (seen->kind != Kind::file && seen->kind != Kind::folder)) {
    if (ask.what == ContentAsk::What::write) {
      print(caller);
    }
    return std::nullopt;
  }
  if (ask.what == ContentAsk::What::map ||
      ask.what == ContentAsk::What::unseen) {
    folder_.lose(*seen);
    if (folder_.is_inside(*seen)) {
      not_seen(caller, "what comes into the file by it is not seen");
    }
    return std::nullopt;
  }
  if (!notifier.still_waiting(caller.call.id)) {
    return std::nullopt;
  }
  return write(notifier, caller, ask, *file, *seen);
}

LinkRecording::Answer LinkRecording::write(Notifier& notifier,
                                           const WaitingCaller& caller,
                                           const ContentAsk& ask,
                                           const Fd& file,
                                           const FileIdentity& before) {
  bool known = before.kind == Kind::folder || folder_.knows(before);
  bool syncs = ask.what == ContentAsk::What::sync ||
               ask.what == ContentAsk::What::sync_data;
  if (!known && !syncs) {
    folder_.lose(before);
  }
  if (!known) {
    return std::nullopt;
  }
  if (folder_.was_changed_unseen(before) && folder_.is_inside(before)) {
    not_seen(caller, "others have written to its file");
  }
  auto made = make_content_call(caller.call, caller.name, caller.pid, file);
  if (!made) {
    folder_.lose(before);
    not_seen(caller, "it can only be made by the workload itself");
    return std::nullopt;
  }
  std::int64_t result = made->result;
  if (result >= 0) {
    note_content(caller, ask, before, *std::move(made));
  }
  return result < 0
             ? notifier.answer(caller.call.id, 0, static_cast<int>(-result))
             : notifier.answer(caller.call.id, result, 0);
}

void LinkRecording::note_content(const WaitingCaller& caller,
                                 const ContentAsk& ask,
                                 const FileIdentity& file, MadeContent made) {
  using What = ContentAsk::What;
  const auto& args = caller.call.args;
  if (ask.what == What::sync || ask.what == What::sync_data) {
    folder_.synced(file, ask.what == What::sync_data);
  } else if (ask.what == What::resize) {
    folder_.resized(file, args[1]);
  } else if (ask.what == What::write && !made.bytes.empty()) {
    folder_.wrote(file, made.offset, std::move(made.bytes));
    if (made.at_once) {
      folder_.synced(file, true);
    }
  } else if (ask.what == What::reserve) {
    std::uint64_t end = args[2] + args[3];
    if (args[1] == 0 && end > file.size) {
      folder_.resized(file, end);
    } else if (args[1] != 0 && args[1] != kKeepSize) {
      not_seen(caller, "a fallocate(2) that changes what is in the file");
    }
  }
}

// It is let run: who prints after a sync has been synced, whenever that comes
// through.
void LinkRecording::print(const WaitingCaller& caller) {
  if (auto bytes = stdout_.printed_by(caller)) {
    folder_.add({.what = DiskOp::What::print, .bytes = *std::move(bytes)});
  }
}

std::optional<Observation> LinkRecording::close() {
  record_ = [](const Observation&) {};
  std::string difference = begun_ ? folder_.difference() : "";
  if (difference.empty()) {
    return std::nullopt;
  }
  return doubt({}, "what was recorded is not what is there: " + difference);
}

}  // namespace faultrig
