#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/fd.h"
#include "harness/os/caller_file.h"
#include "harness/os/notify.h"

namespace faultrig {

// A name as a call means it: in which folder, and what is there now.
struct NamePlace {
  Fd folder;  // O_PATH
  std::optional<FileIdentity> of_folder;
  std::string name;  // without a slash
  std::optional<FileIdentity> there;
  bool as_folder = false;  // with a slash behind it

  bool is_folder() const {
    return there && there->kind == FileIdentity::Kind::folder;
  }
};

// A call that makes, moves or removes a name.
struct NameAsk {
  enum class What { open, folder, node, remove, rename, link, symlink, resize };
  What what = What::open;
  NamePlace place;  // what is made or removed; of rename and link the old name
  NamePlace to;     // of rename and link
  std::uint64_t flags = 0;  // of the call
  unsigned mode = 0;
  std::uint64_t size = 0;  // of truncate(2)
  std::string target;      // of a symbolic link
  std::string from_file;   // link(2) of an open file: the way to it
  std::string unclear;     // why it cannot be made here; empty: it can
  bool moves() const { return what == What::rename || what == What::link; }
  // Of open(2): may it make a file, or empty one?
  bool changes() const;
};

// The names of such calls.
std::vector<std::string> name_calls();

// What an intercepted call asks for; nothing: it is none of these, changes no
// name, or will fail: the way to its name is not there, or a slash stands
// behind one of no folder (path_resolution(7)). Asks the file system of the
// folder.
std::optional<NameAsk> name_asked(const Notification& call,
                                  std::string_view name);

// Makes the call for its caller, with the caller's umask(2): 0 or -errno; of
// open(2) the descriptor is ours. Only for who has our rights (are_ours()).
struct MadeName {
  int error = 0;
  Fd file;  // of open(2)
};
MadeName make_name_call(const NameAsk& ask, const CallerRights& rights);

}  // namespace faultrig
