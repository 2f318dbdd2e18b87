#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/crash/file_tree.h"
#include "harness/model/crash.h"
#include "harness/os/scratch.h"
#include "harness/run/live_run.h"

namespace faultrig {

// Whose `recover` is run, and where.
struct RecoverTools {
  Session& session;
  const Plan& plan;
  const FirstLink& first;
  Needs& needs;
};

// What may be in a folder when power goes.
struct CrashTry {
  FileTree tree;
  std::string printed;  // by then
  std::string kind;
  std::string text;
  std::string lacks;  // the first thing that was written and is not there
};

// Runs `recover` on what a crash may have left, each in a folder of its own,
// and keeps what came of it, and some bad ones as they were before. Borrows
// all it is made of. Not after fork.
class CrashTries {
 public:
  CrashTries(const RecoverTools& tools, const CrashFolder& asked);

  // Of what is there and no other state.
  std::vector<Observation> run_as_left(const std::string& printed);
  // The same where that stands elsewhere.
  std::vector<Observation> run_on(const FileTree& tree,
                                  const std::string& printed);

  // False: it could not be laid out, which is told.
  bool try_state(const CrashTry& state);
  // Something else could not be done.
  void fail(const std::string& why);
  // `the recover command was run on 3 ARE, 2 of which ...; HOW`, where one
  // lacked something.
  void tell_effect(const std::string& are, const std::string& how);

  std::vector<Observation> told() { return std::move(told_); }
  // The folders that are kept, as in Evidence::Parts.
  std::map<std::string, std::string> files() { return std::move(files_); }

 private:
  // Where one state is, and how `recover` is to see it.
  struct Place {
    TempDir folder;
    FirstLink link;
  };
  Result<Place> place_of(const FileTree& tree, const std::string& printed);
  Result<Place> place_with(const std::string& printed);
  std::vector<Observation> run_in(Result<Place> place);
  Result<> mirror(const std::string& path, const FileTree& tree, Place& out);
  Observation about(Fact fact) const;
  std::string keep(const FileTree& tree, int number, const std::string& kind);

  const RecoverTools& tools_;
  const CrashFolder& asked_;
  std::vector<Observation> told_;
  std::map<std::string, std::string> files_;
  std::set<std::pair<std::string, std::int64_t>> kept_;
  std::set<std::int64_t> ends_;
  int tried_ = 0;
  int lacking_ = 0;
};

}  // namespace faultrig
