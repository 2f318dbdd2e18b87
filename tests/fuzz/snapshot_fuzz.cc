// Any bytes as a snapshot: an error, or one that is written as it was read,
// compares with itself, and is no command to a terminal.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "harness/model/snapshot.h"
#include "harness/report/compare_report.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes,
                                      std::size_t size) {
  auto read = faultrig::parse_snapshot(
      std::string_view(reinterpret_cast<const char*>(bytes), size));
  if (!read) {
    return 0;
  }
  std::string text = snapshot_text(*read);
  auto again = faultrig::parse_snapshot(text);
  faultrig::Comparison same;
  same.features = compare_snapshots(*read, *read);
  std::string shown = compare_text(same) + compare_json(same);
  if (text.find('\x1b') != std::string::npos ||
      shown.find('\x1b') != std::string::npos || !same.features.same() ||
      (again && again->lines.size() > read->lines.size())) {
    std::abort();
  }
  return 0;
}
