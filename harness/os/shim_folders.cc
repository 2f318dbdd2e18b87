// A workload has the run of its work folder, often as root: it can bind a
// folder of the machine there, move ours away and put another or a link in its
// place, take permissions away, nest folders deeper than paths and descriptors
// reach. So removal goes by descriptor, one name at a time (openat(2),
// unlinkat(2)), looks at the mount of each folder before it reads it, and takes
// only what has our mark.
#include "harness/os/shim_folders.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>

#include "harness/base/fd.h"
#include "harness/os/shim_mounts.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

// What lies deeper is moved to the top and removed from there: each level
// costs a descriptor.
constexpr int kDeepest = 32;
constexpr std::size_t kNamesAtOnce = 4096;

// A few at a time: a folder can have millions.
std::vector<std::string> names_in(int folder) {
  std::vector<std::string> names;
  auto copy = open_file(folder, ".", O_RDONLY | O_DIRECTORY);
  DIR* stream = copy ? fdopendir(copy->get()) : nullptr;
  if (stream == nullptr) {
    return names;
  }
  (void)copy->release();
  const dirent* entry = nullptr;
  while (names.size() < kNamesAtOnce &&
         (entry = readdir(stream)) != nullptr) {  // NOLINT: the stream is ours
    std::string name = entry->d_name;
    if (name != "." && name != "..") {
      names.push_back(std::move(name));
    }
  }
  closedir(stream);
  return names;
}

class Removal {
 public:
  explicit Removal(int above) : mount_(mount_of(above)) {}

  // A descriptor to read `name` in `folder` by, if that is a folder on our
  // mount; what a workload has taken from its permissions is given back.
  Fd enter(int folder, const std::string& name) {
    Fd found(openat(folder, name.c_str(),
                    O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    struct stat status {};
    if (!found || !mount_ || mount_of(found.get()) != mount_ ||
        fstat(found.get(), &status) != 0) {
      fail(name, found ? EXDEV : errno);
      return Fd();
    }
    if ((status.st_mode & S_IRWXU) != S_IRWXU) {
      std::string path = "/proc/self/fd/" + std::to_string(found.get());
      (void)chmod(path.c_str(), (status.st_mode & 07777) | S_IRWXU);
    }
    Fd readable(openat(found.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!readable) {
      fail(name, errno);
    }
    return readable;
  }

  // Until only the mark is left in it.
  void empty_top(int top) {
    top_ = top;
    do {
      removed_ = 0;
      why_.clear();
      empty(top, 0);
    } while (removed_ > 0);
  }

  // Why something was left, the first of it.
  const std::string& why() const { return why_; }

 private:
  void empty(int folder, int depth) {
    std::size_t before = 0;
    do {
      before = removed_;
      for (const std::string& name : names_in(folder)) {
        if (depth > 0 || name != kOwnMark) {
          remove(folder, name, depth);
        }
      }
    } while (removed_ > before);
  }

  void remove(int folder, const std::string& name, int depth) {
    if (unlinkat(folder, name.c_str(), 0) == 0) {
      ++removed_;
      return;
    }
    if (errno != EISDIR) {
      fail(name, errno);
      return;
    }
    Fd inner = enter(folder, name);
    if (!inner) {
      return;
    }
    if (depth >= kDeepest) {
      lift(folder, name);
      return;
    }
    empty(inner.get(), depth + 1);
    if (unlinkat(folder, name.c_str(), AT_REMOVEDIR) == 0) {
      ++removed_;
    } else if (errno != ENOTEMPTY) {
      fail(name, errno);
    }
  }

  void lift(int folder, const std::string& name) {
    std::string fresh = "lifted-" + std::to_string(lifted_++);
    if (renameat2(folder, name.c_str(), top_, fresh.c_str(),
                  RENAME_NOREPLACE) == 0 ||
        errno == EEXIST) {
      ++removed_;  // from here
    } else {
      fail(name, errno);
    }
  }

  void fail(const std::string& name, int os_errno) {
    if (why_.empty()) {
      why_ = name + ": " + strerrordesc_np(os_errno);
    }
  }

  std::optional<std::uint64_t> mount_;
  int top_ = -1;
  std::size_t removed_ = 0;
  int lifted_ = 0;
  std::string why_;
};

// What a folder without our mark is: empty, so that nothing is lost with it
// (whoever made it was killed before the mark), or not ours.
std::string remove_unmarked(int above, const std::string& name) {
  if (unlinkat(above, name.c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT) {
    return "";
  }
  return errno == ENOTEMPTY || errno == EEXIST
             ? "another folder has taken its place"
             : strerrordesc_np(errno);
}

enum class Mark { needed, none };

std::string remove_found(int above, const std::string& name, Mark mark) {
  Removal removal(above);
  Fd folder = removal.enter(above, name);
  struct stat status {};
  if (!folder) {
    return removal.why();
  }
  if (mark == Mark::needed &&
      fstatat(folder.get(), kOwnMark, &status, AT_SYMLINK_NOFOLLOW) != 0) {
    return remove_unmarked(above, name);
  }
  removal.empty_top(folder.get());
  if (!removal.why().empty()) {
    return removal.why();
  }
  // As the last: what is interrupted here is ours at the next start, too.
  (void)unlinkat(folder.get(), kOwnMark, 0);
  return remove_unmarked(above, name);
}

FolderEnd remove(const std::string& path, Mark mark) {
  FolderEnd end;
  MountsFound found = take_off_mounts(path);
  end.mounts = std::move(found.taken_off);
  fs::path given(path);
  std::string name = given.filename().string();
  Fd above(open(given.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  struct stat status {};
  if (!above || fstatat(above.get(), name.c_str(), &status,
                        AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) != 0) {
    end.why = errno == ENOENT ? "" : strerrordesc_np(errno);
  } else if (S_ISLNK(status.st_mode)) {
    end.why = unlinkat(above.get(), name.c_str(), 0) == 0
                  ? ""
                  : strerrordesc_np(errno);
  } else if (!S_ISDIR(status.st_mode)) {
    end.why = "something else has taken its place";
  } else {
    end.why = remove_found(above.get(), name, mark);
  }
  if (!end.gone() && !found.kept.empty()) {
    end.why = "cannot take off the mount " + found.kept.front().point + ": " +
              found.kept.front().why;
  }
  return end;
}

}  // namespace

Result<> make_own_folder(const std::string& path) {
  if (mkdir(path.c_str(), S_IRWXU) != 0 || chmod(path.c_str(), S_IRWXU) != 0) {
    return system_error("make the folder " + path, errno);
  }
  auto mark = open_file(AT_FDCWD, path + "/" + kOwnMark,
                        O_WRONLY | O_CREAT | O_EXCL, S_IRUSR | S_IWUSR);
  if (!mark) {
    (void)rmdir(path.c_str());
    return mark.error();
  }
  return Ok{};
}

FolderEnd remove_folder(const std::string& path) {
  return remove(path, Mark::needed);
}

FolderEnd remove_unmarked_folder(const std::string& path) {
  return remove(path, Mark::none);
}

}  // namespace faultrig
