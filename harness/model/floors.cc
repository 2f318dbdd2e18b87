#include "harness/model/floors.h"

#include <algorithm>
#include <cerrno>

namespace faultrig {

std::int64_t Limit::step(std::int64_t value) const {
  return std::max<std::int64_t>(1, value / 100);
}

std::string Limit::text(std::int64_t value) const {
  return std::to_string(value) + std::string(unit);
}

const std::vector<Limit>& all_limits() {
  static const std::vector<Limit> kLimits{
      {"memory", "MiB", 1, 256, 65536, ENOMEM,
       "the least memory.max of the link's cgroup"},
      {"fds", "", 5, 256, 65536, EMFILE, "the least RLIMIT_NOFILE"},
      {"processes", "", 1, 256, 16384, EAGAIN,
       "the least pids.max of the link's cgroup, threads too"},
      {"cpu", "%", 1, 100, 400, 0, "the least share of a processor"}};
  return kLimits;
}

const Limit* limit_named(std::string_view name) {
  const std::vector<Limit>& all = all_limits();
  auto found = std::find_if(all.begin(), all.end(),
                            [&](const Limit& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::int64_t Floor::guarded() const {
  std::int64_t from = flaky ? std::max(value, flaky->failed) : value;
  return from + std::max(from / 4, 2 * limit->step(from));
}

std::string Floor::text() const {
  if (!trouble.empty()) {
    return "unknown";
  }
  return flaky ? "flaky from " + limit->text(flaky->passed) + " to " +
                     limit->text(flaky->failed)
               : limit->text(value);
}

bool FloorMap::is_known() const {
  return trouble.empty() && !floors.empty() &&
         std::all_of(floors.begin(), floors.end(),
                     [](const Floor& one) { return one.trouble.empty(); });
}

bool FloorMap::is_guarded() const {
  return guard_tries > 0 && guard_tries == guard_passes;
}

}  // namespace faultrig
