#include "harness/run/crash_place.h"

#include <system_error>

#include "harness/os/notify.h"
#include "harness/os/room_call.h"

namespace faultrig {

namespace {
namespace fs = std::filesystem;
constexpr std::size_t kMostPrinted = std::size_t{1} << 20;
}  // namespace

Result<fs::path> crash_place(const CrashFolder& asked,
                             const std::string& stands,
                             const std::string& tmpdir) {
  auto below = asked.below_tmpdir();
  fs::path path =
      below ? fs::path(tmpdir + *below) : fs::path(stands) / asked.path;
  if (path.is_relative()) {
    return usage_error("crash: the path of a test below go is $TMPDIR");
  }
  if (below && !below->empty()) {
    std::error_code failed;
    fs::create_directories(path, failed);
  }
  return path.lexically_normal();
}

void LinkStdout::meet(int tid) {
  if (target_.empty()) {
    target_ = descriptor_target(tid, 1);
  }
}

std::optional<std::string> LinkStdout::printed_by(
    const WaitingCaller& caller) const {
  auto ask = room_asked(caller.call, caller.name);
  bool writes = ask && ask->how == RoomAsk::How::write;
  if (!writes || ask->size > kMostPrinted || target_.empty() ||
      descriptor_target(caller.call.tid, ask->file) != target_) {
    return std::nullopt;
  }
  std::string bytes;
  for (const RoomAsk::Part& part : ask->parts) {
    bytes += read_memory(caller.call.tid, part.address,
                         static_cast<std::size_t>(part.size))
                 .value_or("");
  }
  return bytes;
}

}  // namespace faultrig
