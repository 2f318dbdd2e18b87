#include "harness/cli/stored_side.h"

#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "harness/base/text.h"
#include "harness/cli/named_file.h"
#include "harness/judge/features.h"
#include "harness/store/evidence_file.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

Result<Snapshot> from_file(const std::string& file) {
  TRY_ASSIGN(std::string text, read_named(file, kMostSnapshot + 1));
  auto read = parse_snapshot(text);
  return read ? read
              : usage_error(for_one_line(file) + ":" + read.error().what);
}

// Runs of one scenario, as `--repeat` keeps them, are runs of one program.
Result<Snapshot> from_evidence(const std::string& folder) {
  std::vector<fs::path> folders = evidence_folders(folder);
  if (folders.empty()) {
    folders.emplace_back(folder);  // reading it says what is wrong
  }
  std::vector<RunFeatures> runs;
  Snapshot head;
  for (const fs::path& one : folders) {
    auto kept = read_evidence(one);
    if (!kept) {
      return of_named(kept.error());
    }
    if (!runs.empty() && kept->scenario != head.of) {
      return usage_error(for_one_line(folder) + " has runs of several " +
                         "scenarios: name the folder of one");
    }
    head.of = kept->scenario;
    head.faultrig = kept->parts.provenance.faultrig;
    head.go = kept->parts.provenance.go;
    Evidence evidence(std::move(kept->parts));
    runs.push_back(features_of(evidence, false));
  }
  Snapshot out = snapshot_of(runs);
  out.of = head.of;
  out.faultrig = head.faultrig;
  out.go = head.go;
  return out;
}

}  // namespace

bool is_stored(const std::string& name) {
  std::error_code failed;
  return fs::exists(name, failed);
}

Result<Snapshot> stored_side(const std::string& name) {
  std::error_code failed;
  return fs::is_directory(name, failed) ? from_evidence(name) : from_file(name);
}

}  // namespace faultrig
