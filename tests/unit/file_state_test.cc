#include "harness/os/file_state.h"

#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

namespace faultrig {
namespace {

namespace fs = std::filesystem;

std::chrono::nanoseconds last_tick() {
  struct timespec now {};
  clock_gettime(CLOCK_REALTIME_COARSE, &now);
  return std::chrono::seconds(now.tv_sec) +
         std::chrono::nanoseconds(now.tv_nsec);
}

// A kernel may be late with its ticks: user-mode-linux on a busy machine was by
// more than ten milliseconds.
TEST(FileStamps, AreNotBeforeTheLastTick) {
  for (int i = 0; i < 1000; ++i) {
    std::chrono::nanoseconds tick = last_tick();
    std::chrono::nanoseconds earliest = earliest_stamp();
    ASSERT_LE(earliest, last_tick() - std::chrono::milliseconds(10));
    ASSERT_GE(earliest, tick - std::chrono::milliseconds(10));
  }
}

TEST(FileStamps, TellWhatIsTouchedFromNowOn) {
  std::string name = fs::temp_directory_path() / "file-stamps-XXXXXX";
  const fs::path folder = mkdtemp(name.data());
  std::ofstream(folder / "old") << "";
  usleep(50'000);
  for (int i = 0; i < 200; ++i) {
    std::chrono::nanoseconds since = earliest_stamp();
    std::ofstream(folder / "new") << i;
    EXPECT_TRUE(is_touched_since(folder / "new", since));
    EXPECT_FALSE(is_touched_since(folder / "old", since));
    fs::remove(folder / "new");
  }
  EXPECT_FALSE(is_touched_since(folder, {}));
  EXPECT_FALSE(is_touched_since(folder / "none", {}));
  fs::remove_all(folder);
}

}  // namespace
}  // namespace faultrig
