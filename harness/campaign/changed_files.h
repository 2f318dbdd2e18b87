#pragma once

#include <filesystem>
#include <set>
#include <string>

#include "harness/model/scenario.h"

namespace faultrig {

// A work tree, and what in it is not as in a revision. All paths are absolute,
// without symbolic links.
struct ChangedFiles {
  std::filesystem::path top;
  std::set<std::filesystem::path> files;    // that changed, came or went
  std::set<std::filesystem::path> tracked;  // all that the revisions may have
};

// What a workload is made from.
struct NeededFiles {
  std::set<std::filesystem::path> packages;  // folders of Go packages
  std::set<std::filesystem::path> below;     // files, and folders with all in
                                             // them
  std::set<std::filesystem::path> files;
  std::string unknown;  // why it may need more; empty: it does not
};

// Adds what go_deps_words() tell: folders, modules, embedded files. Says so
// where git cannot tell whether one of them changed, being outside of the work
// tree, or ignored.
void add_deps(const std::string& listed, const ChangedFiles& changed,
              NeededFiles& needed);

// Adds what else a workload names: the files that its words name, the folder of
// its program. Says so where the program is no file of the revisions, since
// nobody knows what it is made from.
void add_named(const Workload& workload, const ChangedFiles& changed,
               NeededFiles& needed);

// Has any of that changed? A file of a folder without Go files, and what is
// below `testdata`, belongs to the package above it.
bool touches(const ChangedFiles& changed, const NeededFiles& needed);

// Has this file changed, or what a link of this name points to?
bool has_changed(const ChangedFiles& changed,
                 const std::filesystem::path& file);

}  // namespace faultrig
