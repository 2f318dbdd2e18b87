#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/model/observation.h"
#include "harness/model/scenario.h"

namespace faultrig {

// What a service leaves that speaks of a process which is no more: sockets of
// unix(7), and pid files. A pid file is called `*.pid`, or its first line is
// the number of a process of the service's. All else may be meant to stay:
// data, logs, caches, locks (flock(2)). Not after fork.
class LeftFiles {
 public:
  // Looks at what is there before it starts: below its folder, below its TMPDIR
  // (empty: none), and at the paths that its command names in full. Nothing,
  // where it has no folder of its own: others write there too.
  LeftFiles(const Workload& workload, std::filesystem::path tmp);

  // When it has ended and nothing of it is left: a fact for each such file that
  // is new or written since (files_seen, kFileLeft; text: `socket` or `pid
  // file`). Of those that the command names only what was not there: a socket
  // that nobody listens on, a file with a number of `pids`. Nothing is removed.
  // `pids`: of its processes.
  std::vector<Observation> look(const std::set<std::int64_t>& pids) const;

 private:
  // What is new, or not as it was, by the name that is told.
  std::map<std::string, std::filesystem::path> changed() const;

  std::filesystem::path folder_;
  std::filesystem::path tmp_;
  std::vector<std::filesystem::path> named_;
  std::map<std::string, std::vector<std::int64_t>> before_;  // by path
};

// The files that the words of a command name in full: of `--unix=/run/x.sock`
// and `unix:/run/x.sock` that one; no folders, and nothing of `http://host/`.
std::vector<std::filesystem::path> files_named_in(
    const std::vector<std::string>& command);

}  // namespace faultrig
