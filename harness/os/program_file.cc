#include "harness/os/program_file.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <limits>
#include <string>

#include "harness/os/proc_path.h"

namespace faultrig {

namespace {

std::int64_t nanoseconds_of(const timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

Result<ProgramFile> program_file_of(int pid) {
  struct stat seen {};
  if (stat(proc_path(pid, "exe").c_str(), &seen) != 0) {
    return system_error("look at the program of process " + std::to_string(pid),
                        errno);
  }
  return ProgramFile{seen.st_dev, seen.st_ino, nanoseconds_of(seen.st_mtim),
                     nanoseconds_of(seen.st_ctim),
                     static_cast<std::uint64_t>(seen.st_size)};
}

Result<Fd> open_program_of(int pid) {
  return open_file(AT_FDCWD, proc_path(pid, "exe"), O_RDONLY);
}

bool is_removed(const Fd& file) {
  struct stat seen {};
  return fstat(file.get(), &seen) != 0 || seen.st_nlink == 0;
}

Result<std::uint64_t> auxiliary_value(int pid, std::uint64_t type) {
  TRY_ASSIGN(std::string all,
             read_file(AT_FDCWD, proc_path(pid, "auxv"), 4096));
  Elf64_auxv_t one{};
  for (std::size_t at = 0; at + sizeof one <= all.size(); at += sizeof one) {
    std::memcpy(&one, all.data() + at, sizeof one);
    if (one.a_type == type) {
      return one.a_un.a_val;
    }
  }
  return std::uint64_t{0};
}

Result<std::uint64_t> entry_of(int pid) {
  TRY_ASSIGN(std::uint64_t entry, auxiliary_value(pid, AT_ENTRY));
  if (entry == 0) {
    return system_error("find where process " + std::to_string(pid) + " began",
                        ENOENT);
  }
  return entry;
}

std::size_t read_some(const Fd& file, std::uint64_t offset, char* out,
                      std::size_t size) {
  if (offset > static_cast<std::uint64_t>(std::numeric_limits<off_t>::max())) {
    return 0;
  }
  std::size_t had = 0;
  while (had < size) {
    ssize_t got = pread(file.get(), out + had, size - had,
                        static_cast<off_t>(offset + had));
    if (got <= 0) {
      break;
    }
    had += static_cast<std::size_t>(got);
  }
  return had;
}

}  // namespace faultrig
