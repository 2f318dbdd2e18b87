#include "harness/base/fd.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace faultrig {

Fd& Fd::operator=(Fd&& other) noexcept {
  if (this != &other) {
    reset();
    number_ = std::exchange(other.number_, -1);
  }
  return *this;
}

// close(2) is not repeated after EINTR: Linux has freed the number already.
void Fd::reset() {
  if (number_ >= 0) {
    close(std::exchange(number_, -1));
  }
}

void hold_standard_numbers() {
  for (int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(number, F_GETFD) < 0) {
      Fd held(open("/", O_PATH | O_CLOEXEC));  // the lowest that is free
      if (held.get() == number) {
        (void)held.release();
      }
    }
  }
}

bool is_closed(int number) {
  int flags = fcntl(number, F_GETFL);
  return flags < 0 || (flags & O_PATH) != 0;
}

Result<PipeEnds> make_pipe(bool read_nonblocking) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    return system_error("make a pipe", errno);
  }
  PipeEnds pipe{Fd(ends[0]), Fd(ends[1])};
  if (read_nonblocking && fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) {
    return system_error("make a pipe non-blocking", errno);
  }
  return pipe;
}

Result<Fd> open_file(int directory, const std::string& path, int flags,
                     unsigned mode) {
  int number = openat(directory, path.c_str(), flags | O_CLOEXEC, mode);
  if (number < 0) {
    return system_error("open " + path, errno);
  }
  return Fd(number);
}

Result<Fd> duplicate(int number, int lowest) {
  int copy = fcntl(number, F_DUPFD_CLOEXEC, lowest);
  if (copy < 0) {
    return system_error("duplicate a descriptor", errno);
  }
  return Fd(copy);
}

namespace {

Result<std::string> read_all(const Fd& file, const std::string& path,
                             std::size_t limit) {
  std::string text;
  char buffer[16384];
  while (text.size() < limit) {
    ssize_t got = read(file.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return system_error("read " + path, errno);
    }
    if (got == 0) {
      break;
    }
    text.append(buffer, static_cast<std::size_t>(got));
  }
  return text;
}

}  // namespace

Result<std::string> read_file(int directory, const std::string& path,
                              std::size_t limit) {
  TRY_ASSIGN(Fd file, open_file(directory, path, O_RDONLY));
  TRY_ASSIGN(std::string text, read_all(file, path, limit));
  text.resize(std::min(text.size(), limit));
  return text;
}

Result<std::string> read_start_of_file(const std::string& path,
                                       std::size_t limit) {
  auto file =
      open_file(AT_FDCWD, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  if (!file) {
    return file.error().os_errno == ELOOP
               ? usage_error(path + ": a link, which is not followed")
               : file.error();
  }
  struct stat status {};
  if (fstat(file->get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return usage_error(path + ": not a regular file");
  }
  TRY_ASSIGN(std::string text, read_all(*file, path, limit));
  text.resize(std::min(text.size(), limit));
  return text;
}

Result<std::string> read_regular_file(const std::string& path,
                                      std::size_t limit) {
  TRY_ASSIGN(std::string text, read_start_of_file(path, limit + 1));
  if (text.size() > limit) {
    return usage_error(path + ": over " + std::to_string(limit >> 20) + " MiB");
  }
  return text;
}

Result<> write_file(int directory, const std::string& path,
                    const std::string& text) {
  TRY_ASSIGN(Fd file, open_file(directory, path, O_WRONLY));
  ssize_t written = write(file.get(), text.data(), text.size());
  if (written < 0) {
    return system_error("write " + path, errno);
  }
  if (static_cast<std::size_t>(written) != text.size()) {
    return system_error("write " + path + " whole", EIO);
  }
  return Ok{};
}

}  // namespace faultrig
