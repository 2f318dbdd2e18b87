// Writable is not delegated: what a user's own systemd starts stands in groups
// that the user owns, yet for one OOM kill anywhere below, systemd stops a unit
// without Delegate= whole (OOMPolicy= in systemd.service(5)), faultrig with it.
// systemd marks the groups of the system's services by extended attributes:
// `user.` ones since version 251, `trusted.` ones, which only root reads, for
// longer. Scopes have no marks, nor has any unit of a user's (252). Those that
// systemd-run makes are files, though, which say what was asked for. A unit
// that a user has installed is one of many files: not looked for, so that it
// counts as withheld.
#include "harness/os/delegation.h"

#include <fcntl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <filesystem>
#include <optional>
#include <sstream>
#include <string_view>

#include "harness/base/fd.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

std::string mark(const std::string& folder, const std::string& name) {
  char value[64];
  for (const char* space : {"user.", "trusted."}) {
    ssize_t size =
        getxattr(folder.c_str(), (space + name).c_str(), value, sizeof value);
    if (size >= 0) {
      return std::string(value, static_cast<std::size_t>(size));
    }
  }
  return "";
}

Delegation by_marks(fs::path at, const fs::path& top) {
  while (mark(at, "delegate") != "1") {
    if (!mark(at, "invocation_id").empty()) {
      return Delegation::withheld;
    }
    if (at == top || !at.has_relative_path()) {
      return Delegation::unknown;
    }
    at = at.parent_path();
  }
  return Delegation::granted;
}

bool delegates(const std::string& unit_file) {
  auto text = read_file(AT_FDCWD, unit_file);
  std::istringstream lines(text ? *text : "");
  bool out = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("Delegate=")) {
      out = line != "Delegate=" && line != "Delegate=no";
    }
  }
  return out;
}

// The unit in .../user@1000.service/app.slice/run-1.scope is the user's.
std::optional<Delegation> by_file(const fs::path& folder,
                                  const std::string& run) {
  constexpr std::string_view kService = ".service";
  std::string of = run;
  std::string unit;
  for (const fs::path& part : folder) {
    std::string name = part.string();
    bool service = name.ends_with(kService);
    if (of == run && service && name.starts_with("user@")) {
      of += "/user/" + name.substr(5, name.size() - 5 - kService.size());
    } else if (service || name.ends_with(".scope")) {
      unit = name;
      break;
    }
  }
  std::string units = of + "/systemd/transient";
  if (unit.empty() || access(units.c_str(), R_OK | X_OK) != 0) {
    return std::nullopt;
  }
  if (delegates(units + "/" + unit)) {
    return Delegation::granted;
  }
  return of == run ? std::nullopt : std::optional(Delegation::withheld);
}

}  // namespace

Delegation delegation_of(const std::string& folder, const std::string& top,
                         const std::string& run) {
  auto told = by_file(folder, run);
  return told ? *told : by_marks(folder, top);
}

}  // namespace faultrig
