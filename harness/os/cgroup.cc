// v1 and v2 behind one face, by hand: mkdir, write, read, rmdir. Children join
// by writing "0" themselves: a pid written by another process stalls for
// milliseconds on a kernel-wide lock when attaches are rare; one thread that
// moves itself through v1's `tasks` does not.
#include "harness/os/cgroup.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

#include "harness/base/text.h"
#include "harness/os/shim_cleanup.h"

namespace faultrig {

namespace {

constexpr int kKillMilliseconds = 5000;

// `key value` lines, as memory.events and memory.oom_control have them.
std::optional<std::int64_t> keyed_value(const std::string& text,
                                        const std::string& key) {
  for (std::string_view line : lines_of(text)) {
    if (line.starts_with(key + " ")) {
      return strtoll(std::string(line.substr(key.size() + 1)).c_str(), nullptr,
                     10);
    }
  }
  return std::nullopt;
}

Result<> write_value(const std::string& path, const std::string& value) {
  return write_file(AT_FDCWD, path, value);
}

std::optional<std::uint64_t> read_number(const std::string& path) {
  auto text = read_file(AT_FDCWD, path, 64);
  if (!text || text->empty() || text->front() < '0' || text->front() > '9') {
    return std::nullopt;
  }
  return strtoull(text->c_str(), nullptr, 10);
}

// The kernel rounds down to whole pages.
Result<> check_taken(const std::string& path, Bytes wanted) {
  auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  auto taken = read_number(path);
  if (!taken || *taken != wanted.count / page * page) {
    return Error{ErrorKind::system,
                 path + " did not take " + format_bytes(wanted) + ": it is " +
                     (taken ? format_bytes(Bytes{*taken}) : "unreadable"),
                 0};
  }
  return Ok{};
}

Result<> make_folder(const std::string& path) {
  if (mkdir(path.c_str(), 0755) != 0) {
    return system_error("make the cgroup " + path, errno);
  }
  return Ok{};
}

bool has_file(const std::string& path) {
  return access(path.c_str(), F_OK) == 0;
}

}  // namespace

Cgroup::Cgroup(Cgroup&& other) noexcept { *this = std::move(other); }

Cgroup& Cgroup::operator=(Cgroup&& other) noexcept {
  std::swap(name_, other.name_);
  std::swap(folders_, other.folders_);
  std::swap(joins_, other.joins_);
  std::swap(join_numbers_, other.join_numbers_);
  std::swap(memory_folder_, other.memory_folder_);
  std::swap(kill_folder_, other.kill_folder_);
  std::swap(memory_v2_, other.memory_v2_);
  std::swap(limited_, other.limited_);
  return *this;
}

Cgroup::~Cgroup() {
  joins_.clear();
  // The freezer's folder first: killing through it empties the others too.
  for (auto folder = folders_.rbegin(); folder != folders_.rend(); ++folder) {
    remove_cgroup(*folder);
  }
}

Result<Cgroup> Cgroup::make(const CgroupPlaces& places,
                            const std::string& name) {
  Cgroup group;
  group.name_ = name;
  auto add = [&](const std::string& place, bool v2) -> Result<> {
    std::string folder = place + "/" + name;
    TRY(make_folder(folder));
    group.folders_.push_back(folder);
    const char* file = v2 ? "/cgroup.procs" : "/tasks";
    TRY_ASSIGN(Fd join, open_file(AT_FDCWD, folder + file, O_WRONLY));
    group.join_numbers_.push_back(join.get());
    group.joins_.push_back(std::move(join));
    return Ok{};
  };
  if (!places.memory.empty()) {
    TRY(add(places.memory, places.memory_v2));
    group.memory_folder_ = 0;
    group.memory_v2_ = places.memory_v2;
  }
  if (!places.kill.empty()) {
    if (places.kill != places.memory) {
      TRY(add(places.kill, places.kill_v2));
    }
    group.kill_folder_ = static_cast<int>(group.folders_.size()) - 1;
  }
  return group;
}

std::string Cgroup::memory_path(const std::string& file) const {
  return folders_[static_cast<std::size_t>(memory_folder_)] + "/" + file;
}

Result<> Cgroup::limit_memory(Bytes max, Bytes swap, bool group) {
  if (!has_memory()) {
    return unsupported_error("needs a writable memory cgroup");
  }
  limited_ = true;
  if (memory_v2_) {
    std::string swap_file = memory_path("memory.swap.max");
    if (has_file(swap_file)) {
      TRY(write_value(swap_file, std::to_string(swap.count)));
    }
    TRY(write_value(memory_path("memory.oom.group"), group ? "1" : "0"));
    TRY(write_value(memory_path("memory.max"), std::to_string(max.count)));
    return check_taken(memory_path("memory.max"), max);
  }
  std::string both = memory_path("memory.memsw.limit_in_bytes");
  std::string limit = memory_path("memory.limit_in_bytes");
  TRY(write_value(limit, std::to_string(max.count)));
  // memsw counts memory and swap together and may not be below the limit.
  if (has_file(both)) {
    (void)write_value(both, std::to_string(max.count + swap.count));
  }
  return check_taken(limit, max);
}

Result<> Cgroup::lift_memory_limit() {
  if (!std::exchange(limited_, false)) {
    return Ok{};
  }
  if (memory_v2_) {
    TRY(write_value(memory_path("memory.oom.group"), "0"));
    return write_value(memory_path("memory.max"), "max");
  }
  std::string both = memory_path("memory.memsw.limit_in_bytes");
  if (has_file(both)) {
    (void)write_value(both, "-1");
  }
  return write_value(memory_path("memory.limit_in_bytes"), "-1");
}

Result<std::int64_t> Cgroup::oom_kills() const {
  if (!has_memory()) {
    return std::int64_t{0};
  }
  const char* file = memory_v2_ ? "memory.events" : "memory.oom_control";
  TRY_ASSIGN(std::string text, read_file(AT_FDCWD, memory_path(file)));
  auto kills = keyed_value(text, "oom_kill");
  if (!kills) {
    return unsupported_error(std::string(file) + " has no oom_kill");
  }
  return *kills;
}

std::optional<Bytes> Cgroup::peak() const {
  if (!has_memory()) {
    return std::nullopt;
  }
  auto peak = read_number(
      memory_path(memory_v2_ ? "memory.peak" : "memory.max_usage_in_bytes"));
  return peak ? std::optional(Bytes{*peak}) : std::nullopt;
}

Result<Fd> Cgroup::oom_event() const {
  if (!has_memory()) {
    return unsupported_error("needs a writable memory cgroup");
  }
  if (memory_v2_) {
    return open_file(AT_FDCWD, memory_path("memory.events"), O_RDONLY);
  }
  Fd event(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!event) {
    return system_error("make an eventfd", errno);
  }
  TRY_ASSIGN(Fd control,
             open_file(AT_FDCWD, memory_path("memory.oom_control"), O_RDONLY));
  TRY(write_value(
      memory_path("cgroup.event_control"),
      std::to_string(event.get()) + " " + std::to_string(control.get())));
  return event;
}

short Cgroup::oom_poll_events() const { return memory_v2_ ? POLLPRI : POLLIN; }

void Cgroup::rearm_oom_event(int event) const {
  char buffer[512];
  if (memory_v2_) {
    lseek(event, 0, SEEK_SET);
  }
  // The content does not matter: reading it is what rearms.
  while (read(event, buffer, sizeof buffer) > 8) {
  }
}

std::vector<int> Cgroup::members() const {
  if (kill_folder_ < 0) {
    return {};
  }
  return members_of(folders_[static_cast<std::size_t>(kill_folder_)]);
}

bool Cgroup::kill() const {
  bool empty = true;
  for (auto folder = folders_.rbegin(); folder != folders_.rend(); ++folder) {
    empty = kill_cgroup(*folder, kKillMilliseconds) && empty;
  }
  return empty;
}

void Cgroup::abandon() {
  joins_.clear();
  join_numbers_.clear();
  folders_.clear();
  memory_folder_ = -1;
  kill_folder_ = -1;
}

bool Cgroup::reset() {
  for (const std::string& folder : folders_) {
    if (!members_of(folder).empty()) {
      return false;
    }
  }
  if (!has_memory()) {
    return true;
  }
  // The counter of kills cannot be reset, and memory.peak of v2 only for
  // whoever resets it (Linux 6.12).
  auto kills = oom_kills();
  return kills && *kills == 0 && !memory_v2_ && lift_memory_limit() &&
         write_value(memory_path("memory.max_usage_in_bytes"), "0");
}

}  // namespace faultrig
