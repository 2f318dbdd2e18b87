// Many processes, one file: flock(2). The file is replaced by rename(2), so the
// lock may be on one that has just been replaced; then it is taken again.
#include "harness/os/shared_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <optional>

#include "harness/base/fd.h"
#include "harness/os/shim_processes.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

constexpr int kMostFolders = 10'000;
constexpr int kMostAncestors = 16;
constexpr std::size_t kLargestFile = std::size_t{256} << 20;
constexpr const char* kOwner = "run";
constexpr std::size_t kLongestOwner = 256;

Result<> lock(const Fd& file, const fs::path& path) {
  while (flock(file.get(), LOCK_EX) != 0) {
    if (errno != EINTR) {
      return system_error("lock " + path.string(), errno);
    }
  }
  return Ok{};
}

bool still_there(const Fd& file, const fs::path& path) {
  struct stat open_one {};
  struct stat named {};
  return fstat(file.get(), &open_one) == 0 && stat(path.c_str(), &named) == 0 &&
         open_one.st_ino == named.st_ino && open_one.st_dev == named.st_dev;
}

Result<Fd> open_locked(const fs::path& path) {
  for (;;) {
    TRY_ASSIGN(Fd file, open_file(AT_FDCWD, path.string(),
                                  O_RDWR | O_CREAT | O_NONBLOCK, 0666));
    struct stat status {};
    if (fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
      return usage_error(path.string() + ": not a regular file");
    }
    TRY(lock(file, path));
    if (still_there(file, path)) {
      return file;
    }
  }
}

Result<> write_all(const Fd& file, const fs::path& path,
                   std::string_view text) {
  while (!text.empty()) {
    ssize_t wrote = write(file.get(), text.data(), text.size());
    if (wrote < 0 && errno != EINTR) {
      return system_error("write " + path.string(), errno);
    }
    text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(wrote, 0)));
  }
  return Ok{};
}

std::string owner_of(const KeptFolder& folder) {
  auto text = read_regular_file(folder.by() / kOwner, kLongestOwner);
  return text ? *text : "";
}

// Only with the lock on the parent. False: another process of the run has it.
Result<bool> take_folder(const KeptFolder& folder, const std::string& run) {
  if (owner_of(folder) == run) {
    return false;
  }
  // Anew: never into what stands there by that name.
  if (unlinkat(folder.folder.get(), kOwner, 0) != 0 && errno != ENOENT) {
    return system_error("remove " + (folder.path / kOwner).string(), errno);
  }
  TRY_ASSIGN(Fd file, open_file(folder.folder.get(), kOwner,
                                O_WRONLY | O_CREAT | O_EXCL, 0666));
  TRY(write_all(file, folder.path / kOwner, run));
  return true;
}

bool is_go(int pid) {
  auto name = read_file(AT_FDCWD, "/proc/" + std::to_string(pid) + "/comm", 64);
  return name && *name == "go\n";
}

std::optional<int> go_above(int pid) {
  for (int hops = 0; hops < kMostAncestors && pid > 1; ++hops) {
    if (is_go(pid)) {
      return pid;
    }
    auto stat = stat_of(pid);
    pid = stat ? stat->ppid : 0;
  }
  return std::nullopt;
}

}  // namespace

Result<> change_file(
    const fs::path& path,
    const std::function<std::string(const std::string& old)>& change) {
  TRY_ASSIGN(Fd locked, open_locked(path));
  TRY_ASSIGN(std::string old, read_file(AT_FDCWD, path.string(), kLargestFile));
  fs::path fresh = path;
  fresh += ".new";
  std::error_code failed;
  fs::remove(fresh, failed);
  TRY_ASSIGN(Fd file, open_file(AT_FDCWD, fresh.string(),
                                O_WRONLY | O_CREAT | O_EXCL, 0666));
  Result<> written = write_all(file, fresh, change(old));
  if (written && rename(fresh.c_str(), path.c_str()) != 0) {
    written = system_error("rename " + fresh.string(), errno);
  }
  if (!written) {
    fs::remove(fresh, failed);
  }
  return written;
}

Result<KeptFolder> claim_folder(const fs::path& parent, const std::string& name,
                                const std::string& run) {
  TRY_ASSIGN(KeptFolder above, open_kept(parent));
  TRY(lock(above.folder, parent));
  for (int number = 1; number < kMostFolders; ++number) {
    TRY_ASSIGN(
        KeptFolder folder,
        open_below(above,
                   number == 1 ? name : name + "." + std::to_string(number)));
    TRY_ASSIGN(bool ours, take_folder(folder, run));
    if (ours) {
      return folder;
    }
  }
  return usage_error(parent.string() + ": too many folders named " + name);
}

RunOwner run_owner() {
  int owner = go_above(getppid()).value_or(getppid());
  auto stat = stat_of(owner);
  std::string folder = "/proc/" + std::to_string(owner) + "/cwd";
  std::error_code failed;
  RunOwner out;
  out.name =
      std::to_string(owner) + "-" + std::to_string(stat ? stat->start : 0);
  out.folder = is_go(owner) ? fs::read_symlink(folder, failed) : fs::path();
  if (out.folder.empty()) {
    out.folder = fs::current_path(failed);
  }
  return out;
}

}  // namespace faultrig
