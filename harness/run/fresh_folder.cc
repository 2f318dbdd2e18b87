#include "harness/run/fresh_folder.h"

#include <unistd.h>

#include <system_error>
#include <utility>

#include "harness/base/text.h"
#include "harness/os/machine.h"
#include "harness/run/service_folder.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

Error no_place() {
  return unsupported_error("needs a folder for each run, below TMPDIR");
}

std::vector<std::string> tmpdir_of(const std::vector<std::string>& env) {
  constexpr std::string_view kName = "TMPDIR=";
  for (const std::string& entry : env) {
    if (entry.starts_with(kName) && entry.size() > kName.size()) {
      return {entry.substr(kName.size())};
    }
  }
  return {};
}

// One for all runs of a package whose surroundings no run has touched.
Result<> find_place(Session& session, const fs::path& folder) {
  PackagePlace& place = session.learnt().place;
  if (place.is_of(folder) && place.clear()) {
    return Ok{};
  }
  place = PackagePlace();
  std::optional<TempDir> made = session.make_work_folder();
  if (!made) {
    return no_place();
  }
  TRY_ASSIGN(place, PackagePlace::make(folder, std::move(*made)));
  return Ok{};
}

}  // namespace

// The folder above holds nothing that others might list, and those beside this
// one stay closed.
Result<> open_to_all(const fs::path& folder, fs::perms mode) {
  if (geteuid() != 0) {
    return Ok{};
  }
  std::error_code failed;
  fs::permissions(folder.parent_path(), fs::perms(0711), failed);
  if (!failed) {
    fs::permissions(folder, mode, failed);
  }
  return failed ? Result<>(system_error("open " + folder.string() + " to all",
                                        failed.value()))
                : Result<>(Ok{});
}

Observation begun_with(const FirstLink& first) {
  Observation started;
  started.fact = Fact::run_started;
  started.text = shell_line(first.argv);
  started.action = first.goflags;
  started.number = wall_clock().count();
  started.path = first.folder;
  started.names = tmpdir_of(first.env);
  return started;
}

Result<> use_fresh_folder(Session& session, const Plan& plan,
                          FirstLink& first) {
  const Workload& workload = plan.scenario.workload;
  bool fresh = plan.fresh_folder || plan.own_tmpdir() ||
               !workload.recover.empty() || keeps_all(workload);
  if (!fresh || !first.not_built.empty()) {
    return Ok{};
  }
  std::optional<TempDir> made = session.make_work_folder();
  if (!made) {
    return no_place();
  }
  TRY(open_to_all(made->path()));
  Learnt& learnt = session.learnt();
  learnt.tmp = std::move(*made);
  std::erase_if(first.env,
                [](const auto& entry) { return entry.starts_with("TMPDIR="); });
  fs::path tmp = learnt.tmp.path();
  if (plan.own_tmpdir()) {
    // A disk is laid over a folder that is empty, without our mark.
    tmp = learnt.tmp_below_disk();
    std::error_code failed;
    fs::create_directory(tmp, failed);
    if (!failed) {
      fs::permissions(tmp, fs::perms(01777), failed);
    }
    if (failed) {
      return system_error("make a folder for the disk", failed.value());
    }
  }
  first.env.push_back("TMPDIR=" + tmp.string());
  if (plan.fresh_folder && plan.has_go()) {
    TRY(find_place(session, first.folder));
    TRY_ASSIGN(fs::path copy, learnt.place.copy());
    first.folder = copy.string();
  }
  learnt.folder = first.folder;
  return Ok{};
}

}  // namespace faultrig
