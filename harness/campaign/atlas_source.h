#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "harness/campaign/sink.h"
#include "harness/campaign/task_source.h"
#include "harness/campaign/worker_body.h"
#include "harness/model/atlas.h"
#include "harness/model/cause.h"

namespace faultrig {

// A row of the atlas for each of some causes, which must outlive it. The sink
// gets them in the order of the table, as far as it goes without a gap.
class AtlasSource : public TaskSource {
 public:
  AtlasSource(const std::vector<const Cause*>& chosen, Sink<AtlasRow>& sink);

  std::optional<Task> next() override;
  void learned(const Task& task, const Result<std::string>& answer) override;
  void take_back(const Task& task) override;
  std::size_t left() const override { return waiting_.size(); }

 private:
  const std::vector<const Cause*>& chosen_;
  Sink<AtlasRow>& sink_;
  std::vector<std::size_t> waiting_;  // indices of chosen_, the last one first
  std::vector<std::optional<AtlasRow>> rows_;
  std::size_t shown_ = 0;
};

// Makes the row that an order asks for: of one of `chosen`, explained by
// `causes`, provoked by the scenarios below `catalogue`. All must outlive it.
Deed atlas_deed(const std::vector<const Cause*>& chosen,
                const std::vector<Cause>& causes,
                const std::filesystem::path& catalogue);

}  // namespace faultrig
