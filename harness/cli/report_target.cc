// A report is written beside its name and renamed over it (rename(2)): a reader
// finds the old one or the new one, and a full disk or a SIGKILL costs the new
// one alone.
#include "harness/cli/report_target.h"

#include <fcntl.h>
#include <stdio_ext.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <thread>

#include "harness/base/fd.h"
#include "harness/base/text.h"
#include "harness/cli/named_file.h"
#include "harness/report/report.h"

namespace faultrig {

namespace fs = std::filesystem;

namespace {

// Of a report that is read again.
constexpr std::size_t kMostRead = std::size_t{1} << 30;
// More than any line of a report that grows: each is one write(2).
constexpr std::size_t kLongestLine = std::size_t{1} << 20;
constexpr int kMostLinks = 40;  // path_resolution(7)
// A FIFO gets a reader within 2 s, or the report is not written.
constexpr int kReaderTries = 40;
constexpr std::chrono::milliseconds kReaderPause{50};

Error cannot_write(const std::string& path, int os_errno) {
  return Error{ErrorKind::system,
               system_error("write the report " + path, os_errno).what,
               os_errno};
}

// Opening a FIFO waits for a reader (fifo(7)), which may never come: without
// O_NONBLOCK no signal would end us. Gives a null file and errno.
OpenFile open_file(const fs::path& path, const char* mode) {
  std::error_code failed;
  if (!fs::is_fifo(path, failed)) {
    return OpenFile(std::fopen(path.c_str(), mode));
  }
  int fd = -1;
  for (int i = 0; fd < 0 && i < kReaderTries; ++i) {
    fd = open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 && errno != ENXIO) {
      return nullptr;
    }
    if (fd < 0) {
      std::this_thread::sleep_for(kReaderPause);
    }
  }
  if (fd < 0) {
    errno = ENXIO;
    return nullptr;
  }
  fcntl(fd, F_SETFL, 0);
  return OpenFile(fdopen(fd, "w"));
}

// Gives an errno, or 0.
int write_to(const fs::path& path, const char* mode, const std::string& text) {
  errno = 0;
  OpenFile file = open_file(path, mode);
  bool written = file && std::fwrite(text.data(), 1, text.size(), file.get()) ==
                             text.size();
  // What the disk did not take may show as late as here.
  if (written && std::fclose(file.release()) == 0) {
    return 0;
  }
  return errno == 0 ? EIO : errno;
}

// A folder may be closed to us, or the file a mount point.
bool is_refusal(int os_errno) {
  return os_errno == EACCES || os_errno == EPERM || os_errno == EROFS ||
         os_errno == EBUSY;
}

fs::path name_beside(const fs::path& target) {
  fs::path fresh = target;
  fresh += "." + std::to_string(getpid()) + ".new";
  return fresh;
}

// Of what target_of() gives: a link that leads to no file, however far.
bool is_loop(const fs::path& target) {
  std::error_code failed;
  return fs::is_symlink(target, failed);
}

// Gives an errno, or 0.
int replace(const fs::path& target, const std::string& text) {
  if (is_loop(target)) {
    return ELOOP;
  }
  fs::path fresh = name_beside(target);
  std::error_code failed;
  int trouble = write_to(fresh, "we", text);
  if (trouble == 0) {
    fs::file_status old = fs::status(target, failed);
    if (fs::exists(old)) {
      fs::permissions(fresh, old.permissions(), failed);
    }
    fs::rename(fresh, target, failed);
    trouble = failed.value();
  }
  if (trouble != 0) {
    std::error_code ignored;  // it may never have been made
    fs::remove(fresh, ignored);
  }
  return trouble;
}

bool is_beside(const ReportTarget& target) {
  const ReportType* type = find_report(target.format);
  return type != nullptr && type->place == ReportType::Place::beside;
}

// By no name, or by one that leads to it: /dev/stdout, links to that.
bool is_stdout(const std::string& file) {
  std::error_code failed;
  fs::path name = file.empty() ? fs::path() : fs::absolute(file, failed);
  for (int i = 0; i < kMostLinks && !name.empty(); ++i) {
    if (name == "/proc/self/fd/1" || name == "/dev/fd/1") {
      return true;
    }
    name = fs::is_symlink(name, failed)
               ? name.parent_path() / fs::read_symlink(name, failed)
               : fs::path();
  }
  return file.empty();
}

bool takes_stdout(const ReportTarget& target) {
  return is_stdout(target.file) && !is_beside(target);
}

bool is_document(const ReportTarget& target) {
  const ReportType* type = find_report(target.format);
  return type != nullptr && is_stdout(target.file) &&
         (type->place == ReportType::Place::alone ||
          type->place == ReportType::Place::live);
}

// What goes with the text, beside what is no text.
bool is_mixed(const ReportTarget& a, const ReportTarget& b) {
  return is_beside(a) && is_stdout(a.file) &&
         (is_document(b) || (is_beside(b) && is_stdout(b.file)));
}

// The file that a name leads to, which need not be there: a link would be lost
// where it were replaced.
fs::path target_of(const fs::path& path) {
  std::error_code failed;
  fs::path target = fs::absolute(path, failed);
  for (int i = 0; i < kMostLinks && fs::is_symlink(target, failed); ++i) {
    target = target.parent_path() / fs::read_symlink(target, failed);
  }
  fs::path whole = fs::weakly_canonical(target, failed);
  return failed ? target : whole;
}

bool is_one_file(const ReportTarget& a, const ReportTarget& b) {
  if (a.file.empty() || b.file.empty() || is_written_in_place(a.file)) {
    return false;
  }
  std::error_code failed;
  return target_of(a.file) == target_of(b.file) ||
         fs::equivalent(a.file, b.file, failed);
}

// As for /dev/fd/9, where no file can be made: nobody has it open.
bool is_in_proc(const fs::path& path) {
  std::error_code failed;
  return fs::weakly_canonical(path.parent_path(), failed)
      .string()
      .starts_with("/proc");
}

// Of what is_written_in_place(): an errno, or 0. Opened it may be taken for
// written by whoever reads it.
int why_not_in_place(const fs::path& path) {
  std::error_code failed;
  if (fs::exists(path, failed)) {
    return access(path.c_str(), W_OK) == 0 ? 0 : errno;
  }
  fs::path folder = path.parent_path();
  return is_in_proc(path)                    ? ENOENT
         : access(folder.c_str(), W_OK) == 0 ? 0
                                             : errno;
}

// Gives an errno, or 0; nothing is left of the try.
int why_not_written(const std::string& file) {
  std::error_code failed;
  if (file.empty()) {
    return 0;
  }
  if (fs::is_directory(file, failed)) {
    return EISDIR;
  }
  if (is_written_in_place(file)) {
    return why_not_in_place(file);
  }
  fs::path place = target_of(file);
  fs::path fresh = name_beside(place);
  int trouble = is_loop(place) ? ELOOP : write_to(fresh, "we", "");
  fs::remove(fresh, failed);
  return is_refusal(trouble) && fs::exists(file, failed)
             ? write_to(file, "ae", "")
             : trouble;
}

}  // namespace

Result<> spare(const std::string& what, const std::vector<fs::path>& files,
               const std::vector<ReportTarget>& targets) {
  for (const ReportTarget& target : targets) {
    for (const fs::path& file : files) {
      std::error_code failed;
      if (!target.file.empty() && fs::equivalent(file, target.file, failed)) {
        return usage_error(target.file + " would write over " + what);
      }
    }
  }
  return Ok{};
}

// /dev/stdout is a link to what may be a file: replacing that would take it
// from everybody who has it open.
bool is_written_in_place(const std::string& path) {
  std::error_code failed;
  fs::file_status status = fs::status(path, failed);
  bool there = fs::exists(status);
  return (there && !fs::is_regular_file(status)) || path.starts_with("/dev/") ||
         path.starts_with("/proc/");
}

std::vector<ReportTarget> with_text(const std::vector<ReportTarget>& targets) {
  std::vector<ReportTarget> out = targets;
  if (std::none_of(targets.begin(), targets.end(), takes_stdout)) {
    out.insert(out.begin(), {std::string(report_types().front().name), ""});
  }
  return out;
}

std::string clash_of(const std::vector<ReportTarget>& targets) {
  for (std::size_t i = 0; i < targets.size(); ++i) {
    for (std::size_t j = i + 1; j < targets.size(); ++j) {
      if ((takes_stdout(targets[i]) && takes_stdout(targets[j])) ||
          is_mixed(targets[i], targets[j]) ||
          is_mixed(targets[j], targets[i])) {
        return "two reports go to stdout: give one of them a file, --report " +
               targets[j].format + ":FILE";
      }
      if (is_one_file(targets[i], targets[j])) {
        return "two reports go to one file: " + for_one_line(targets[j].file);
      }
    }
  }
  return "";
}

Result<> write_text(const std::string& path, const std::string& text) {
  int trouble = 0;
  if (is_written_in_place(path)) {
    trouble = write_to(path, "we", text);
  } else {
    std::error_code failed;
    fs::path target = target_of(path);
    trouble = replace(target, text);
    if (is_refusal(trouble) && fs::exists(target, failed)) {
      trouble = write_to(target, "we", text);
    }
  }
  return trouble == 0 ? Result<>(Ok{}) : cannot_write(path, trouble);
}

Result<> can_write(const std::vector<ReportTarget>& targets) {
  for (const ReportTarget& target : targets) {
    if (int trouble = why_not_written(target.file); trouble != 0) {
      return cannot_write(target.file, trouble);
    }
  }
  return Ok{};
}

Result<KeptReport> read_report(const std::string& file) {
  TRY_ASSIGN(std::string text, read_named(file, kMostRead));
  return parse_report(text, file);
}

Result<> append_text(const std::string& path, const std::string& text) {
  int trouble = write_to(path, "ae", text);
  return trouble == 0 ? Result<>(Ok{}) : cannot_write(path, trouble);
}

Result<OpenFile> open_live(const std::string& path) {
  OpenFile file = open_file(path, "we");
  if (!file) {
    return cannot_write(path, errno);
  }
  if (std::setvbuf(file.get(), nullptr, _IOFBF, kLongestLine) != 0) {
    return cannot_write(path, ENOMEM);
  }
  return file;
}

bool is_removed(const OpenFile& file) {
  std::error_code failed;
  std::string name = "/proc/self/fd/" + std::to_string(fileno(file.get()));
  return fs::hard_link_count(name, failed) == 0 && !failed;
}

Result<> add_live(const OpenFile& file, const std::string& path,
                  const std::string& text) {
  int descriptor = fileno(file.get());
  off_t whole = lseek(descriptor, 0, SEEK_END);
  errno = 0;
  bool added =
      std::fwrite(text.data(), 1, text.size(), file.get()) == text.size() &&
      std::fflush(file.get()) == 0;
  if (added) {
    return Ok{};
  }
  Error trouble = cannot_write(path, errno == 0 ? EIO : errno);
  // What a full disk took of it is no line: its readers get whole ones. What is
  // no file, such as a pipe, cannot be taken back.
  __fpurge(file.get());
  (void)!ftruncate(descriptor, whole);
  (void)lseek(descriptor, 0, SEEK_END);
  return trouble;
}

}  // namespace faultrig
