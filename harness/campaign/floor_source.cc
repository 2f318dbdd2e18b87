// A cap that nothing has met is `optional` here: above the floor that is what
// one looks for.
#include "harness/campaign/floor_source.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/base/yaml_word.h"
#include "harness/campaign/site_deed.h"
#include "harness/sweep/site_outcome.h"

namespace faultrig {

namespace {

using std::chrono::nanoseconds;

constexpr int kPlain = 3;
constexpr int kGuard = 3;

std::string fault_line(const Limit& limit, std::int64_t value) {
  return fmt::format("- {}: {{max: {}, optional: true}}\n", limit.name,
                     limit.text(value));
}

// Something is to be expected of a run, or it is none.
const std::string kNothing = "expect:\n- leftovers: {at_least: 0}\n";

std::string guard_faults(const std::vector<Floor>& floors) {
  std::string out = "faults:\n";
  for (const Floor& floor : floors) {
    out += fault_line(*floor.limit, floor.guarded());
  }
  return out;
}

std::string first_unmet(const std::vector<Finding>& unmet) {
  return unmet.empty() ? "" : unmet.front().because;
}

// Why it did not pass; empty: it did.
std::string why_not(const SiteRun& run, const std::vector<Finding>& unmet) {
  return run.end != SiteRun::End::passed ? "it " + run.end_text
                                         : first_unmet(unmet);
}

// What a failure under a limit came to. What the kernel kills says no word.
std::pair<SiteOutcome, std::string> outcome_under(
    const Limit& limit, const SiteRun& run, const std::vector<SiteRun>& plain,
    const std::vector<Finding>& unmet) {
  std::string met =
      run.effects == 0 ? "; nothing shows that the limit was met"
      : run.effects == 1
          ? "; the limit took effect once"
          : fmt::format("; the limit took effect {} times", run.effects);
  if (run.end == SiteRun::End::killed) {
    return {SiteOutcome::failed, "it was " + run.end_text + met};
  }
  if (run.end == SiteRun::End::passed) {
    return {SiteOutcome::failed, "it passed, but " + first_unmet(unmet) + met};
  }
  FaultPoint point{.error = limit.error};
  SiteRun seen = run;
  seen.effects = std::max<std::int64_t>(run.effects, 1);
  SiteJudgement judged = site_outcome(seen, plain, CallSite(), point);
  return {judged.outcome, judged.because + met};
}

}  // namespace

FloorSource::FloorSource(FloorAsk ask, bool guard,
                         std::function<void(const std::string&)> progress)
    : ask_(std::move(ask)), guard_(guard), progress_(std::move(progress)) {
  for (const Limit* limit : ask_.limits) {
    searches_.push_back({FloorSearch(*limit), ""});
  }
}

nanoseconds FloorSource::deadline() const {
  return deadline_after(plain_, ask_.most);
}

bool FloorSource::all_ended() const {
  return std::all_of(searches_.begin(), searches_.end(), [](const Search& one) {
    return !one.trouble.empty() || one.search.ended();
  });
}

std::optional<FloorSource::Given> FloorSource::next_limit() {
  for (std::size_t i = 0; i < searches_.size(); ++i) {
    auto value = searches_[i].trouble.empty() ? searches_[i].search.next()
                                              : std::nullopt;
    if (value) {
      return Given{Kind::limit, i, *value};
    }
  }
  return std::nullopt;
}

std::optional<FloorSource::Given> FloorSource::next_run() {
  if (!trouble_.empty()) {
    return std::nullopt;
  }
  if (plain_asked_ < kPlain) {
    ++plain_asked_;
    return Given{Kind::plain};
  }
  if (plain_.size() < kPlain) {
    return std::nullopt;
  }
  if (auto limit = next_limit()) {
    return limit;
  }
  bool known = guard_ && all_ended() && map().is_known();
  if (!known || guard_asked_ == kGuard) {
    return std::nullopt;
  }
  ++guard_asked_;
  return Given{Kind::guard};
}

Result<std::string> FloorSource::yaml_of(const Given& given) const {
  if (given.kind == Kind::plain) {
    return run_yaml(ask_.target, {"", ask_.most, "", kNothing});
  }
  std::string faults =
      given.kind == Kind::guard
          ? guard_faults(floors())
          : "faults:\n" + fault_line(*ask_.limits[given.limit], given.value);
  return run_yaml(ask_.target, {"", deadline(), faults, kNothing});
}

std::string FloorSource::progress_of(const Given& given) const {
  if (given.kind == Kind::plain) {
    return fmt::format("without a limit, {} of {}", plain_asked_, kPlain);
  }
  const Limit* limit =
      given.kind == Kind::limit ? ask_.limits[given.limit] : nullptr;
  return limit == nullptr
             ? fmt::format("all limits, {} of {}", guard_asked_, kGuard)
             : fmt::format("{} {}", limit->name, limit->text(given.value));
}

std::optional<Task> FloorSource::next() {
  auto run = next_run();
  if (!run) {
    return std::nullopt;
  }
  auto yaml = yaml_of(*run);
  if (!yaml) {
    trouble_ = yaml.error().what;
    return std::nullopt;
  }
  progress_(progress_of(*run));
  bool plain = run->kind == Kind::plain;
  std::size_t faults = run->kind == Kind::guard ? searches_.size() : 1;
  given_[numbers_] = *run;
  return Task{numbers_++,
              order_text({plain ? RunKind::recording : RunKind::narrow, *yaml,
                          "", plain ? 0 : faults, true})};
}

void FloorSource::take_plain(const SiteRun& run) {
  plain_.push_back(run);
  if (run.end != SiteRun::End::passed && trouble_.empty()) {
    trouble_ = "without a limit it " +
               (run.trouble.empty() ? run.end_text : run.trouble);
  }
}

void FloorSource::take_limit(const Given& given, const SiteRun& run,
                             const std::vector<Finding>& unmet) {
  Search& search = searches_[given.limit];
  if (!run.trouble.empty()) {
    search.trouble = run.trouble;
    return;
  }
  bool passed = why_not(run, unmet).empty();
  if (!passed) {
    search.failed[given.value] =
        outcome_under(*ask_.limits[given.limit], run, plain_, unmet);
  }
  search.search.learned(given.value, passed);
}

void FloorSource::learned(const Task& task, const Result<std::string>& answer) {
  Given given = given_.extract(task.number).mapped();
  auto [seen, unmet] = read_answer(answer);
  if (given.kind == Kind::plain) {
    take_plain(seen);
  } else if (given.kind == Kind::limit) {
    take_limit(given, seen, unmet);
  } else {
    std::string why =
        seen.trouble.empty() ? why_not(seen, unmet) : seen.trouble;
    ++guarded_.guard_tries;
    guarded_.guard_passes += why.empty() ? 1 : 0;
    guarded_.guard_because = why.empty() ? guarded_.guard_because : why;
  }
}

void FloorSource::take_back(const Task& task) {
  Given given = given_.extract(task.number).mapped();
  if (given.kind == Kind::plain) {
    --plain_asked_;
  } else if (given.kind == Kind::guard) {
    --guard_asked_;
  } else {
    searches_[given.limit].search.take_back(given.value);
  }
}

std::size_t FloorSource::left() const {
  return trouble_.empty() && !all_ended() ? searches_.size() : 0;
}

std::vector<Floor> FloorSource::floors() const {
  std::vector<Floor> out;
  for (std::size_t i = 0; i < searches_.size(); ++i) {
    const Search& search = searches_[i];
    Floor floor = search.search.floor();
    floor.trouble = search.trouble.empty() ? floor.trouble : search.trouble;
    auto below =
        floor.below ? search.failed.find(*floor.below) : search.failed.end();
    if (below != search.failed.end()) {
      std::tie(floor.outcome, floor.because) = below->second;
    }
    // The least there is, and it still passes.
    if (floor.trouble.empty() && !floor.below) {
      floor.outcome = SiteOutcome::handled;
      floor.because = "it passes with the least that can be asked for";
    }
    out.push_back(std::move(floor));
  }
  return out;
}

FloorMap FloorSource::map() const {
  FloorMap out = guarded_;
  out.what = ask_.what;
  out.trouble = trouble_;
  if (trouble_.empty() && plain_.size() < kPlain) {
    out.trouble = "it was ended before it was run without a limit";
  }
  if (!plain_.empty()) {
    out.plain = plain_.back().took;
  }
  if (out.trouble.empty()) {
    out.floors = floors();
  }
  return out;
}

Result<std::string> guard_yaml(const FloorAsk& ask, const FloorMap& map,
                               nanoseconds deadline) {
  std::vector<std::string> told;
  for (const Floor& floor : map.floors) {
    told.push_back(fmt::format("{} {} (floor {})", floor.limit->name,
                               floor.limit->text(floor.guarded()),
                               floor.text()));
  }
  std::string about =
      "It passes with little: " + join(told, ", ") +
      ", each floor found by itself and a quarter added. Red: it needs more "
      "now.";
  std::string link = ask.target.command.empty() ? ask.target.link : "command";
  return run_yaml(ask.target, {"about: " + yaml_word(for_one_line(about)) +
                                   "\ntags: [floors]\n",
                               deadline, guard_faults(map.floors),
                               "expect:\n- " + link + ": {exited: 0}\n"});
}

}  // namespace faultrig
