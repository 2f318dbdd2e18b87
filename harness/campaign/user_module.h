#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/run/session.h"

namespace faultrig {

// A package of a module, so far as its first scenarios ask.
struct ModulePackage {
  std::string path;  // as go takes it in the module's folder: `./cmd/web`
  bool main = false;
  bool tested = false;
  bool networks = false;  // it needs the package net
};

struct UserModule {
  std::filesystem::path root;
  std::vector<ModulePackage> packages;
  std::vector<std::string> exec;  // of a `go test -exec` in its Makefile
};

// A line of `go list` for each: name, numbers of test files inside and outside
// of it, `net` if it needs that, and folder, with tabs between them.
std::vector<ModulePackage> packages_from(const std::string& listed,
                                         const std::filesystem::path& root);

// The words of the first -exec of a `go test` in a Makefile; none where there
// is none, or it has variables of make.
std::vector<std::string> exec_in_makefile(const std::string& text);

// Asks go, aside, about the module that `folder` lies in. A usage error if it
// lies in none; of what go cannot list there are no packages.
Result<UserModule> look_at_module(const std::filesystem::path& folder,
                                  const Session::Options& options);

}  // namespace faultrig
