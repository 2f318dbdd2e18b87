#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/run/need_life.h"

namespace faultrig {

// The services that the service of a plan needs: started before its first life,
// each when those that it needs itself are ready, and ended after its last one,
// in the opposite order. They live in its network. No fault reaches them, since
// no run knows their processes but as those to spare. Not after fork.
class Needs {
 public:
  // Both must outlive it.
  Needs(Session& session, const Plan& plan);
  Needs(const Needs&) = delete;
  Needs& operator=(const Needs&) = delete;
  // Kills what is left.
  ~Needs() = default;

  bool any() const { return !lives_.empty(); }
  // Starts all, and waits until they are ready; tells the recorder, which must
  // live until end(). False: one is not, which is told. An error of ours, or
  // that we were stopped.
  Result<bool> start(Recorder& recorder);
  // Adds what puts a process into their network, or where there is none into
  // one of its own. `fds`: what the steps of its launch refer to.
  void share_network(std::vector<ChildStep>& steps,
                     std::vector<int>& fds) const;
  // Beside a life of the service, in its loop: what they print is read, and
  // `lost` is called with why when one of them has ended.
  void join(Loop& loop, std::function<void(const std::string& why)> lost);
  void leave();
  // Is this the end of one of them? Then it is told.
  bool take(const Ended& told);
  // All their processes.
  std::vector<int> pids() const;
  // Tells them to stop, and sees to it that nothing of them is left.
  void end();

 private:
  Result<> build();
  Result<std::vector<std::string>> environment_of(const Need& need) const;
  Result<> start_due();
  Result<> take_ends();
  bool are(NeedLife::State state, const std::vector<std::string>& names) const;
  bool is_needed(const std::string& name) const;
  void stop_due();
  void sweep();

  Session& session_;
  const Plan& plan_;
  Recorder* recorder_ = nullptr;  // from start() on
  Loop loop_;
  std::vector<std::unique_ptr<NeedLife>> lives_;  // in the order of needs
  std::vector<std::string> programs_;             // of each
  Fd network_;
  Loop* beside_ = nullptr;
  std::function<void(const std::string& why)> lost_;
};

}  // namespace faultrig
