#include "harness/base/fd.h"

#include <fcntl.h>
#include <unistd.h>

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

Result<std::string> read_file(int directory, const std::string& path,
                              std::size_t limit) {
  TRY_ASSIGN(Fd file, open_file(directory, path, O_RDONLY));
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
  if (text.size() > limit) {
    text.resize(limit);
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
