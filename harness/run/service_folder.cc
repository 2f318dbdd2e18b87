#include "harness/run/service_folder.h"

#include <algorithm>
#include <set>
#include <system_error>

#include "harness/run/session.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

Error cannot(const std::string& what, const std::error_code& why) {
  return system_error("make the folder of the service: " + what, why.value());
}

// On a disk where there is one: what it writes is not charged to its memory.
Result<TempDir> new_folder(Session& session) {
  auto folder = session.make_work_folder();
  return folder ? Result<TempDir>(std::move(*folder)) : session.make_folder();
}

}  // namespace

Result<ServiceFolder> ServiceFolder::make(Session& session, const Plan& plan) {
  const Workload& workload = plan.scenario.workload;
  const fs::path& of = workload.cwd;
  ServiceFolder made;
  made.of_ = of;
  std::vector<std::string> keep =
      workload.service ? workload.service->keep : std::vector<std::string>();
  for (const std::string& folder : keep) {
    fs::path path = fs::path(folder).lexically_normal();
    if (path.is_relative() && path != ".") {
      made.kept_.push_back(path);
    }
  }
  if (made.kept_.empty()) {
    return made;
  }
  TRY_ASSIGN(made.folder_, new_folder(session));
  std::error_code failed;
  for (const fs::path& kept : made.kept_) {
    fs::path to = made.folder_.path() / kept;
    fs::create_directories(to, failed);
    if (!failed && fs::is_directory(of / kept)) {
      fs::copy(of / kept, to,
               fs::copy_options::recursive | fs::copy_options::copy_symlinks,
               failed);
    }
    if (failed) {
      return cannot(kept.string(), failed);
    }
  }
  TRY(made.fill());
  return made;
}

const fs::path& ServiceFolder::path() const {
  return folder_.path().empty() ? of_ : folder_.path();
}

// All but what is there already.
Result<> ServiceFolder::fill() const {
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(of_, failed)) {
    fs::path link = folder_.path() / entry.path().filename();
    std::error_code ignored;
    if (!fs::exists(fs::symlink_status(link, ignored))) {
      fs::create_symlink(entry.path(), link, failed);
    }
    if (failed) {
      return cannot(link.string(), failed);
    }
  }
  return failed ? Result<>(cannot(of_.string(), failed)) : Result<>(Ok{});
}

Result<> ServiceFolder::renew(Session& session) {
  if (kept_.empty()) {
    return Ok{};
  }
  TRY_ASSIGN(TempDir fresh, new_folder(session));
  std::error_code failed;
  for (const fs::path& kept : kept_) {
    fs::path to = fresh.path() / kept;
    fs::create_directories(to.parent_path(), failed);
    if (!failed && fs::exists(folder_.path() / kept)) {
      fs::rename(folder_.path() / kept, to, failed);
    }
    if (failed) {
      return cannot(kept.string(), failed);
    }
  }
  folder_ = std::move(fresh);
  return fill();
}

}  // namespace faultrig
