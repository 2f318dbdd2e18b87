// Each row is the ERRORS section of the call's page in section 2 of the manual,
// without what only a wrong argument gives (EBADF, EFAULT, EINVAL, ENOTDIR).
#include "harness/model/call_errors.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace faultrig {

namespace {

using Stake = CallStake;

constexpr std::array<CallErrors, 76> kTable{
    {{"fsync", Stake::data, {EIO, ENOSPC, EDQUOT}},
     {"fdatasync", Stake::data, {EIO, ENOSPC, EDQUOT}},
     {"sync_file_range", Stake::data, {EIO, ENOSPC}},
     {"syncfs", Stake::data, {EIO, ENOSPC, EDQUOT}},
     {"msync", Stake::data, {EIO}},
     {"write", Stake::data, {ENOSPC, EIO, EDQUOT, EFBIG}},
     {"pwrite64", Stake::data, {ENOSPC, EIO, EDQUOT, EFBIG}},
     {"writev", Stake::data, {ENOSPC, EIO, EDQUOT, EFBIG}},
     {"pwritev", Stake::data, {ENOSPC, EIO, EDQUOT, EFBIG}},
     {"pwritev2", Stake::data, {ENOSPC, EIO, EDQUOT, EFBIG}},
     {"copy_file_range", Stake::data, {EIO, ENOSPC}},
     {"sendfile", Stake::data, {EIO, ENOMEM}},
     {"splice", Stake::data, {ENOMEM}},
     {"fallocate", Stake::data, {ENOSPC, EIO, EFBIG}},
     {"ftruncate", Stake::data, {EIO, ENOSPC, EFBIG}},
     {"truncate", Stake::data, {EIO, EFBIG}},
     {"rename", Stake::data, {EIO, ENOSPC, EACCES}},
     {"renameat", Stake::data, {EIO, ENOSPC, EACCES}},
     {"renameat2", Stake::data, {EIO, ENOSPC, EACCES}},
     {"link", Stake::state, {EIO, ENOSPC, EMLINK}},
     {"linkat", Stake::state, {EIO, ENOSPC, EMLINK}},
     {"symlink", Stake::state, {EIO, ENOSPC}},
     {"symlinkat", Stake::state, {EIO, ENOSPC}},
     {"unlink", Stake::state, {EIO, EACCES, EBUSY}},
     {"unlinkat", Stake::state, {EIO, EACCES, EBUSY}},
     {"mkdir", Stake::state, {ENOSPC, EACCES, EROFS}},
     {"mkdirat", Stake::state, {ENOSPC, EACCES, EROFS}},
     {"rmdir", Stake::state, {EIO, EACCES, EBUSY}},
     {"open", Stake::state, {EIO, EMFILE, ENOSPC, EACCES}},
     {"openat", Stake::state, {EIO, EMFILE, ENOSPC, EACCES}},
     {"openat2", Stake::state, {EIO, EMFILE, ENOSPC, EACCES}},
     {"creat", Stake::state, {EIO, EMFILE, ENOSPC, EACCES}},
     {"read", Stake::state, {EIO, ECONNRESET}},
     {"pread64", Stake::state, {EIO}},
     {"readv", Stake::state, {EIO}},
     {"preadv", Stake::state, {EIO}},
     {"preadv2", Stake::state, {EIO}},
     {"lseek", Stake::state, {EIO}},
     {"flock", Stake::state, {ENOLCK, EWOULDBLOCK}},
     {"chmod", Stake::state, {EIO, EPERM}},
     {"fchmod", Stake::state, {EIO, EPERM}},
     {"fchmodat", Stake::state, {EIO, EPERM}},
     {"chown", Stake::state, {EIO, EPERM}},
     {"fchown", Stake::state, {EIO, EPERM}},
     {"fchownat", Stake::state, {EIO, EPERM}},
     {"lchown", Stake::state, {EIO, EPERM}},
     {"utimensat", Stake::state, {EIO, EPERM}},
     {"socket", Stake::state, {EMFILE, ENOBUFS}},
     {"socketpair", Stake::state, {EMFILE}},
     {"bind", Stake::state, {EADDRINUSE, EACCES}},
     {"listen", Stake::state, {EADDRINUSE}},
     {"connect", Stake::state, {ECONNREFUSED, ETIMEDOUT, ENETUNREACH}},
     {"accept", Stake::state, {EMFILE, ECONNABORTED}},
     {"accept4", Stake::state, {EMFILE, ECONNABORTED}},
     {"sendto", Stake::state, {ECONNRESET, EPIPE, ENOBUFS}},
     {"sendmsg", Stake::state, {ECONNRESET, EPIPE, ENOBUFS}},
     {"recvfrom", Stake::state, {ECONNRESET}},
     {"recvmsg", Stake::state, {ECONNRESET}},
     {"pipe2", Stake::state, {EMFILE}},
     {"dup3", Stake::state, {EMFILE}},
     {"inotify_init1", Stake::state, {EMFILE}},
     {"inotify_add_watch", Stake::state, {ENOSPC}},
     {"memfd_create", Stake::state, {EMFILE}},
     {"getdents64", Stake::look, {EIO}},
     {"stat", Stake::look, {EIO, EACCES}},
     {"lstat", Stake::look, {EIO, EACCES}},
     {"fstat", Stake::look, {EIO}},
     {"newfstatat", Stake::look, {EIO, EACCES}},
     {"statx", Stake::look, {EIO, EACCES}},
     {"readlink", Stake::look, {EIO, EACCES}},
     {"readlinkat", Stake::look, {EIO, EACCES}},
     {"access", Stake::look, {EIO, EACCES}},
     {"faccessat", Stake::look, {EIO, EACCES}},
     {"faccessat2", Stake::look, {EIO, EACCES}},
     {"statfs", Stake::look, {EIO}},
     {"fstatfs", Stake::look, {EIO}}}};

// Not swept unless it is asked for.
constexpr CallErrors kClose{"close", Stake::state, {EIO, ENOSPC, EDQUOT}};

// SQLite has them of its own (sqlite3_errstr()), and other databases.
struct OwnWords {
  int error;
  std::string_view words;
};
constexpr std::array<OwnWords, 3> kOwnWords{
    {{EIO, "i/o error"}, {ENOSPC, "disk is full"}, {ENOSPC, "disk full"}}};

}  // namespace

std::span<const CallErrors> swept_calls() { return kTable; }

const CallErrors* errors_of_call(std::string_view call) {
  if (is_close(call)) {
    return &kClose;
  }
  auto found =
      std::find_if(kTable.begin(), kTable.end(),
                   [call](const CallErrors& row) { return row.call == call; });
  return found == kTable.end() ? nullptr : &*found;
}

bool is_close(std::string_view call) { return call == "close"; }

std::string in_small_letters(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32)
                                          : letter;
  });
  return out;
}

std::vector<std::string> error_words(int error) {
  char buffer[128];
  std::vector<std::string> words{
      in_small_letters(strerror_r(error, buffer, sizeof buffer))};
  for (const OwnWords& own : kOwnWords) {
    if (own.error == error) {
      words.emplace_back(own.words);
    }
  }
  return words;
}

}  // namespace faultrig
