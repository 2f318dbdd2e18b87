// What is made from a file that changed. Wherever that is not clear, it is: a
// scenario that is run for nothing costs its time, one that is not run costs
// what it would have found.
#include "harness/campaign/changed_files.h"

#include <algorithm>
#include <vector>

#include "harness/base/text.h"

namespace faultrig {

namespace fs = std::filesystem;

namespace {

// Of what may be gone, too.
fs::path real_path(const fs::path& path) {
  std::error_code failed;
  fs::path real = fs::weakly_canonical(path, failed);
  return failed ? path.lexically_normal() : real;
}

bool is_below(const fs::path& path, const fs::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end())
             .first == folder.end();
}

bool has_go_files(const fs::path& folder) {
  std::error_code failed;
  for (fs::directory_iterator i(folder, failed), end; !failed && i != end;
       i.increment(failed)) {
    if (i->path().extension() == ".go") {
      return true;
    }
  }
  return false;
}

// `file` is below `package`.
bool belongs_to(const fs::path& file, const fs::path& package) {
  fs::path between = file.parent_path().lexically_relative(package);
  if (std::find(between.begin(), between.end(), "testdata") != between.end()) {
    return true;
  }
  for (fs::path folder = file.parent_path(); folder != package;
       folder = folder.parent_path()) {
    if (has_go_files(folder)) {
      return false;
    }
  }
  return true;
}

// go.mod, what it is summed up in, and the workspace around it.
void add_module(const fs::path& go_mod, NeededFiles& needed) {
  fs::path folder = go_mod.parent_path();
  needed.files.insert(
      {go_mod, folder / "go.sum", folder / "vendor" / "modules.txt"});
  for (; folder.has_relative_path(); folder = folder.parent_path()) {
    needed.files.insert({folder / "go.work", folder / "go.work.sum"});
  }
}

// Each word, and what stands behind its `=`, may be the name of a file or of a
// folder.
void add_words(const std::vector<std::string>& words, const fs::path& folder,
               NeededFiles& needed) {
  for (const std::string& word : words) {
    std::string value = word.substr(word.find('=') + 1);
    for (const std::string& name : {word, value}) {
      if (!name.empty()) {
        needed.below.insert(real_path(folder / name));
      }
    }
  }
}

void add_program(const std::vector<std::string>& command, const fs::path& cwd,
                 const ChangedFiles& changed, NeededFiles& needed) {
  fs::path program = real_path(cwd / command.front());
  bool is_path = command.front().find('/') != std::string::npos;
  if (is_path && changed.tracked.contains(program)) {
    needed.below.insert(program.parent_path());
  } else {
    needed.unknown =
        "nobody knows what " + for_one_line(command.front()) + " is made from";
  }
}

// The files of a submodule are its own: here it is one that is tracked.
bool in_submodule(const ChangedFiles& changed, const fs::path& file) {
  for (fs::path folder = file.parent_path(); folder != changed.top;
       folder = folder.parent_path()) {
    if (changed.tracked.contains(folder)) {
      return true;
    }
  }
  return false;
}

// Is it there, and git says nothing of it?
bool is_ignored(const ChangedFiles& changed, const fs::path& file) {
  std::error_code failed;
  return is_below(file, changed.top) && fs::exists(file, failed) &&
         !changed.tracked.contains(file) && !changed.files.contains(file) &&
         !in_submodule(changed, file);
}

void say_what_is_ignored(const ChangedFiles& changed, NeededFiles& needed) {
  std::set<fs::path> files = needed.files;
  for (const fs::path& package : needed.packages) {
    std::error_code failed;
    for (fs::directory_iterator i(package, failed), end; !failed && i != end;
         i.increment(failed)) {
      if (is_below(package, changed.top) && i->path().extension() == ".go") {
        files.insert(i->path());
      }
    }
  }
  for (const fs::path& file : files) {
    if (is_ignored(changed, file)) {
      needed.unknown = "git ignores " + for_one_line(file.string());
    }
  }
}

}  // namespace

void add_deps(const std::string& listed, const ChangedFiles& changed,
              NeededFiles& needed) {
  fs::path folder;
  for (std::string_view line : lines_of(listed)) {
    std::string_view kind = line.substr(0, line.find(' '));
    std::string_view name = line.substr(std::min(kind.size() + 1, line.size()));
    if (kind == "dir") {
      folder = real_path(name);
      needed.packages.insert(folder);
    } else if (kind == "mod" && !name.empty()) {
      fs::path go_mod = real_path(name);
      add_module(go_mod, needed);
      if (!is_below(go_mod, changed.top)) {
        needed.unknown =
            for_one_line(go_mod.string()) + " lies outside of the work tree";
      }
    } else if (kind == "file") {
      needed.files.insert(real_path(folder / name));
    }
  }
  say_what_is_ignored(changed, needed);
}

void add_named(const Workload& workload, const ChangedFiles& changed,
               NeededFiles& needed) {
  std::vector<std::string> values;
  for (const auto& [name, value] : workload.env) {
    values.push_back(value);
  }
  fs::path folder =
      workload.go_test ? fs::path(workload.go_test->dir) : workload.cwd;
  add_words(values, folder, needed);
  add_words(workload.command, folder, needed);
  if (workload.go_test) {
    add_words(workload.go_test->flags, folder, needed);
    add_words(workload.go_test->args, folder, needed);
    add_words(workload.go_test->exec, folder, needed);
  }
  bool built = workload.service && workload.service->build;
  if (built) {
    add_words(workload.service->build->flags, workload.service->build->dir,
              needed);
  }
  if (!workload.go_test && !built && !workload.command.empty()) {
    add_program(workload.command, folder, changed, needed);
  }
}

bool has_changed(const ChangedFiles& changed, const fs::path& file) {
  std::error_code failed;
  fs::path link = fs::absolute(file, failed).lexically_normal();
  return changed.files.contains(real_path(link.parent_path()) /
                                link.filename()) ||
         changed.files.contains(real_path(link));
}

bool touches(const ChangedFiles& changed, const NeededFiles& needed) {
  return std::any_of(
      changed.files.begin(), changed.files.end(), [&](const fs::path& file) {
        auto holds = [&](const fs::path& folder) {
          return is_below(file, folder);
        };
        // A submodule changes as a whole.
        auto within = [&](const fs::path& path) {
          return is_below(path, file);
        };
        return std::any_of(needed.files.begin(), needed.files.end(), within) ||
               std::any_of(needed.below.begin(), needed.below.end(), holds) ||
               std::any_of(
                   needed.packages.begin(), needed.packages.end(),
                   [&](const fs::path& package) {
                     return within(package) ||
                            (holds(package) && belongs_to(file, package));
                   });
      });
}

}  // namespace faultrig
