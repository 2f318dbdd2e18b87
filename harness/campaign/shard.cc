// A part is found without a word between the machines: each computes all parts
// from the same names, and takes its own.
#include "harness/campaign/shard.h"

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/base/whole_number.h"

namespace faultrig {

namespace {

using std::chrono::nanoseconds;

// How an engine says which part this is, and of how many.
struct Engine {
  std::string_view index;
  std::string_view of;
  int first = 0;            // the index of the first part
  std::string_view lowest;  // a variable that has that instead
};

constexpr std::array<Engine, 5> kEngines{
    {{"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", 0,
      "SLURM_ARRAY_TASK_MIN"},
     {"CI_NODE_INDEX", "CI_NODE_TOTAL", 1, ""},
     {"TEST_SHARD_INDEX", "TEST_TOTAL_SHARDS", 0, ""},
     {"BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT", 0, ""},
     {"CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL", 0, ""}}};
// A Kubernetes Indexed Job.
constexpr std::string_view kCompletionIndex = "JOB_COMPLETION_INDEX";

std::optional<int> number_from(std::string_view text) {
  auto number = whole_number<int>(text);
  return number.value_or(-1) >= 0 ? number : std::nullopt;
}

std::optional<int> variable(const std::vector<std::string>& environment,
                            std::string_view name) {
  for (const std::string& entry : environment) {
    if (entry.starts_with(name) && entry.size() > name.size() &&
        entry[name.size()] == '=') {
      return number_from(std::string_view(entry).substr(name.size() + 1));
    }
  }
  return std::nullopt;
}

Result<Shard> checked(int index, int of, const std::string& text) {
  if (of < 1 || index < 1 || index > of) {
    return usage_error(fmt::format("--shard {}: there is no part {} of {}",
                                   for_one_line(text), index, of));
  }
  Shard out;
  out.index = index;
  out.of = of;
  return out;
}

Result<Shard> from_engine(const std::vector<std::string>& environment) {
  for (const Engine& engine : kEngines) {
    auto index = variable(environment, engine.index);
    auto of = variable(environment, engine.of);
    if (index && of) {
      int first = engine.lowest.empty()
                      ? engine.first
                      : variable(environment, engine.lowest).value_or(0);
      return checked(*index - first + 1, *of, "auto");
    }
  }
  return usage_error(
      "--shard auto: no engine says which part this is; --shard I/N does, and "
      "auto/N in an Indexed Job of Kubernetes");
}

// The middle of what is known, for what is not.
nanoseconds middle_of(const Timings& timings) {
  std::vector<nanoseconds> all;
  all.reserve(timings.size());
  for (const auto& [name, took] : timings) {
    all.push_back(took);
  }
  std::sort(all.begin(), all.end());
  return all.empty() ? nanoseconds(1) : all[all.size() / 2];
}

std::uint64_t mixed_with(std::uint64_t mix, const std::string& text) {
  for (unsigned char letter : text) {
    mix = mixed(mix, letter);
  }
  return mixed(mix, text.size());
}

// Names, what stands in the files, and the timings: who has others shares out
// otherwise, and a scenario may be in no part.
std::string set_of(const std::vector<Entry>& entries, const Timings& timings) {
  std::uint64_t mix = mixed(entries.size(), timings.size());
  for (const Entry& entry : entries) {
    mix = mixed_with(mixed_with(mix, entry.plan.scenario.name), entry.yaml);
  }
  for (const auto& [name, took] : timings) {
    mix =
        mixed(mixed_with(mix, name), static_cast<std::uint64_t>(took.count()));
  }
  return fmt::format("{:016x}", mix);
}

// The part of each entry, from 0.
std::vector<std::size_t> parts_by_time(const std::vector<Entry>& entries,
                                       const Timings& timings,
                                       std::size_t parts) {
  nanoseconds middle = middle_of(timings);
  std::vector<std::pair<nanoseconds, std::size_t>> longest;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    auto known = timings.find(entries[i].plan.scenario.name);
    longest.emplace_back(known == timings.end() ? middle : known->second, i);
  }
  std::stable_sort(
      longest.begin(), longest.end(),
      [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<nanoseconds> load(parts);
  std::vector<std::size_t> out(entries.size());
  for (const auto& [took, entry] : longest) {
    auto least = std::min_element(load.begin(), load.end());
    *least += took;
    out[entry] = static_cast<std::size_t>(least - load.begin());
  }
  return out;
}

std::vector<std::size_t> parts_in_turn(std::size_t entries, std::size_t parts) {
  std::vector<std::size_t> out(entries);
  for (std::size_t i = 0; i < entries; ++i) {
    out[i] = i % parts;
  }
  return out;
}

}  // namespace

Result<Shard> parse_shard(const std::string& text,
                          const std::vector<std::string>& environment) {
  if (text == "auto") {
    return from_engine(environment);
  }
  std::string_view rest = text;
  std::string_view index = rest.substr(0, rest.find('/'));
  rest.remove_prefix(std::min(index.size() + 1, rest.size()));
  auto of = number_from(rest);
  if (of && index == "auto") {
    auto completion = variable(environment, kCompletionIndex);
    return completion
               ? checked(*completion + 1, *of, text)
               : usage_error("--shard " + text + ": " +
                             std::string(kCompletionIndex) + " is not set");
  }
  auto number = number_from(index);
  return number && of ? checked(*number, *of, text)
                      : usage_error("--shard " + for_one_line(text) +
                                    ": expected I/N, auto or auto/N");
}

Timings timings_of(const std::vector<Judgement>& earlier) {
  Timings out;
  for (const Judgement& judgement : earlier) {
    if (judgement.apart.not_run.empty()) {
      out[judgement.scenario] += judgement.took;
    }
  }
  return out;
}

std::vector<Entry> part_of(std::vector<Entry> entries, const Timings& timings,
                           Shard& shard) {
  auto parts = static_cast<std::size_t>(shard.of);
  shard.scenarios = entries.size();
  shard.set = set_of(entries, timings);
  std::vector<std::size_t> part = timings.empty()
                                      ? parts_in_turn(entries.size(), parts)
                                      : parts_by_time(entries, timings, parts);
  std::vector<Entry> out;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (part[i] + 1 == static_cast<std::size_t>(shard.index)) {
      out.push_back(std::move(entries[i]));
    }
  }
  return out;
}

}  // namespace faultrig
