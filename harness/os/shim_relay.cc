// A pipe of ours for each open file that the child writes to. `go test` hands
// one pipe down as 1 and 2, so one of ours must serve both, or the order of
// lines would be lost; kcmp(2) tells one open file from two. A terminal is met
// with a pseudo-terminal that changes nothing (pty(7)): some tests ask isatty.
//
// Nothing here waits for a slow reader: the child's signals are forwarded by
// the same thread. Where the kernel cannot be asked to write only what goes at
// once, a pipe that polls writable takes PIPE_BUF bytes (pipe(7)).
#include "harness/os/shim_relay.h"

#include <fcntl.h>
#include <linux/kcmp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <utility>

namespace faultrig {

namespace {

constexpr std::size_t kChunk = std::size_t{64} * 1024;
constexpr std::size_t kMostRest = 1 << 20;

bool same_open_file(int one, int other) {
  struct stat first {};
  struct stat second {};
  if (fstat(one, &first) != 0 || fstat(other, &second) != 0 ||
      first.st_dev != second.st_dev || first.st_ino != second.st_ino) {
    return false;
  }
  if (!S_ISREG(first.st_mode)) {
    return true;  // one sink, however often it was opened
  }
  long order = syscall(SYS_kcmp, getpid(), getpid(), KCMP_FILE, one, other);
  return order == 0 ||
         (order < 0 && fcntl(one, F_GETFL) == fcntl(other, F_GETFL));
}

bool is_regular(int number) {
  struct stat status {};
  return fstat(number, &status) == 0 && S_ISREG(status.st_mode);
}

// A pseudo-terminal as large as the terminal at `like`, which does nothing to
// what is written: that terminal does.
Result<PipeEnds> make_terminal(int like) {
  Fd ours(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  char name[64] = {};
  if (!ours || grantpt(ours.get()) != 0 || unlockpt(ours.get()) != 0 ||
      ptsname_r(ours.get(), name, sizeof name) != 0) {
    return system_error("make a pseudo-terminal", errno);
  }
  Fd theirs(::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC));
  termios settings{};
  winsize size{};
  if (!theirs || tcgetattr(theirs.get(), &settings) != 0) {
    return system_error("open a pseudo-terminal", errno);
  }
  cfmakeraw(&settings);
  (void)tcsetattr(theirs.get(), TCSANOW, &settings);
  if (ioctl(like, TIOCGWINSZ, &size) == 0) {
    (void)ioctl(theirs.get(), TIOCSWINSZ, &size);
  }
  (void)fcntl(ours.get(), F_SETFL, O_NONBLOCK);
  return PipeEnds{std::move(ours), std::move(theirs)};
}

// The rest may be a pipe whose end somebody waits for.
void close_all_but(std::vector<int> kept) {
  std::sort(kept.begin(), kept.end());
  unsigned first = 0;
  for (int number : kept) {
    if (number < 0) {
      continue;
    }
    auto next = static_cast<unsigned>(number);
    if (next > first) {
      syscall(SYS_close_range, first, next - 1, 0U);
    }
    first = next + 1;
  }
  syscall(SYS_close_range, first, ~0U, 0U);
}

bool is_ready(int number) {
  pollfd wait{number, POLLOUT, 0};
  return poll(&wait, 1, 0) == 1 && (wait.revents & POLLOUT) != 0;
}

// Writes what goes without waiting; EAGAIN where nothing does. Pipes can be
// asked for that since Linux 6.4.
ssize_t write_now(int number, std::string_view bytes) {
  iovec piece{const_cast<char*>(bytes.data()), bytes.size()};
  ssize_t wrote = pwritev2(number, &piece, 1, -1, RWF_NOWAIT);
  if (wrote >= 0 || (errno != EOPNOTSUPP && errno != EINVAL &&
                     errno != ENOSYS && errno != ESPIPE)) {
    return wrote;
  }
  if (!is_ready(number)) {
    errno = EAGAIN;
    return -1;
  }
  return write(number, bytes.data(),
               std::min<std::size_t>(bytes.size(), PIPE_BUF));
}

}  // namespace

Result<Relay> Relay::open(Sink sink, int lowest) {
  Relay relay(std::move(sink), lowest);
  // Closed at exec, a number that is held is as closed for the child as it was
  // for us.
  hold_standard_numbers();
  bool has_out = !is_closed(STDOUT_FILENO);
  bool has_err = !is_closed(STDERR_FILENO);
  if (has_out) {
    TRY_ASSIGN(relay.out_, duplicate(STDOUT_FILENO, lowest));
  }
  if (has_err) {
    TRY_ASSIGN(relay.err_, duplicate(STDERR_FILENO, lowest));
  }
  bool both =
      has_out && has_err && same_open_file(STDOUT_FILENO, STDERR_FILENO);
  if (has_out) {
    TRY(relay.add_lane(Stream::out, both));
  }
  if (has_err && !both) {
    TRY(relay.add_lane(Stream::err, false));
  }
  return relay;
}

Result<> Relay::add_lane(Stream stream, bool both) {
  int number = target(stream).get();
  auto ends = isatty(number) != 0 ? make_terminal(number) : make_pipe(true);
  if (!ends) {
    return ends.error();
  }
  // Never 1 or 2: one of these may be closed, and stays so.
  TRY_ASSIGN(Fd read, duplicate(ends->read.get(), lowest_));
  TRY_ASSIGN(Fd write, duplicate(ends->write.get(), lowest_));
  lanes_.push_back({stream, std::move(read), std::move(write), "", 0,
                    is_regular(number), both});
  return Ok{};
}

const Fd& Relay::target(Stream stream) const {
  return stream == Stream::out ? out_ : err_;
}

void Relay::divert() {
  for (const Lane& lane : lanes_) {
    if (lane.stream == Stream::out) {
      dup2(lane.write.get(), STDOUT_FILENO);
    }
    if (lane.stream == Stream::err || lane.both) {
      dup2(lane.write.get(), STDERR_FILENO);
    }
  }
}

void Relay::restore() {
  if (out_) {
    dup2(out_.get(), STDOUT_FILENO);
  }
  if (err_) {
    dup2(err_.get(), STDERR_FILENO);
  }
  for (Lane& lane : lanes_) {
    lane.write.reset();
  }
}

void Relay::add_to(std::vector<pollfd>& waits) const {
  for (const Lane& lane : lanes_) {
    bool idle = lane.waiting.empty();
    // Asked for nothing, a pipe still tells that its reader has gone.
    waits.push_back({idle ? lane.read.get() : -1, POLLIN, 0});
    short wanted = static_cast<short>(idle ? 0 : POLLOUT);
    bool open = lane.read || !idle;
    waits.push_back({open ? target(lane.stream).get() : -1, wanted, 0});
  }
}

void Relay::take(const pollfd* waits) {
  for (Lane& lane : lanes_) {
    const pollfd& readable = *waits++;
    const pollfd& writable = *waits++;
    if ((writable.revents & POLLERR) != 0) {
      lane.read.reset();
      lane.waiting.clear();
      lane.passed = 0;
      continue;
    }
    if (readable.revents != 0) {
      fill(lane);
    }
    pass_on(lane);
  }
}

// False: nothing there, for now or for ever.
bool Relay::fill(Lane& lane) {
  static std::array<char, kChunk> buffer;  // NOLINT: one thread
  if (!lane.read) {
    return false;
  }
  ssize_t got = read(lane.read.get(), buffer.data(), buffer.size());
  if (got > 0) {
    std::string_view bytes(buffer.data(), static_cast<std::size_t>(got));
    lane.waiting += bytes;
    sink_(lane.stream, bytes);
    return true;
  }
  // A pseudo-terminal that nobody has open any more says EIO.
  if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
    lane.read.reset();
  }
  return false;
}

void Relay::pass_on(Lane& lane) {
  int number = target(lane.stream).get();
  while (!lane.waiting.empty()) {
    std::string_view rest = std::string_view(lane.waiting).substr(lane.passed);
    ssize_t wrote = lane.regular ? write(number, rest.data(), rest.size())
                                 : write_now(number, rest);
    if (wrote < 0 && (errno == EAGAIN || errno == EINTR)) {
      return;
    }
    lane.passed += static_cast<std::size_t>(std::max<ssize_t>(wrote, 0));
    if (wrote < 0 && errno == EPIPE) {
      // As the child would see it: its next write finds no reader.
      lane.read.reset();
    }
    if (wrote < 0 || lane.passed == lane.waiting.size()) {
      lane.waiting.clear();
      lane.passed = 0;
    }
  }
}

void Relay::take_rest() {
  for (Lane& lane : lanes_) {
    while (lane.waiting.size() < kMostRest && fill(lane)) {
    }
    pass_on(lane);
  }
}

bool Relay::flushed() const {
  return std::all_of(lanes_.begin(), lanes_.end(),
                     [](const Lane& lane) { return lane.waiting.empty(); });
}

int Relay::leave_behind() {
  bool done = std::all_of(lanes_.begin(), lanes_.end(), [](const Lane& lane) {
    return !lane.read && lane.waiting.empty();
  });
  int stays = done ? -1 : fork();
  if (stays == 0) {
    pass_on_to_the_end();
  }
  lanes_.clear();
  return std::max(stays, 0);
}

void Relay::pass_on_to_the_end() {
  std::vector<int> ours{out_.get(), err_.get()};
  for (const Lane& lane : lanes_) {
    ours.push_back(lane.read.get());
  }
  close_all_but(ours);
  // Nothing of a witness is left in here that others may not have.
  prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
  sink_ = [](Stream, std::string_view) {};
  for (;;) {
    std::vector<pollfd> waits;
    add_to(waits);
    bool open = std::any_of(waits.begin(), waits.end(),
                            [](const pollfd& wait) { return wait.fd >= 0; });
    if (!open) {
      _exit(0);
    }
    if (poll(waits.data(), waits.size(), -1) > 0) {
      take(waits.data());
    }
  }
}

}  // namespace faultrig
