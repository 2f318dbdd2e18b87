// Caps that hold a group back without killing anybody. The kernel counts each
// time it does so, and nothing else makes these counters rise: but for
// pids.events before Linux 6.11, which also counts what a group above refused.
#include "harness/os/cgroup_caps.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "harness/base/fd.h"
#include "harness/os/cgroup_files.h"
#include "harness/os/cgroup_limits.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

const char* cap_file(Controller controller, bool v2) {
  return controller == Controller::pids     ? "pids.max"
         : controller == Controller::memory ? "memory.high"
         : v2                               ? "cpu.max"
                                            : "cpu.cfs_quota_us";
}

// Where the kernel counts that it was met, and under which key.
struct Counter {
  const char* file;
  const char* key;
};

Counter counter_of(Controller controller) {
  return controller == Controller::pids ? Counter{"pids.events", "max"}
         : controller == Controller::memory
             ? Counter{"memory.events", "high"}
             : Counter{"cpu.stat", "nr_throttled"};
}

// The kernel takes no part of a page.
std::uint64_t as_taken(Controller controller, std::uint64_t max) {
  auto unit = controller == Controller::memory
                  ? static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE))
                  : 1;
  return max / unit * unit;
}

struct CapPlace {
  fs::path folder;
  bool v2 = false;
  fs::path file(const char* name) const { return folder / name; }
};

// Which of the group's folders has the controller.
Result<CapPlace> place_of(const Cgroup& group, Controller controller) {
  for (const std::string& folder : group.folders()) {
    for (bool v2 : {true, false}) {
      std::string file = folder + "/" + cap_file(controller, v2);
      if (access(file.c_str(), W_OK) == 0) {
        return CapPlace{folder, v2};
      }
    }
  }
  return unsupported_error("its group has no writable " +
                           std::string(controller_name(controller)) +
                           " controller");
}

std::uint64_t in_our_period(std::uint64_t quota, std::uint64_t period) {
  return quota * static_cast<std::uint64_t>(kCpuPeriod.count()) / period;
}

// What a group above leaves it, in the same unit: of time, in our period.
std::optional<std::uint64_t> bound_above(const CapPlace& place,
                                         Controller controller) {
  std::string above = place.folder.parent_path().string();
  bool of_v1 = controller == Controller::cpu && !place.v2;
  if (of_v1) {
    std::uint64_t lowest = UINT64_MAX;
    for (fs::path at = above; fs::exists(at / "cpu.cfs_quota_us");
         at = at.parent_path()) {
      auto quota = number_in((at / "cpu.cfs_quota_us").string());
      auto period = number_in((at / "cpu.cfs_period_us").string());
      if (quota && period && *period > 0) {
        lowest = std::min(lowest, in_our_period(*quota, *period));
      }
    }
    return lowest == UINT64_MAX ? std::nullopt : std::optional(lowest);
  }
  auto limit = limit_from_above(above, cap_file(controller, place.v2));
  if (!limit) {
    return std::nullopt;
  }
  char* rest = nullptr;
  std::uint64_t first = strtoull(limit->c_str(), &rest, 10);
  std::uint64_t period = strtoull(rest, nullptr, 10);
  return period == 0 ? first : in_our_period(first, period);
}

std::string content_of(const CapPlace& place, Controller controller,
                       std::optional<std::uint64_t> max) {
  bool of_v1 = controller == Controller::cpu && !place.v2;
  std::string most = max ? std::to_string(*max) : of_v1 ? "-1" : "max";
  return controller == Controller::cpu && place.v2
             ? most + " " + std::to_string(kCpuPeriod.count())
             : most;
}

}  // namespace

bool gives(const CgroupPlaces& places, Controller controller) {
  return !places.of(controller).empty() ||
         (places.memory_v2 && !places.memory.empty() &&
          has_word(places.memory + "/cgroup.controllers",
                   controller_name(controller)));
}

Result<> set_cap(const Cgroup& group, Controller controller,
                 std::optional<std::uint64_t> max) {
  TRY_ASSIGN(CapPlace place, place_of(group, controller));
  std::string file = place.file(cap_file(controller, place.v2)).string();
  auto above = bound_above(place, controller);
  if (max && above && *above < *max) {
    return Error{ErrorKind::system,
                 "cannot allow " + std::to_string(*max) + " in " + file +
                     ": a group above has a lower limit, " +
                     std::to_string(*above),
                 0};
  }
  if (controller == Controller::cpu && !place.v2) {
    TRY(write_file(AT_FDCWD, place.file("cpu.cfs_period_us").string(),
                   std::to_string(kCpuPeriod.count())));
  }
  TRY(write_file(AT_FDCWD, file, content_of(place, controller, max)));
  if (!max) {
    carry_limits(place.folder.string(), place.v2);
  }
  auto taken = number_in(file);
  if (max && taken != as_taken(controller, *max)) {
    return Error{ErrorKind::system,
                 file + " did not take " + std::to_string(*max) + ": it is " +
                     (taken ? std::to_string(*taken) : "without any"),
                 0};
  }
  return Ok{};
}

Result<CapMet> cap_met(const Cgroup& group, Controller controller) {
  TRY_ASSIGN(CapPlace place, place_of(group, controller));
  Counter counter = counter_of(controller);
  std::string file = place.file(counter.file).string();
  auto times = value_in(file, counter.key);
  if (!times) {
    return unsupported_error(file + " does not count");
  }
  CapMet met{*times};
  if (controller == Controller::cpu) {
    auto held = value_in(file, place.v2 ? "throttled_usec" : "throttled_time");
    met.held =
        std::chrono::nanoseconds(held.value_or(0) * (place.v2 ? 1000 : 1));
  }
  return met;
}

bool reached_tasks(const Cgroup& group, std::uint64_t max) {
  auto place = place_of(group, Controller::pids);
  if (!place) {
    return false;
  }
  auto peak = number_in(place->file("pids.peak").string());
  return peak ? *peak >= max : !bound_above(*place, Controller::pids);
}

}  // namespace faultrig
