#pragma once

#include <string>

namespace faultrig {

// Where a campaign tells what it is at, and what came of it.
template <typename Made>
class Sink {
 public:
  virtual ~Sink() = default;
  // What is being done, on one line.
  virtual void progress(const std::string&) {}
  // A scenario was begun; `repeat` as in Judgement.
  virtual void begun(const std::string&, int) {}
  // What was made, as it comes.
  virtual void result(const Made& made) = 0;
};

}  // namespace faultrig
