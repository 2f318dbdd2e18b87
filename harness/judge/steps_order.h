#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/judge/finding.h"
#include "harness/model/observation.h"

namespace faultrig {

// Do names come in turn in the steps that goroutines took (Fact::steps_taken),
// on each by itself? Pure.
class StepsOrder {
 public:
  // `names` must outlive us.
  explicit StepsOrder(const std::vector<std::string>& names)
      : names_(names), marked_(names.size()), there_(names.size()) {}

  // Which of the names are marks, and which are there at all: of all steps
  // before the first take().
  void learn(const Observation& steps);
  // `index`: of these steps in the evidence.
  void take(std::size_t index, const Observation& steps);

  // `kept`: where the evidence tells of the traces; `less`: of one that does
  // not hold all.
  Finding finding(const std::vector<std::size_t>& kept,
                  std::optional<std::size_t> less,
                  const Evidence& evidence) const;

 private:
  // How a name stands to a step.
  enum class Match { none, seen, marked };
  Match match_of(const Observation& steps, std::size_t step,
                 std::size_t name) const;
  std::size_t after(std::size_t index, const Observation& steps,
                    std::size_t step, std::size_t next);
  void refuse(std::size_t index, const Observation& steps, std::size_t name,
              Match how);

  const std::vector<std::string>& names_;
  std::vector<bool> marked_;
  std::vector<bool> there_;
  std::int64_t done_ = 0;
  std::vector<std::size_t> cites_;
  std::optional<std::size_t> broken_;
  std::optional<std::size_t> doubtful_;
  std::optional<std::size_t> cut_;
  std::string how_;
};

}  // namespace faultrig
