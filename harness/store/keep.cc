// A scenario has the name of its file, and that may be `..` or what a folder
// of evidence has for its own.
#include "harness/store/keep.h"

#include <array>
#include <filesystem>

#include "harness/model/crash.h"
#include "harness/model/observe.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

// NAME_MAX is 255; `~2` and the like have room.
constexpr std::size_t kLongest = 200;

bool is_of_evidence(const std::string& part) {
  static constexpr std::array<std::string_view, 8> kFiles{
      "evidence.jsonl", "stdout",     "stderr",       "plan.txt",
      "scenario.yaml",  kCrashFolder, kProfileFolder, kTimelineFolder};
  bool file = false;
  for (std::string_view name : kFiles) {
    file = file || part == name || part == std::string(name) + ".new";
  }
  constexpr std::string_view kRepeat = "repeat-";
  return file || (part.starts_with(kRepeat) &&
                  part.find_first_not_of("0123456789", kRepeat.size()) ==
                      std::string::npos);
}

std::string safe_part(std::string part) {
  if (part.find_first_not_of('.') == std::string::npos) {
    return "_" + part;  // `.`, `..`
  }
  part.resize(std::min(part.size(), kLongest));
  return part;
}

// Errors of the system name the way that we took.
Error with_path(Error error, const KeptFolder& folder) {
  std::string by = folder.by().string();
  std::size_t at = error.what.find(by);
  if (at != std::string::npos) {
    error.what.replace(at, by.size(), folder.path.string());
  }
  return error;
}

}  // namespace

std::string folder_for(const std::string& name) {
  fs::path out;
  for (const fs::path& part : fs::path(name).relative_path()) {
    if (!part.empty()) {
      std::string safe = safe_part(part.string());
      // Of the scenario `a`, too, evidence is kept: in the folder of `a/b`.
      out /= !out.empty() && is_of_evidence(safe) ? safe + "~" : safe;
    }
  }
  return out.empty() ? "_" : out.string();
}

std::string own_folder_for(const std::string& name,
                           std::set<std::string>& taken) {
  std::string first = folder_for(name);
  std::string out = first;
  for (int number = 2; !taken.insert(out).second; ++number) {
    out = first + "~" + std::to_string(number);
  }
  return out;
}

Result<KeptFolder> open_kept_below(const fs::path& parent,
                                   const std::string& below) {
  TRY_ASSIGN(KeptFolder folder, open_kept(parent));
  for (const fs::path& part : fs::path(below)) {
    TRY_ASSIGN(folder, open_below(folder, part.string()));
  }
  return folder;
}

Result<> keep_evidence(const KeptFolder& folder, const Evidence& evidence,
                       const Scenario& scenario, const KeptTexts& texts) {
  auto written = write_evidence(folder.by(), evidence, scenario, texts);
  return written ? written : with_path(written.error(), folder);
}

}  // namespace faultrig
