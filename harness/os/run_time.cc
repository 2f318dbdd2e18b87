#include "harness/os/run_time.h"

#include <fcntl.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "harness/base/fd.h"

namespace faultrig {

namespace fs = std::filesystem;

std::optional<std::chrono::nanoseconds> run_time_of(
    const std::vector<int>& pids) {
  std::optional<std::chrono::nanoseconds> sum;
  for (int pid : pids) {
    std::error_code gone;
    fs::path tasks = "/proc/" + std::to_string(pid) + "/task";
    for (fs::directory_iterator task(tasks, gone), end; !gone && task != end;
         task.increment(gone)) {
      auto text = read_file(AT_FDCWD, (task->path() / "schedstat").string());
      if (text && !text->empty()) {
        sum =
            sum.value_or(std::chrono::nanoseconds(0)) +
            std::chrono::nanoseconds(std::strtoll(text->c_str(), nullptr, 10));
      }
    }
  }
  return sum;
}

}  // namespace faultrig
