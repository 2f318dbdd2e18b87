#pragma once

#include <string>

#include "harness/base/text.h"
#include "harness/campaign/sink.h"
#include "harness/cli/command.h"
#include "harness/cli/printing.h"

namespace faultrig {

// What a campaign is at, on one line of a terminal's stderr that is drawn anew;
// nothing elsewhere. For commands whose result comes when all is done.
template <typename Made>
class ProgressLine : public Sink<Made> {
 public:
  explicit ProgressLine(const Surroundings& surroundings)
      : shown_(surroundings.stderr_is_terminal && !surroundings.in_ci) {}
  void progress(const std::string& what) override {
    if (shown_) {
      complain("\r\x1b[K" + for_one_line(what).substr(0, 78));
    }
  }
  void result(const Made&) override {}
  void clear() const { complain(shown_ ? "\r\x1b[K" : ""); }

 private:
  bool shown_;
};

}  // namespace faultrig
