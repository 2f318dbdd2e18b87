#include "harness/run/fresh_folder.h"

#include <utility>

#include "harness/run/service_folder.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

Error no_place() {
  return unsupported_error("needs a folder for each run, below TMPDIR");
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

Result<> use_fresh_folder(Session& session, const Plan& plan,
                          FirstLink& first) {
  const Workload& workload = plan.scenario.workload;
  bool fresh =
      plan.fresh_folder || !workload.recover.empty() || keeps_all(workload);
  if (!fresh || !first.not_built.empty()) {
    return Ok{};
  }
  std::optional<TempDir> made = session.make_work_folder();
  if (!made) {
    return no_place();
  }
  Learnt& learnt = session.learnt();
  learnt.tmp = std::move(*made);
  std::erase_if(first.env,
                [](const auto& entry) { return entry.starts_with("TMPDIR="); });
  first.env.push_back("TMPDIR=" + learnt.tmp.path().string());
  if (plan.fresh_folder && plan.has_go()) {
    TRY(find_place(session, first.folder));
    TRY_ASSIGN(fs::path copy, learnt.place.copy());
    first.folder = copy.string();
  }
  learnt.folder = first.folder;
  return Ok{};
}

}  // namespace faultrig
