#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "harness/gostack/goroutines.h"
#include "harness/gostack/unwind.h"
#include "harness/model/go_stack.h"
#include "harness/os/program_file.h"

namespace faultrig {

// What was decoded of program files, kept for all processes of all runs that
// run them.
class ProgramStacks {
 public:
  // Of the file that this process runs, which is `file`. Never null.
  Result<std::shared_ptr<GoStacks>> of(int pid, const ProgramFile& file);
  // The same with all that was decoded of it; nothing in it is null.
  struct Program {
    std::shared_ptr<const Fd> file;
    std::shared_ptr<GoStacks> stacks;
    std::shared_ptr<Goroutines> goroutines;
  };
  Result<Program> program_of(int pid, const ProgramFile& file);
  // The id of the call site of a call with this stack; empty: it has none.
  const std::string& site_of(const std::string& call, const GoStackPtr& stack);
  // Lets go of files that were removed: held open they would fill the disk, and
  // nothing starts them again.
  void forget_removed();

 private:
  std::map<ProgramFile, Program> programs_;
  std::map<std::pair<std::string, GoStackPtr>, std::string> sites_;
};

}  // namespace faultrig
