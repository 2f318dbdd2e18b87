#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/plan.h"
#include "harness/os/scratch.h"
#include "harness/run/folder_mirror.h"

namespace faultrig {

class Session;

// What a service keeps that keeps all of its folder.
inline constexpr std::string_view kWholeFolder = ".";
bool keeps_all(const Workload& workload);

// Where a service runs that keeps some of its folders: a folder made for the
// run. What stands in the workload's own is there too, by symbolic links; the
// kept folders are folders of their own, with a copy of what they have there.
// One that keeps all of it runs in a mirror of it (folder_mirror.h), with as
// much around it as `../` in its arguments reaches.
class ServiceFolder {
 public:
  // The workload's folder as it is, where nothing below it is kept.
  static Result<ServiceFolder> make(Session& session, const Plan& plan);

  const std::filesystem::path& path() const;
  // The outermost folder of those that it has of its own; empty: it keeps not
  // all of its folder.
  const std::filesystem::path& top() const { return mirror_.top; }
  // For a second life: all is fresh but the kept folders; what keeps all finds
  // all.
  Result<> renew(Session& session);

 private:
  Result<> fill() const;

  std::filesystem::path of_;
  FolderMirror mirror_;                      // empty: none
  std::vector<std::filesystem::path> kept_;  // relative
  TempDir folder_;
};

}  // namespace faultrig
