// The table of layers in docs/architecture.md, as data.

#include <algorithm>
#include <set>

#include <re2/re2.h>

#include "tests/house/checks.h"

namespace house {
namespace {

using Names = std::vector<std::string_view>;

const std::map<std::string_view, Names> kMayInclude = {
    {"base", {"base"}},
    {"model", {"model", "base"}},
    {"shim_os", {"shim_os", "base"}},
    {"shim", {"shim", "shim_os", "base"}},
    {"gostack", {"gostack", "model", "base"}},
    {"crash", {"crash", "model", "base"}},
    {"profile", {"profile", "model", "base"}},
    {"timeline", {"timeline", "model", "base"}},
    {"spans", {"spans", "profile", "model", "base"}},
    {"os", {"os", "shim_os", "base"}},
    {"inject", {"inject", "os", "shim_os", "model", "base"}},
    {"injectors", {"inject", "os", "shim_os", "model", "base"}},
    {"parse", {"parse", "model", "base"}},
    {"sweep", {"sweep", "judge", "model", "base"}},
    {"judge", {"judge", "model", "base"}},
    {"report", {"report", "model", "base"}},
    {"explain", {"explain", "judge", "model", "base"}},
    {"replay", {"replay", "judge", "model", "base"}},
    {"plan", {"plan", "inject", "judge", "model", "base"}},
    {"machine", {"machine", "os", "shim_os", "model", "base"}},
    {"load", {"load", "os", "shim_os", "model", "base"}},
    {"run",
     {"run", "crash", "gostack", "profile", "timeline", "spans", "load",
      "machine", "inject", "os", "shim_os", "model", "base"}},
    {"help", {"help", "model", "base"}},
    {"store", {"store", "os", "shim_os", "model", "base"}},
    {"campaign",
     {"campaign", "sweep", "store", "run", "load", "plan", "report", "explain",
      "replay", "judge", "parse", "inject", "os", "shim_os", "model", "base"}},
    {"lesson",
     {"lesson", "campaign", "store", "run", "plan", "report", "judge", "parse",
      "os", "shim_os", "model", "base"}},
    {"web",
     {"web", "lesson", "campaign", "run", "report", "os", "shim_os", "model",
      "base"}},
    {"cli",
     {"cli",   "web",     "lesson", "campaign", "sweep",   "machine", "help",
      "store", "profile", "run",    "plan",     "report",  "explain", "replay",
      "judge", "parse",   "inject", "os",       "shim_os", "model",   "base"}},
};

struct Library {
  std::string_view prefix;
  Names layers;
  bool one_file = false;  // of each of these layers
};

const std::vector<Library> kLibraries = {
    {"yaml-cpp/", {"parse"}},
    {"seccomp.h", {"os"}, true},
    {"libcgroup", {"os"}, true},
    {"boost/process/", {"os"}, true},
    {"boost/beast/", {"load", "web", "spans"}, true},
    {"boost/", {"os", "load", "web", "spans"}},
    {"openssl/", {"load"}, true},
    {"nghttp2/", {"load"}, true},
    {"protozero/", {"load", "profile", "spans"}, true},
    {"zlib.h", {"profile"}, true},
    {"nlohmann/",
     {"judge", "report", "help", "store", "run", "load", "web", "spans",
      "timeline"}},
    {"CLI/", {"cli"}, true},
    {"re2/", {"judge", "run", "parse", "explain", "load"}},
    {"fmt/",
     {"model", "os", "inject", "injectors", "parse", "judge", "report", "sweep",
      "explain", "replay", "store", "plan", "load", "run", "campaign", "lesson",
      "cli"}},
    {"gtest/", {}},
    {"gmock/", {}},
    {"expected", {}},  // not in both compilers
    {"format", {}},
    {"print", {}},
    {"ranges", {}},
    {"sys/", {"os", "shim_os", "shim"}},
    {"linux/", {"os", "shim_os", "shim"}},
};

// What base needs of the kernel, and where.
const std::map<std::string_view, Names> kBaseExceptions = {
    {"harness/base/fd.cc", {"fcntl.h", "sys/stat.h", "unistd.h"}},
    {"harness/base/wait_status.cc", {"sys/wait.h"}},
};

bool has(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// As written, with its quotes or angles.
std::vector<std::string> includes_of(std::string_view text) {
  return all_matches(text, R"(^\s*#\s*include\s+([<"][^>"]+[>"]))");
}

std::string own_include_trouble(const std::string& layer,
                                std::string_view header) {
  const bool registry = layer == "inject" && header.ends_with(".def");
  if (registry && header == "injectors/injectors.def") {
    return "";
  }
  if (!is_ours(header)) {
    return "is not named from the root";
  }
  const auto row = kMayInclude.find(layer);
  if (row == kMayInclude.end()) {
    return "is included by an unknown layer";
  }
  return has(row->second, layer_of(header)) ? "" : "is beyond the wall";
}

std::string foreign_include_trouble(const std::string& path,
                                    std::string_view header) {
  const std::string layer = layer_of(path);
  const auto exception = kBaseExceptions.find(path);
  if (exception != kBaseExceptions.end() && has(exception->second, header)) {
    return "";
  }
  for (const Library& library : kLibraries) {
    if (header.starts_with(library.prefix)) {
      return has(library.layers, layer) ? "" : "is for other layers";
    }
  }
  const bool kernel = header.ends_with(".h");
  if (kernel && (layer == "base" || is_pure(layer))) {
    return "is the kernel's";
  }
  return "";
}

}  // namespace

Complaints check_includes(const Tree& tree) {
  Complaints complaints;
  for (const auto& [path, text] : tree) {
    if (!is_ours(path) || !is_source(path)) {
      continue;
    }
    for (const std::string& include : includes_of(text)) {
      const auto header =
          std::string_view(include).substr(1, include.size() - 2);
      const std::string trouble =
          include.front() == '"' ? own_include_trouble(layer_of(path), header)
                                 : foreign_include_trouble(path, header);
      if (!trouble.empty()) {
        complaints.push_back(path + ": " + include + " " + trouble);
      }
    }
  }
  return complaints;
}

Complaints check_one_file_for_each_library(const Tree& tree) {
  Complaints complaints;
  for (const Library& library : kLibraries) {
    std::map<std::string, std::set<std::string>> users;  // by layer
    for (const auto& [path, text] : tree) {
      const auto includes = includes_of(text);
      const bool uses = std::any_of(
          includes.begin(), includes.end(), [&](std::string_view include) {
            return include.substr(1).starts_with(library.prefix);
          });
      if (uses && is_ours(path)) {
        users[layer_of(path)].insert(path);
      }
    }
    for (const auto& [layer, files] : users) {
      if (library.one_file && files.size() > 1) {
        complaints.push_back(*files.rbegin() + ": a second file includes <" +
                             std::string(library.prefix) + "...>");
      }
    }
  }
  return complaints;
}

}  // namespace house
