#include "harness/campaign/catalogue.h"

#include <fcntl.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "harness/base/fd.h"
#include "harness/base/text.h"
#include "harness/parse/scenario_reader.h"
#include "harness/plan/planner.h"
#include "harness/plan/possible.h"
#include "harness/store/keep.h"

namespace faultrig {

namespace fs = std::filesystem;

namespace {

// One byte more than the reader takes, so that it can say so.
constexpr std::size_t kMostRead = (1 << 20) + 1;

constexpr const char* kNothingAsked =
    "nothing is asked: 'expect' is missing (--strict)";

bool is_scenario(const fs::path& path) {
  return path.extension() == ".yaml" || path.extension() == ".yml";
}

std::string name_below(const fs::path& file, const fs::path& folder) {
  fs::path below = file.lexically_relative(folder);
  return below.replace_extension().generic_string();
}

// `.github/workflows/ci.yml` is nobody's scenario: what is hidden is read only
// where it is named itself.
bool is_hidden(const fs::path& path) {
  return path.filename().string().starts_with('.');
}

Result<> add_folder(const fs::path& folder, std::vector<ScenarioFile>& out) {
  std::error_code failed;
  std::size_t before = out.size();
  for (fs::recursive_directory_iterator at(folder, failed), end;
       !failed && at != end; at.increment(failed)) {
    if (is_hidden(at->path())) {
      at.disable_recursion_pending();
      continue;
    }
    if (at->is_regular_file(failed) && is_scenario(at->path())) {
      out.push_back({name_below(at->path(), folder), at->path()});
    }
  }
  if (failed) {
    return system_error("read " + folder.string(), failed.value());
  }
  if (out.size() == before) {
    return usage_error("no scenarios (*.yaml) below " + folder.string());
  }
  return Ok{};
}

Result<> add_path(const std::string& path, std::vector<ScenarioFile>& out) {
  std::error_code failed;
  fs::file_status status = fs::status(path, failed);
  if (!fs::exists(status)) {
    return usage_error("no such file or folder: " + path);
  }
  if (fs::is_directory(status) && is_scenario(path)) {
    return usage_error(path + " is a folder, not a scenario file");
  }
  if (fs::is_directory(status)) {
    return add_folder(path, out);
  }
  out.push_back({fs::path(path).stem().generic_string(), path});
  return Ok{};
}

bool selected(const Scenario& scenario, const Selection& selection) {
  bool tagged = selection.tags.empty();
  for (const std::string& tag : selection.tags) {
    tagged = tagged || std::find(scenario.tags.begin(), scenario.tags.end(),
                                 tag) != scenario.tags.end();
  }
  bool named = selection.only.empty();
  for (const std::string& glob : selection.only) {
    named = named || glob_match(glob, scenario.name);
  }
  return tagged && named;
}

class Reader {
 public:
  explicit Reader(const Selection& selection)
      : selection_(selection), language_(full_language()) {}

  void read(const ScenarioFile& found) {
    auto yaml = read_file(AT_FDCWD, found.file.string(), kMostRead);
    if (!yaml) {
      complain(yaml.error().what + "\n");
      return;
    }
    ReadScenario read =
        read_scenario(*yaml, {found.name, found.file}, language_);
    if (!read.scenario) {
      tell(found, *yaml, read.complaints);
      return;
    }
    if (!selected(*read.scenario, selection_)) {
      return;
    }
    if (selection_.strict && read.scenario->expect.empty()) {
      tell(found, *yaml, {{{1, 1}, kNothingAsked, 1}});
      return;
    }
    read.scenario->workload.deadline *= selection_.slow;
    read.scenario->workload.compile_within *= selection_.slow;
    Planned planned = make_plan(*read.scenario, selection_.seed);
    // What is expected of a sweep is so behind faults that are not there yet.
    std::vector<PlanTrouble> impossible;
    if (!read.scenario->sweep) {
      impossible = impossible_in(*read.scenario);
    }
    if (planned.plan && impossible.empty()) {
      out_.entries.push_back(
          {std::move(*planned.plan), std::move(*yaml), found.folder});
      return;
    }
    std::vector<Complaint> complaints;
    planned.troubles.insert(planned.troubles.end(), impossible.begin(),
                            impossible.end());
    for (const PlanTrouble& trouble : planned.troubles) {
      complaints.push_back({trouble.place, trouble.what, 1});
    }
    tell(found, *yaml, complaints);
  }

  Catalogue take() { return std::move(out_); }

 private:
  void complain(const std::string& text) {
    out_.complaints += text;
    ++out_.wrong;
  }

  void tell(const ScenarioFile& found, const std::string& yaml,
            const std::vector<Complaint>& complaints) {
    std::string text;
    for (const Complaint& complaint : complaints) {
      text +=
          format_complaint(for_one_line(found.file.string()), yaml, complaint);
    }
    complain(text);
  }

  const Selection& selection_;
  Language language_;
  Catalogue out_;
};

}  // namespace

Result<std::vector<ScenarioFile>> find_scenarios(
    const std::vector<std::string>& paths) {
  std::vector<ScenarioFile> out;
  for (const std::string& path :
       paths.empty() ? std::vector<std::string>{"scenarios"} : paths) {
    TRY(add_path(path, out));
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const ScenarioFile& a, const ScenarioFile& b) {
                     return std::tie(a.name, a.file) < std::tie(b.name, b.file);
                   });
  auto same = [](const ScenarioFile& a, const ScenarioFile& b) {
    return a.file == b.file;
  };
  out.erase(std::unique(out.begin(), out.end(), same), out.end());
  std::set<std::string> taken;
  for (ScenarioFile& found : out) {
    found.folder = own_folder_for(found.name, taken);
  }
  return out;
}

Result<Catalogue> read_catalogue(const Selection& selection) {
  TRY_ASSIGN(auto files, find_scenarios(selection.paths));
  Reader reader(selection);
  for (const ScenarioFile& file : files) {
    reader.read(file);
  }
  return reader.take();
}

std::string absolute_file(const std::string& file) {
  std::error_code failed;
  return std::filesystem::absolute(file, failed).lexically_normal().string();
}

Result<Scenario> scenario_from(const std::string& yaml, const std::string& name,
                               const fs::path& file) {
  ReadScenario read = read_scenario(yaml, {name, file, false}, full_language());
  if (!read.scenario) {
    std::string text;
    for (const Complaint& complaint : read.complaints) {
      text += format_complaint(file.string(), yaml, complaint);
    }
    return usage_error(text);
  }
  return std::move(*read.scenario);
}

}  // namespace faultrig
