#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/campaign/catalogue.h"
#include "harness/model/shard.h"
#include "harness/model/verdict.h"

namespace faultrig {

// `2/5`; or `auto`, what the engine of a CI says in `environment` (NAME=value):
// Slurm, GitLab, Bazel, Buildkite, CircleCI; of a Kubernetes Indexed Job, which
// does not say how many there are, `auto/5`. A usage error for anything else.
Result<Shard> parse_shard(const std::string& text,
                          const std::vector<std::string>& environment);

// What each scenario took, by its name, as an earlier run tells.
using Timings = std::map<std::string, std::chrono::nanoseconds>;
Timings timings_of(const std::vector<Judgement>& earlier);

// The scenarios of this part, in their order. The same entries and timings give
// the same parts on any machine: each is in one of them. Without timings each
// gets as many as the others, neighbours apart; with them, the longest first,
// each goes to the part that has least to do, and one that nobody timed counts
// as the middle one. Fills what `shard` tells of the whole.
std::vector<Entry> part_of(std::vector<Entry> entries, const Timings& timings,
                           Shard& shard);

}  // namespace faultrig
