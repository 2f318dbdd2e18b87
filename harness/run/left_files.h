#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "harness/model/observation.h"
#include "harness/model/scenario.h"
#include "harness/run/session.h"

namespace faultrig {

// What a service leaves that speaks of a process which is no more: sockets of
// unix(7), and pid files. A pid file is called `*.pid`, or its first line is
// the number of a process of the service's. All else may be meant to stay:
// data, logs, caches, locks (flock(2)). Not after fork.
//
// Beyond its folder others write too. What lies there is of the service where
// that was seen: a file that was written since and has a number of its
// processes, a socket on which nobody listens and on which it did.
class LeftFiles {
 public:
  // Looks at what is there before it starts: below its folder and what it has
  // around it (`learnt`; empty: nothing), below its TMPDIR (empty: none), and
  // at the paths that its command names in full. Where it has no folder of its
  // own others write there too: of that what the command names.
  LeftFiles(const Workload& workload, const Learnt& learnt);

  // When it has ended and nothing of it is left: a fact for each such file that
  // is new or written since (files_seen, kFileLeft; text: `socket` or `pid
  // file`): in its folders, where its command names it in full, or in the calls
  // of `trace`. Of a socket that the command names it will do that it was not
  // there. Nothing is removed. `pids`: of its processes.
  std::vector<Observation> look(const std::set<std::int64_t>& pids,
                                std::span<const Observation> trace = {}) const;

 private:
  using Found = std::map<std::string, std::filesystem::path>;
  // What is new, or not as it was, by the name that is told.
  void find_changed(const std::filesystem::path& path, const std::string& name,
                    Found& found) const;
  Found changed_inside() const;
  // Of what the command names, and of these.
  Found changed_outside(std::set<std::filesystem::path> others) const;
  bool is_outside(const std::filesystem::path& path) const;

  std::filesystem::path folder_;  // empty: it is no service
  std::filesystem::path top_;     // of its own; empty: it has none
  std::filesystem::path tmp_;
  std::vector<std::filesystem::path> named_;
  std::map<std::string, std::vector<std::int64_t>> before_;  // by path
  std::chrono::nanoseconds since_;                           // of the epoch
};

// The files that the words of a command name in full: of `--unix=/run/x.sock`
// and `unix:/run/x.sock` that one; no folders, and nothing of `http://host/`.
std::vector<std::filesystem::path> files_named_in(
    const std::vector<std::string>& command);

}  // namespace faultrig
