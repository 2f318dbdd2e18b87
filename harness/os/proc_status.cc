// Signals there are those of the first thread, where a process is asked for:
// each thread has its own.
#include "harness/os/proc_status.h"

#include <fcntl.h>

#include "harness/base/fd.h"
#include "harness/base/whole_number.h"
#include "harness/os/proc_path.h"

namespace faultrig {

namespace {

constexpr std::size_t kMost = 16384;

}  // namespace

std::string proc_status(int pid) {
  return read_file(AT_FDCWD, proc_path(pid, "status"), kMost).value_or("");
}

std::optional<std::uint64_t> number_in_status(std::string_view status,
                                              std::string_view name, int base) {
  std::string key = "\n" + std::string(name) + ":\t";
  std::size_t at = status.find(key);
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  std::string_view rest = status.substr(at + key.size());
  return whole_number<std::uint64_t>(rest.substr(0, rest.find('\n')), base);
}

}  // namespace faultrig
