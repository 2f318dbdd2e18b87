#include "harness/report/merged.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "harness/base/text.h"

namespace faultrig {

namespace {

Result<> fits(const KeptReport& first, const KeptReport& part) {
  auto differ = [&](const std::string& what, const std::string& a,
                    const std::string& b) {
    return usage_error(fmt::format("{} of {} is {}, of {} it is {}", what,
                                   first.file, a, part.file, b));
  };
  if (!part.shard.any()) {
    return usage_error(part.file + " is the report of a whole run, no part");
  }
  if (first.faultrig != part.faultrig) {
    return differ("the version", first.faultrig, part.faultrig);
  }
  if (first.seed != part.seed) {
    return differ("the seed", std::to_string(first.seed),
                  std::to_string(part.seed));
  }
  if (first.shard.of != part.shard.of) {
    return differ("the number of shards", std::to_string(first.shard.of),
                  std::to_string(part.shard.of));
  }
  if (first.shard.set != part.shard.set) {
    return usage_error(first.file + " and " + part.file +
                       " are of different sets of scenarios");
  }
  return Ok{};
}

using Runs = std::map<std::string, std::set<int>>;  // repetitions, by file

// Each part has scenarios of its own, and as many runs of each as the others.
Result<> add_runs(const KeptReport& part, Runs& runs) {
  Runs own;
  for (const Judgement& judgement : part.scenarios) {
    if (!own[judgement.file].insert(judgement.repeat).second) {
      return usage_error(part.file + " has " + judgement.file + " twice");
    }
  }
  for (const auto& [file, repeats] : own) {
    if (!runs.emplace(file, repeats).second) {
      return usage_error(file + " is in " + part.file +
                         " and in another part: they were not shared out by "
                         "the same --timings");
    }
    if (repeats != runs.begin()->second) {
      return usage_error(part.file + " has " + file +
                         " another number of times than the rest");
    }
  }
  return Ok{};
}

Result<> is_whole(const Runs& runs, const Shard& shard) {
  return runs.size() == shard.scenarios
             ? Result<>(Ok{})
             : usage_error(fmt::format(
                   "the parts have {} scenarios of {}: they were not shared "
                   "out by the same --timings",
                   runs.size(), shard.scenarios));
}

void add_chosen(const KeptReport& part, Merged& out) {
  for (const std::string& line : part.chosen) {
    if (std::find(out.chosen.begin(), out.chosen.end(), line) ==
        out.chosen.end()) {
      out.chosen.push_back(line);
    }
  }
}

std::string missing_of(const std::map<int, std::string>& files, int of) {
  std::vector<std::string> missing;
  for (int index = 1; index <= of; ++index) {
    if (files.count(index) == 0) {
      missing.push_back(std::to_string(index));
    }
  }
  return missing.empty() ? ""
                         : fmt::format("{} {} of {} {} missing",
                                       missing.size() == 1 ? "shard" : "shards",
                                       join(missing, ", "), of,
                                       missing.size() == 1 ? "is" : "are");
}

}  // namespace

Result<Merged> merge_reports(const std::vector<KeptReport>& parts) {
  if (parts.empty()) {
    return usage_error("there is no report to merge");
  }
  Merged out;
  out.seed = parts.front().seed;
  out.started = parts.front().started;
  std::map<int, std::string> files;
  Runs runs;
  std::vector<std::string> incomplete;
  for (const KeptReport& part : parts) {
    TRY(fits(parts.front(), part));
    auto [had, fresh] = files.emplace(part.shard.index, part.file);
    if (!fresh) {
      return usage_error(fmt::format("{} and {} are both shard {} of {}",
                                     had->second, part.file, part.shard.index,
                                     part.shard.of));
    }
    TRY(add_runs(part, runs));
    add_chosen(part, out);
    out.started = std::min(out.started, part.started);
    out.took = std::max(out.took, part.took);
    out.scenarios.insert(out.scenarios.end(), part.scenarios.begin(),
                         part.scenarios.end());
    if (!part.cut_short.empty()) {
      incomplete.push_back(
          fmt::format("shard {}: {}", part.shard.index, part.cut_short));
    }
  }
  std::string missing = missing_of(files, parts.front().shard.of);
  if (missing.empty()) {
    TRY(is_whole(runs, parts.front().shard));
  } else {
    incomplete.push_back(missing);
  }
  out.incomplete = join(incomplete, "; ");
  return out;
}

}  // namespace faultrig
