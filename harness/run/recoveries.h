#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "harness/load/news.h"
#include "harness/model/plan.h"
#include "harness/run/recorder.h"

namespace faultrig {

// What comes back once a fault has been released: notes the first of each that
// an expectation asks for. Not after fork.
class Recoveries {
 public:
  // Both must outlive it.
  Recoveries(const std::vector<Recovery>& wanted, Recorder& recorder);
  ~Recoveries();
  Recoveries(const Recoveries&) = delete;
  Recoveries& operator=(const Recoveries&) = delete;

  // So many bytes were printed, read or not, when a release began: a line that
  // had begun by then shows nothing.
  struct Printed {
    std::uint64_t out = 0;
    std::uint64_t err = 0;
  };
  void release_begins(Printed before) { begun_ = before; }
  // From now on what is asked for counts as having come back. `read`: so many
  // bytes, where nobody said when the release began, since all stood still.
  void released(FaultId fault, Printed read);
  bool want_lines() const;
  // A line of the workload's output, which began with so many bytes before it:
  // the expressions that waited for it, whole.
  std::vector<std::string> line(std::string_view line, bool is_stdout,
                                std::uint64_t begin);
  // A request has ended.
  void request(const RequestRecord& record);
  // Is there something left that has not come back?
  bool awaited() const;
  // The longest time that may pass from a release to what is asked for.
  std::chrono::nanoseconds longest() const;

 private:
  struct Wait;
  Recorder& recorder_;
  std::optional<Printed> begun_;
  std::vector<std::unique_ptr<Wait>> waits_;
};

}  // namespace faultrig
