#pragma once

#include <string>

#include "harness/campaign/pool.h"
#include "harness/campaign/sink.h"
#include "harness/cli/live_area.h"

namespace faultrig {

// What a campaign is at, on one line of a live area. For commands whose result
// comes when all is done.
template <typename Made>
class ProgressLine : public Sink<Made> {
 public:
  explicit ProgressLine(const Surroundings& surroundings)
      : area_(surroundings) {}
  void progress(const std::string& what) override {
    what_ = what;
    area_.draw({what_});
  }
  void result(const Made&) override {}
  // Once a second: the same again, for nothing may be drawn for long.
  void tick() {
    if (!what_.empty()) {
      area_.draw({what_});
    }
  }
  void clear() { area_.clear(); }
  // Lets a pool run with this line below it; gives what Pool::run() gives.
  Result<int> run(Pool& pool, const Fd& signals) {
    pool.each_second([this] { tick(); });
    Result<int> signal = pool.run(signals);
    clear();
    return signal;
  }

 private:
  LiveArea area_;
  std::string what_;
};

}  // namespace faultrig
