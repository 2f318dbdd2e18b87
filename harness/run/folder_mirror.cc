// A service writes where it stands: what one run leaves there must not be met
// by the next. A whole copy of a folder of which most is never touched would
// cost more than the run.
#include "harness/run/folder_mirror.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

namespace faultrig {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostEntries = 1000;
constexpr std::uintmax_t kSmall = 1 << 20;
constexpr std::uintmax_t kMostBytes = 4 << 20;

Error failed_at(const fs::path& path, const std::error_code& failed) {
  return system_error("mirror " + path.string(), failed.value());
}

Result<std::vector<fs::directory_entry>> entries_of(const fs::path& folder) {
  std::error_code failed;
  std::vector<fs::directory_entry> out;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end;
       at.increment(failed)) {
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
      TRY(add(*inner, into));
    }
    return Ok{};
  }

 private:
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
      return Ok{};
    }
    return link_to(entry.path(), to);
  }

  bool leads_here(const fs::path& folder) const {
    std::error_code failed;
    fs::path way = place_.lexically_relative(fs::canonical(folder, failed));
    return !way.empty() && *way.begin() != "..";
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

Result<> link_all_but(const fs::path& name, const fs::path& from,
                      const fs::path& to) {
  TRY_ASSIGN(auto entries, entries_of(from));
  for (const fs::directory_entry& entry : entries) {
    if (entry.path().filename() != name) {
      TRY(link_to(entry.path(), to / entry.path().filename()));
    }
  }
  return Ok{};
}

}  // namespace

Result<fs::path> mirror_folder(const fs::path& folder, const fs::path& into,
                               std::size_t above) {
  std::vector<fs::path> down = folders_down_to(folder, above);
  fs::path made = into / "at";
  std::error_code failed;
  for (std::size_t i = 0; i < down.size(); ++i) {
    made = i == 0 ? made : made / down[i].filename();
    if (!fs::create_directory(made, failed)) {
      return failed_at(made, failed);
    }
    if (i + 1 == down.size()) {
      break;
    }
    TRY(link_all_but(down[i + 1].filename(), down[i], made));
  }
  TRY(Mirror(into).fill(folder, made));
  return made;
}

}  // namespace faultrig
