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
#include <filesystem>
#include <utility>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/os/cgroup_files.h"
#include "harness/os/cgroup_limits.h"
#include "harness/os/shim_cleanup.h"

namespace faultrig {

namespace {

constexpr int kKillMilliseconds = 5000;

Result<> write_value(const std::string& path, const std::string& value) {
  return write_file(AT_FDCWD, path, value);
}

bool has_file(const std::string& path) {
  return access(path.c_str(), F_OK) == 0;
}

// A limit reads as a number, or as `max` on v2.
Result<Bytes> read_limit(const std::string& path) {
  TRY_ASSIGN(std::string text, read_file(AT_FDCWD, path, 64));
  return text.starts_with("max") ? Bytes{UINT64_MAX}
                                 : Bytes{number_in(path).value_or(0)};
}

Bytes whole_pages(Bytes size) {
  auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  return Bytes{size.count / page * page};
}

Error too_low(const std::string& where, Bytes limit, Bytes wanted) {
  return {ErrorKind::system,
          "cannot allow " + format_bytes(wanted) + ": " + where +
              " has a lower limit, " + format_bytes(limit),
          0};
}

// v2: the groups above up to the root, or to the end of what we see of it; the
// true root has no such file.
Result<> check_above(const std::string& folder, const char* file,
                     Bytes wanted) {
  std::filesystem::path above = std::filesystem::path(folder).parent_path();
  for (; has_file((above / file).string()); above = above.parent_path()) {
    TRY_ASSIGN(Bytes limit, read_limit((above / file).string()));
    if (limit < wanted) {
      return too_low((above / file).string(), limit, wanted);
    }
  }
  return Ok{};
}

// Is there any swap to go to? A header and a line for each (proc(5)).
bool has_swap() {
  auto text = read_file(AT_FDCWD, "/proc/swaps");
  return !text || lines_of(*text).size() > 1;
}

Error no_swap_limit(const std::string& file) {
  return unsupported_error("there is swap here, and no " + file +
                           " to keep it out (boot with swapaccount=1)");
}

Result<> make_folder(const std::string& path) {
  if (mkdir(path.c_str(), 0755) != 0) {
    return system_error("make the cgroup " + path, errno);
  }
  return Ok{};
}

// On v1 a group does not count what happened in the groups that the workload
// made below it.
std::int64_t count_below(const std::string& folder, const char* key) {
  struct stat status {};
  // Two links where no folder lies below, here as elsewhere.
  if (stat(folder.c_str(), &status) != 0 || status.st_nlink <= 2) {
    return 0;
  }
  std::int64_t sum = 0;
  std::error_code failed;
  for (std::filesystem::recursive_directory_iterator at(folder, failed), end;
       !failed && at != end; at.increment(failed)) {
    if (at->path().filename() == "memory.oom_control") {
      auto text = read_file(AT_FDCWD, at->path().string());
      sum += text && at.depth() > 0 ? keyed_value(*text, key).value_or(0) : 0;
    }
  }
  return sum;
}

}  // namespace

std::vector<std::string> CgroupPlaces::folders() const {
  std::vector<std::string> out{kill, memory, pids, cpu};
  std::erase(out, "");
  return out;
}

Cgroup::Cgroup(Cgroup&& other) noexcept { *this = std::move(other); }

Cgroup& Cgroup::operator=(Cgroup&& other) noexcept {
  std::swap(name_, other.name_);
  std::swap(folders_, other.folders_);
  std::swap(joins_, other.joins_);
  std::swap(join_numbers_, other.join_numbers_);
  std::swap(memory_folder_, other.memory_folder_);
  std::swap(kill_folder_, other.kill_folder_);
  std::swap(memory_v2_, other.memory_v2_);
  std::swap(has_more_, other.has_more_);
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

Result<Cgroup> Cgroup::make(const CgroupPlaces& places, const std::string& name,
                            const std::set<Controller>& more) {
  Cgroup group;
  group.name_ = name;
  auto add = [&](const std::string& place, bool v2) -> Result<> {
    std::string folder = place + "/" + name;
    TRY(make_folder(folder));
    group.folders_.push_back(folder);
    carry_limits(folder, v2);
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
  for (Controller one : more) {
    std::string place = places.of(one);
    if (place.empty() && places.stay) {
      TRY(places.stay->add(controller_name(one)));
    } else if (!place.empty()) {
      TRY(add(place, false));
    }
    group.has_more_ = true;
  }
  if (!places.kill.empty()) {
    if (places.kill != places.memory) {
      TRY(add(places.kill, places.kill_v2));
    }
    group.kill_folder_ = static_cast<int>(group.folders_.size()) - 1;
  }
  return group;
}

const std::string& Cgroup::folder_of_memory() const {
  return folders_[static_cast<std::size_t>(memory_folder_)];
}

std::string Cgroup::memory_path(const std::string& file) const {
  return folder_of_memory() + "/" + file;
}

// The kernel rounds down to whole pages.
Result<> Cgroup::set_limit(const std::string& file, Bytes wanted) const {
  std::string path = memory_path(file);
  TRY(write_value(path, std::to_string(wanted.count)));
  TRY_ASSIGN(Bytes taken, read_limit(path));
  if (taken != whole_pages(wanted)) {
    return Error{ErrorKind::system,
                 path + " did not take " + format_bytes(wanted) + ": it is " +
                     format_bytes(taken),
                 0};
  }
  return Ok{};
}

Result<> Cgroup::limit_v2(Bytes max, Bytes swap, bool group) const {
  if (has_file(memory_path("memory.swap.max"))) {
    TRY(set_limit("memory.swap.max", swap));
    TRY(check_above(folder_of_memory(), "memory.swap.max", swap));
  } else if (has_swap()) {
    return no_swap_limit("memory.swap.max");
  }
  TRY(write_value(memory_path("memory.oom.group"), group ? "1" : "0"));
  TRY(set_limit("memory.max", max));
  return check_above(folder_of_memory(), "memory.max", whole_pages(max));
}

Result<> Cgroup::limit_v1(Bytes max, Bytes swap) const {
  TRY(set_limit("memory.limit_in_bytes", max));
  // memsw counts memory and swap together and may not be below the limit.
  if (has_file(memory_path("memory.memsw.limit_in_bytes"))) {
    TRY(set_limit("memory.memsw.limit_in_bytes",
                  Bytes{whole_pages(max).count + swap.count}));
  } else if (has_swap()) {
    return no_swap_limit("memory.memsw.limit_in_bytes");
  }
  TRY_ASSIGN(std::string stat, read_file(AT_FDCWD, memory_path("memory.stat")));
  auto lowest = keyed_value(stat, "hierarchical_memory_limit");
  auto wanted = static_cast<std::int64_t>(whole_pages(max).count);
  if (lowest && *lowest < wanted) {
    return too_low("a group above " + memory_path("memory.limit_in_bytes"),
                   Bytes{static_cast<std::uint64_t>(*lowest)}, max);
  }
  return Ok{};
}

Result<> Cgroup::limit_memory(Bytes max, Bytes swap, bool group) {
  if (!has_memory()) {
    return unsupported_error("needs a writable memory cgroup");
  }
  limited_ = true;
  if (!has_file(memory_path(memory_v2_ ? "memory.max" : "memory.stat"))) {
    return system_error("find a memory controller in " + folder_of_memory(),
                        ENOENT);
  }
  return memory_v2_ ? limit_v2(max, swap, group) : limit_v1(max, swap);
}

Result<> Cgroup::lift_memory_limit() {
  if (!std::exchange(limited_, false)) {
    return Ok{};
  }
  if (memory_v2_) {
    TRY(write_value(memory_path("memory.oom.group"), "0"));
    if (has_file(memory_path("memory.swap.max"))) {
      TRY(write_value(memory_path("memory.swap.max"), "max"));
    }
    TRY(write_value(memory_path("memory.max"), "max"));
  } else {
    std::string both = memory_path("memory.memsw.limit_in_bytes");
    if (has_file(both)) {
      (void)write_value(both, "-1");
    }
    TRY(write_value(memory_path("memory.limit_in_bytes"), "-1"));
  }
  carry_limits(folder_of_memory(), memory_v2_);
  return Ok{};
}

Result<std::int64_t> Cgroup::event_count(const char* key) const {
  const char* file = memory_v2_ ? "memory.events" : "memory.oom_control";
  TRY_ASSIGN(std::string text, read_file(AT_FDCWD, memory_path(file)));
  auto count = keyed_value(text, key);
  if (!count) {
    return unsupported_error(std::string(file) + " has no " + key);
  }
  return *count + (memory_v2_ ? 0 : count_below(memory_path(""), key));
}

Result<std::int64_t> Cgroup::oom_kills() const {
  return has_memory() ? event_count("oom_kill") : std::int64_t{0};
}

Result<std::int64_t> Cgroup::oom_group_kills() const {
  return has_memory() && memory_v2_ ? event_count("oom_group_kill")
                                    : std::int64_t{0};
}

std::optional<Bytes> Cgroup::peak() const {
  if (!has_memory()) {
    return std::nullopt;
  }
  auto peak = number_in(
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

Result<Fd> Cgroup::population_event() const {
  if (kill_folder_ < 0) {
    return unsupported_error("needs a writable cgroup");
  }
  const std::string& folder = folders_[static_cast<std::size_t>(kill_folder_)];
  if (!has_file(folder + "/cgroup.events")) {
    return unsupported_error("cgroup v1 does not tell when a group is empty");
  }
  return open_file(AT_FDCWD, folder + "/cgroup.events", O_RDONLY);
}

void Cgroup::rearm_event(int event) {
  char buffer[512];
  lseek(event, 0, SEEK_SET);  // an eventfd (v1) takes no notice
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
  if (has_more_) {
    return false;
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
