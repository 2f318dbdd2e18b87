// A service writes where it stands: what one run leaves there must not be met
// by the next. A whole copy of a folder of which most is never touched would
// cost more than the run.
#include "harness/run/folder_mirror.h"

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "harness/os/file_state.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostEntries = 1000;
constexpr std::size_t kMostLinks = 20000;  // a third of a second
constexpr std::uintmax_t kSmall = 1 << 20;
constexpr std::uintmax_t kMostBytes = 4 << 20;

// Of a command: what stands between paths, or before one.
constexpr std::string_view kBetween = " \t\n'\"=:;,()<>&|";

Error failed_at(const fs::path& path, const std::error_code& failed) {
  return system_error("mirror " + path.string(), failed.value());
}

Result<std::vector<fs::directory_entry>> entries_of(const fs::path& folder) {
  std::error_code failed;
  std::vector<fs::directory_entry> out;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end;
       at.increment(failed)) {
    if (out.size() == kMostLinks) {
      return unsupported_error("mirror " + folder.string() + ": more than " +
                               std::to_string(kMostLinks) + " entries");
    }
    out.push_back(*at);
  }
  return failed ? Result<std::vector<fs::directory_entry>>(
                      failed_at(folder, failed))
                : std::move(out);
}

Result<> link_to(const fs::path& original, const fs::path& link) {
  std::error_code failed;
  fs::create_symlink(original, link, failed);
  return failed ? Result<>(failed_at(link, failed)) : Ok{};
}

// Who is not root owns what he makes, and could give nothing away.
Result<> keep_owner(const fs::path& from, const fs::path& to) {
  return geteuid() == 0 ? own_as(from.string(), to.string()) : Ok{};
}

Result<> make_as(const fs::path& from, const fs::path& to) {
  std::error_code failed;
  return fs::create_directory(to, failed) ? keep_owner(from, to)
                                          : Result<>(failed_at(to, failed));
}

// Of a file that may be copied; a program finds what stands beside it by way of
// its own file, and is large.
std::optional<std::uintmax_t> bytes_to_copy(const fs::directory_entry& entry) {
  std::error_code failed;
  fs::file_status status = entry.symlink_status(failed);
  constexpr fs::perms kAnyExec =
      fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;
  if (failed || !fs::is_regular_file(status) ||
      (status.permissions() & kAnyExec) != fs::perms::none) {
    return std::nullopt;
  }
  std::uintmax_t bytes = entry.file_size(failed);
  return failed || bytes > kSmall ? std::nullopt : std::optional(bytes);
}

// What may become a folder of its own: one into which the service could write.
bool is_own(const fs::directory_entry& entry) {
  std::error_code failed;
  fs::file_status status = entry.symlink_status(failed);
  return !failed && fs::is_directory(status) &&
         (status.permissions() & fs::perms::owner_write) != fs::perms::none &&
         entry.path().filename() != ".git";
}

bool is_at_or_below(const fs::path& path, const fs::path& folder) {
  fs::path way = path.lexically_relative(folder);
  return !way.empty() && *way.begin() != "..";
}

// From the outermost folders inwards: those that are near are mirrored.
class Mirror {
 public:
  // `place`: where it is made, which may lie in what it is made of.
  explicit Mirror(const fs::path& place) {
    std::error_code failed;
    place_ = fs::canonical(place, failed);
  }

  Result<> fill(const fs::path& from, const fs::path& to) {
    TRY_ASSIGN(auto entries, entries_of(from));
    TRY(add(entries, to));
    return empty_queue();
  }

  // Once it is filled: one more, if it fits.
  Result<> add_folder(const fs::path& from, const fs::path& to) {
    waiting_.emplace_back(from, to);
    return empty_queue();
  }

 private:
  Result<> empty_queue() {
    while (!waiting_.empty()) {
      auto [next, into] = std::move(waiting_.front());
      waiting_.pop_front();
      auto inner = entries_of(next);
      std::error_code failed;
      bool fits = inner && made_ + inner->size() <= kMostEntries;
      if (!fits || !fs::create_directory(into, next, failed)) {
        TRY(link_to(next, into));
        continue;
      }
      TRY(keep_owner(next, into));
      TRY(add(*inner, into));
    }
    return Ok{};
  }

  Result<> add(const std::vector<fs::directory_entry>& entries,
               const fs::path& to) {
    made_ += entries.size();
    for (const fs::directory_entry& entry : entries) {
      fs::path target = to / entry.path().filename();
      if (is_own(entry) && !leads_here(entry.path())) {
        waiting_.emplace_back(entry.path(), std::move(target));
      } else {
        TRY(copy_or_link(entry, target));
      }
    }
    return Ok{};
  }

  Result<> copy_or_link(const fs::directory_entry& entry, const fs::path& to) {
    std::optional<std::uintmax_t> bytes = bytes_to_copy(entry);
    std::error_code failed;
    if (bytes && copied_ + *bytes <= kMostBytes &&
        fs::copy_file(entry.path(), to, failed)) {
      copied_ += *bytes;
      return keep_owner(entry.path(), to);
    }
    return link_to(entry.path(), to);
  }

  bool leads_here(const fs::path& folder) const {
    std::error_code failed;
    return is_at_or_below(place_, fs::canonical(folder, failed));
  }

  fs::path place_;
  std::size_t made_ = 0;
  std::uintmax_t copied_ = 0;
  std::deque<std::pair<fs::path, fs::path>> waiting_;
};

// The folders above, outermost first, and the folder itself.
std::vector<fs::path> folders_down_to(const fs::path& folder,
                                      std::size_t above) {
  std::vector<fs::path> down{folder};
  while (above-- > 0 && down.front().has_relative_path()) {
    down.insert(down.begin(), down.front().parent_path());
  }
  return down;
}

// What surrounds a mirror, with the folders in it that are yet to be mirrored.
class Around {
 public:
  explicit Around(const Surrounding& what) : what_(what) {}

  // Links to all in `from` but `name`; ways to what is named.
  Result<> fill(const fs::path& from, const fs::path& to,
                const fs::path& name) {
    TRY_ASSIGN(auto entries, entries_of(from));
    for (const fs::directory_entry& entry : entries) {
      if (entry.path().filename() != name) {
        TRY(add(entry, to / entry.path().filename()));
      }
    }
    return Ok{};
  }

  const std::vector<std::pair<fs::path, fs::path>>& waiting() const {
    return waiting_;
  }

 private:
  Result<> add(const fs::directory_entry& entry, const fs::path& to) {
    const fs::path& path = entry.path();
    bool leads =
        is_own(entry) && std::any_of(what_.named.begin(), what_.named.end(),
                                     [&](const fs::path& named) {
                                       return is_at_or_below(named, path);
                                     });
    if (!leads) {
      return link_to(path, to);
    }
    if (what_.named.contains(path)) {
      waiting_.emplace_back(path, to);
      return Ok{};
    }
    TRY(make_as(path, to));
    return fill(path, to, "");
  }

  const Surrounding& what_;
  std::vector<std::pair<fs::path, fs::path>> waiting_;
};

// How far up a path leads: 2 of `../a/../../b`.
std::size_t steps_up(const fs::path& path) {
  int depth = 0;
  int least = 0;
  for (const fs::path& part : path) {
    depth += part == ".." ? -1 : part == "." || part.empty() ? 0 : 1;
    least = std::min(least, depth);
  }
  return static_cast<std::size_t>(-least);
}

// The parts of a word that may be paths which lead up.
std::vector<fs::path> ways_up_in(const std::string& word) {
  std::vector<fs::path> out;
  for (std::size_t at = 0; at < word.size();) {
    std::size_t end = std::min(word.find_first_of(kBetween, at), word.size());
    fs::path path(word.substr(at, end - at));
    if (path.is_relative() && steps_up(path) > 0) {
      out.push_back(std::move(path));
    }
    at = end + 1;
  }
  return out;
}

}  // namespace

Surrounding surrounding_of(const fs::path& folder,
                           const std::vector<std::string>& command) {
  Surrounding out;
  for (const std::string& word : command) {
    for (const fs::path& way : ways_up_in(word)) {
      out.above = std::max(out.above, steps_up(way));
      fs::path meant = (folder / way).lexically_normal();
      std::error_code failed;
      bool named = meant.has_filename() && !fs::is_directory(meant, failed);
      fs::path inner =
          named || !meant.has_filename() ? meant.parent_path() : meant;
      if (!is_at_or_below(folder, inner) && !is_at_or_below(inner, folder)) {
        out.named.insert(std::move(inner));
      }
    }
  }
  return out;
}

Result<FolderMirror> mirror_folder(const fs::path& folder, const fs::path& into,
                                   const Surrounding& around) {
  std::vector<fs::path> down = folders_down_to(folder, around.above);
  FolderMirror made{into / "at", into / "at"};
  Around beside(around);
  for (std::size_t i = 0; i < down.size(); ++i) {
    made.path = i == 0 ? made.path : made.path / down[i].filename();
    TRY(make_as(down[i], made.path));
    if (i + 1 < down.size()) {
      TRY(beside.fill(down[i], made.path, down[i + 1].filename()));
    }
  }
  Mirror mirror(into);
  TRY(mirror.fill(folder, made.path));
  for (const auto& [from, to] : beside.waiting()) {
    TRY(mirror.add_folder(from, to));
  }
  return made;
}

}  // namespace faultrig
