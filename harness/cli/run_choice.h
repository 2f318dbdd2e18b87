#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/campaign/budget.h"
#include "harness/campaign/excuses.h"
#include "harness/campaign/shard.h"
#include "harness/cli/arguments.h"

namespace faultrig {

// Which of the scenarios that were found are run now, and in which order:
// --rerun, --changed-since, --shard, --timings, --budget; and which of them may
// fail:
// --baseline, --quarantine.
class RunChoice {
 public:
  void declare(Arguments& arguments);
  // As Command::wrong().
  std::string wrong() const;
  // What is left of them, which may be none. `environment` as in Surroundings.
  Result<std::vector<Entry>> choose(
      std::vector<Entry> entries, const std::vector<std::string>& environment);
  // What is known, and not red: --baseline, --quarantine.
  Result<Excuses> excuses() const;
  // The files that say so.
  std::vector<std::filesystem::path> excusing() const;
  // The part that this is; known after choose().
  const Shard& shard() const { return shard_; }
  const Budget& budget() const { return budget_; }
  // What --rerun and --changed-since left, a line each, for reports.
  const std::vector<std::string>& chosen() const { return chosen_; }

 private:
  Result<std::vector<Entry>> part_in_order(
      std::vector<Entry> entries, const std::vector<std::string>& environment);

  std::string rerun_;
  std::string since_;
  std::string shard_text_;
  std::string timings_;
  std::string baseline_;
  std::string quarantine_;
  Budget budget_;
  Shard shard_;
  std::vector<std::string> chosen_;
};

}  // namespace faultrig
