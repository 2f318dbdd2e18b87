#include "harness/run/service_folder.h"

#include <algorithm>
#include <system_error>

#include "harness/base/folder_paths.h"
#include "harness/run/fresh_folder.h"
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

bool is_charged(const Plan& plan) {
  auto setup = plan.launch.links.find(Link::service);
  return setup != plan.launch.links.end() &&
         (setup->second.memory ||
          setup->second.controllers().contains(Controller::memory));
}

// Hundreds of names are made and removed for each run: in memory that takes a
// tenth of the time, unless what the service writes there would count.
Result<TempDir> place_of_mirror(Session& session, const Plan& plan) {
  return is_charged(plan) ? new_folder(session) : session.make_folder();
}

}  // namespace

bool keeps_all(const Workload& workload) {
  return workload.service &&
         std::find(workload.service->keep.begin(), workload.service->keep.end(),
                   kWholeFolder) != workload.service->keep.end();
}

Result<ServiceFolder> ServiceFolder::make(Session& session, const Plan& plan) {
  const Workload& workload = plan.scenario.workload;
  const fs::path& of = workload.cwd;
  ServiceFolder made;
  made.of_ = of;
  if (keeps_all(workload)) {
    TRY_ASSIGN(made.folder_, place_of_mirror(session, plan));
    // It finds its own folder by its path.
    TRY(open_to_all(made.folder_.path(), fs::perms(0711)));
    TRY_ASSIGN(made.mirror_,
               mirror_folder(of, made.folder_.path(),
                             surrounding_of(of, workload.command)));
    return made;
  }
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
  return !mirror_.path.empty()    ? mirror_.path
         : folder_.path().empty() ? of_
                                  : folder_.path();
}

// All but what is there already.
Result<> ServiceFolder::fill() const {
  TRY_ASSIGN(auto held, paths_in(of_));
  for (const fs::path& one : held) {
    fs::path link = folder_.path() / one.filename();
    std::error_code failed;
    if (!fs::exists(fs::symlink_status(link, failed))) {
      fs::create_symlink(one, link, failed);
      if (failed) {
        return cannot(link.string(), failed);
      }
    }
  }
  return Ok{};
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
