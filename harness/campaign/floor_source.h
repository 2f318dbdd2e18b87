#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/campaign/site_scenario.h"
#include "harness/campaign/task_source.h"
#include "harness/model/floors.h"
#include "harness/sweep/floor_search.h"

namespace faultrig {

// What is asked for.
struct FloorAsk {
  std::string what;  // `./store`
  SweepTarget target;
  std::vector<const Limit*> limits;  // not null, each once
  // What a run may take at most; one without limits always may.
  std::chrono::nanoseconds most = std::chrono::minutes(5);
};

// The runs that look for floors: some without a limit, then each limit by
// itself, several at a time; at last, with `guard`, all limits together, each a
// little above its floor.
class FloorSource : public TaskSource {
 public:
  // `progress` is told on one line what is being done.
  FloorSource(FloorAsk ask, bool guard,
              std::function<void(const std::string&)> progress);

  std::optional<Task> next() override;
  void learned(const Task& task, const Result<std::string>& answer) override;
  void take_back(const Task& task) override;
  std::size_t left() const override;

  // What is known by now.
  FloorMap map() const;
  const FloorAsk& asked() const { return ask_; }
  // What a run with a limit may take.
  std::chrono::nanoseconds deadline() const;

 private:
  enum class Kind { plain, limit, guard };
  struct Given {
    Kind kind = Kind::plain;
    std::size_t limit = 0;  // of searches_
    std::int64_t value = 0;
  };
  struct Search {
    FloorSearch search;
    std::string trouble;
    // By value: what the last failure there came to.
    std::map<std::int64_t, std::pair<SiteOutcome, std::string>> failed = {};
  };

  std::optional<Given> next_run();
  std::optional<Given> next_limit();
  Result<std::string> yaml_of(const Given& given) const;
  std::string progress_of(const Given& given) const;
  void take_plain(const SiteRun& run);
  void take_limit(const Given& given, const SiteRun& run,
                  const std::vector<Finding>& unmet);
  std::vector<Floor> floors() const;
  bool all_ended() const;

  FloorAsk ask_;
  bool guard_;
  std::function<void(const std::string&)> progress_;
  std::string trouble_;
  int plain_asked_ = 0;
  int guard_asked_ = 0;
  FloorMap guarded_;  // of the guard's runs only
  std::vector<SiteRun> plain_;
  std::vector<Search> searches_;
  std::map<std::size_t, Given> given_;  // by task
  std::size_t numbers_ = 0;
};

// A scenario with all limits of a map a little above their floors, in YAML.
Result<std::string> guard_yaml(const FloorAsk& ask, const FloorMap& map,
                               std::chrono::nanoseconds deadline);

}  // namespace faultrig
